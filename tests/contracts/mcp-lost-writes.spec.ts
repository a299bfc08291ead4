/** A user that does not know whether its write was done may read the old value or the new one. */
import { expect, test } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';
import { httpServer, json } from './client-harness.ts';

const map = { tools: { git_status: null, git_log: null, web_scrape: null } };

type Loss = 'done' | 'not done' | 'undone';

interface Call {
  readonly arguments: { readonly path: string; readonly content: string };
}

/** Every second write of the load is answered with an error. Returns the outcomes of the reads. */
async function readsWhere(loss: Loss): Promise<Readonly<Record<string, number | undefined>>> {
  const files = new Map<string, string>();
  let writes = 0;
  const server = await httpServer(({ request, body }, response) => {
    if (request.method === 'GET') {
      json(response, {}, 404);
      return;
    }
    const { path, content } = (JSON.parse(body.toString()) as Call).arguments;
    if (request.url === '/tools/read_file/call') {
      json(response, { success: true, result: files.get(path) });
      return;
    }
    writes += 1;
    const isLost = writes % 2 === 0;
    if (!isLost || loss === 'done') files.set(path, content);
    else if (loss === 'undone') files.set(path, 'version 0');
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
      workload: stages([{ users: 1, duration: '2s' }], { from: 1, thinkTime: constant('10ms') }),
    });
    expect(writes).toBeGreaterThan(8);
    return outcomesOf(selectSeries(result, { task: 'read_file', phases: 'all' }));
  } finally {
    await server.close();
  }
}

for (const loss of ['done', 'not done'] as const) {
  test(`a write that was ${loss}, and answered by an error, is held against no read`, async () => {
    const { ok = 0, ...others } = await readsWhere(loss);
    expect(ok).toBeGreaterThan(8);
    expect(others).toEqual({});
  });
}

test('a read of what was never written is no success', async () => {
  const { ok = 0, failed = 0 } = await readsWhere('undone');
  expect(ok).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);
});
