/** MCP servers that `npx` starts end with the load, however it ends (fault matrix, 58). */
import { isRunning, killAll, repository } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

const shown = { annotation: fault(58) };
const settings = {
  MCP_SERVER_COMMAND: `npx tsx ${repository}tests/faults/stubborn-server.ts`,
  LOAD_USERS: '2',
  LOAD_SPAWN_RATE: '10/s',
  LOAD_THINK: '50ms',
};
const words = ['--project=custom', 'mcp-server'];

test('kill -9 of runner and worker: none of their servers is left', shown, async ({ startRun }) => {
  const run = startRun({ words, settings: { ...settings, LOAD_DURATION: '5m' } });
  await run.untilSent(5);
  const tree = run.processes();
  const servers = tree.filter(({ command }) => command.includes('stubborn-server.ts'));
  const [npx] = servers;
  const worker = tree.find(({ pid }) => pid === npx?.parent);
  // The server itself is a child of a child of `npx`.
  expect(servers.length, 'processes of two servers').toBeGreaterThan(4);
  await killAll([run.pid, worker!.pid]);
  await run.untilGone();
  expect(servers.filter(({ pid }) => isRunning(pid))).toEqual([]);
});
