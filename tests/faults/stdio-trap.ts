/** A server on stdio that answers fast and wrong: a process for each user, one count for all of them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import type { McpSettings } from '../../load/systems/mcp-server/settings.ts';
import type { UserContext, UserDefinition } from '../../load/user/define-user.ts';
import type { TrappedSystem } from './trapped.ts';

const server = fileURLToPath(new URL('./stdio-trap-server.ts', import.meta.url));
const withoutArguments = { arguments: { repo_path: null }, values: {} };
const others = { read_file: null, write_file: null, git_log: null, web_scrape: null };
/** What such a server answers has no status of HTTP. */
export const noStatus = 0;

let traps = 0;

/** Calls of `git_status`, and no other tool. */
export function stdioTools(): TrappedSystem {
  // The address of a trap is the folder in which its children find each other.
  const settings = (command: readonly string[]): McpSettings => ({
    transport: 'stdio',
    protocol: 'auto',
    endpoint: '',
    health: undefined,
    command,
    map: { tools: { ...others, git_status: withoutArguments } },
  });
  const commands = new Map<string, readonly string[]>();
  const whole = mcpServerUser(settings([])) as unknown as UserDefinition;
  const onStart = (context: UserContext<unknown>) => {
    const command = commands.get(context.target.url) ?? [];
    const user = mcpServerUser(settings(command)) as unknown as UserDefinition;
    return user.onStart?.(context);
  };
  return {
    users: [{ ...whole, onStart }],
    task: 'git_status',
    checks: 1,
    open: (faults, after) => {
      const name = `loadwright-trap-${process.pid}-${(traps += 1)}`;
      const folder = join(tmpdir(), name);
      mkdirSync(folder);
      const calls = join(folder, 'calls');
      writeFileSync(calls, '');
      const url = `stdio://localhost/${name}`;
      const run = ['--import', 'tsx/esm', server, folder, faults, String(after)];
      commands.set(url, [process.execPath, ...run]);
      return Promise.resolve({
        url,
        answered: () => Promise.resolve({ [noStatus]: readFileSync(calls).length }),
        close: () => {
          rmSync(folder, { recursive: true });
          return Promise.resolve();
        },
      });
    },
  };
}
