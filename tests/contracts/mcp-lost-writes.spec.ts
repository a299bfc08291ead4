/** A user that does not know whether its write was done may read the old value or the new one. */
import { expect, test } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';
import { httpServer, json } from './client-harness.ts';

const map = { tools: { git_status: null, git_log: null, web_scrape: null } };

/** The content that a lost write leaves, and no user ever wrote. */
const undone = 'version 0';

type Loss = 'done' | 'not done' | 'undone';

interface Call {
  readonly arguments: { readonly path: string; readonly content: string };
}

const enough = 10;

/**
 * Every second write of the load is answered with an error. The load ends when the server has seen
 * `enough` writes and reads. Returns the outcomes of the reads.
 */
async function readsWhere(loss: Loss): Promise<Readonly<Record<string, number | undefined>>> {
  const files = new Map<string, string>();
  let run: LoadRun | undefined;
  let writes = 0;
  const reads = { kept: 0, undone: 0 };
  const server = await httpServer(({ request, body }, response) => {
    if (request.method === 'GET') {
      json(response, {}, 404);
      return;
    }
    const { path, content } = (JSON.parse(body.toString()) as Call).arguments;
    const seen = [writes, reads.kept, ...(loss === 'undone' ? [reads.undone] : [])];
    if (Math.min(...seen) >= enough) run?.stop({ cause: 'completed', detail: 'all was seen' });
    if (request.url === '/tools/read_file/call') {
      reads[files.get(path) === undone ? 'undone' : 'kept'] += 1;
      json(response, { success: true, result: files.get(path) });
      return;
    }
    writes += 1;
    const isLost = writes % 2 === 0;
    if (!isLost || loss === 'done') files.set(path, content);
    else if (loss === 'undone') files.set(path, undone);
    json(response, isLost ? { error: 'gone' } : { success: true, result: 1 }, isLost ? 504 : 200);
  });
  const user = mcpServerUser({
    ...mcpSettings({ MCP_SERVER_TRANSPORT: 'rest', MCP_SERVER_HEALTH: 'none' }),
    map,
  });
  const { read_file, write_file } = user.tasks;
  try {
    const { result } = await runForReal({
      url: server.url,
      user: { ...user, tasks: { read_file, write_file } } as unknown as UserDefinition,
      workload: stages([{ users: 1, duration: '60s' }], { from: 1, thinkTime: constant('10ms') }),
      during: (begun) => (run = begun),
    });
    return outcomesOf(selectSeries(result, { task: 'read_file', phases: 'all' }));
  } finally {
    await server.close();
  }
}

for (const loss of ['done', 'not done'] as const) {
  test(`a write that was ${loss}, and answered by an error, is held against no read`, async () => {
    const { ok = 0, ...others } = await readsWhere(loss);
    expect(ok).toBeGreaterThanOrEqual(enough);
    expect(others).toEqual({});
  });
}

test('a read of what was never written is no success', async () => {
  const { ok = 0, failed = 0 } = await readsWhere('undone');
  expect(ok).toBeGreaterThanOrEqual(enough);
  expect(failed).toBeGreaterThanOrEqual(enough);
});
