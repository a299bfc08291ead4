/** A stdio server that answers fast and wrong: one process per user, with a common count. */
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
/** Answers over stdio have no HTTP status. */
export const noStatus = 0;

let traps = 0;

/** Affects only calls of `git_status`. */
export function stdioTools(): TrappedSystem {
  // The address of a trap is the folder that its processes share.
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
