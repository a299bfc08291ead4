/**
 * Checks each of the six systems at the given address, as before a load, in a separate process, since
 * users read the environment when they are created.
 */
import { checkTarget } from '../../fixtures/check-target.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { healthPath } from '../../load/settings/system-variables.ts';
import { wholeLoad } from '../../load/workload/slice.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { contractSystems } from '../contracts/contract-systems.ts';

const url = JSON.parse(process.argv[2] ?? '') as string;
const workload = users({ count: 1, spawnRate: 10, duration: '1s' });
const newClients = httpClients({ allowedHosts: [] });
const identity = { testId: 'asking-first', runId: 'run', title: '', scenario: 'smoke', level: '1' };

const mcpUser = mcpServerUser(mcpSettings(process.env)) as unknown as UserDefinition;

for (const [name, { system, user: one }] of Object.entries(contractSystems)) {
  if (name !== system) continue;
  const own = system === 'mcp-server' ? mcpUser : one;
  const health = own.health === undefined ? undefined : healthPath(system, own.health);
  const user: UserDefinition = { ...own, health };
  const target = {
    system,
    url,
    kind: 'real',
    key: undefined,
    stop: () => Promise.resolve(),
  } as const;
  const request = {
    streams: [{ name: 'users', user, workload, judged: true }],
    identity: { ...identity, system },
    target,
    newClients,
    budgets: [],
    seed: 1,
    slice: wholeLoad,
    timeScale: 1,
    shortened: true,
    flags: [],
  };
  // The address has only a server that knows no path.
  await checkTarget(target, request).catch(() => undefined);
}
process.send?.('asked');
