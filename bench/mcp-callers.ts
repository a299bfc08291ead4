/** One round of one MCP client, in a separate process: 20 callers of one tool, and the cost of a call. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { mcpUser } from './mcp-user.ts';
import { engineRun } from './engine-run.ts';
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { users } from '../load/workload/users.ts';
import { tellParent } from './child.ts';

const callers = 20;
const warmUpMs = 2000;
const durationMs = 4000;

export interface CallCost {
  readonly calls: number;
  /** User and system time of the process, all its threads, in ms. */
  readonly cpuMsPerCall: number;
}

type Call = (url: string, forMs: number) => Promise<number>;

/** The whole engine: virtual users, wire client, recorder. */
const wire: Call = async (url, forMs) => {
  const workload = users({ count: callers, spawnRate: 1e6, duration: forMs });
  const result = await engineRun({ url, user: mcpUser(), workload }).run();
  const { ok = 0, ...others } = outcomesOf(
    selectSeries(result, { task: 'read_file', phases: 'all' }),
  );
  if (Object.keys(others).length > 0) throw new Error(`wire: ${JSON.stringify(others)}`);
  return ok;
};

/** The official client alone, without measuring or recording. */
const official: Call = async (url, forMs) => {
  const endMs = performance.now() + forMs;
  const counts = Array.from({ length: callers }, async () => {
    // Sessions, the default. This client's work for a call is the same in both forms of the protocol.
    const client = new Client({ name: 'bench', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url)));
    let count = 0;
    while (performance.now() < endMs) {
      const { isError } = await client.callTool({
        name: 'read_file',
        arguments: { path: 'some/file.txt' },
      });
      if (isError === true) throw new Error('official: a tool error');
      count += 1;
    }
    await client.close();
    return count;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

async function measure(call: Call, url: string): Promise<CallCost> {
  await call(url, warmUpMs);
  const before = process.cpuUsage();
  const calls = await call(url, durationMs);
  const { user, system } = process.cpuUsage(before);
  return { calls, cpuMsPerCall: (user + system) / 1000 / calls };
}

const [name = '', url = ''] = process.argv.slice(2);
await tellParent(() => measure(name === 'official' ? official : wire, url));
