/** Where each system says that it is up is its team's to declare, in one way for all of them. */
import { httpServer, json } from '../contracts/client-harness.ts';
import { expect, test } from './suite-run.ts';

/** Every second one declares a path and the others `none`, in the first run; in the second, the reverse. */
const systems = [
  ['API_GATEWAY', '/v1/models'],
  ['HEALTH_AGENT', '/api/v1/chat'],
  ['MCP_SERVER', '/mcp'],
  ['QUERY_GATEWAY', '/v1/query-classify'],
  ['RAG_SERVICE', '/index'],
  ['RESOURCE_AGENT', '/system/metrics'],
] as const;

test('what each of the six is asked first: what it declares, or with `none` its first task', async ({
  run,
}) => {
  const asked = [0, 1].map(async (odd) => {
    const server = await httpServer((_, response) => {
      json(response, { error: 'nothing is here' }, 404);
    });
    const isNone = (i: number): boolean => i % 2 === odd;
    const settings = systems.flatMap(([system], i) => [
      [`${system}_URL`, server.url] as const,
      [`${system}_HEALTH`, isNone(i) ? 'none' : '/up'] as const,
    ]);
    const { code } = await run({
      words: ['--project=smoke'],
      settings: Object.fromEntries(settings),
    });
    await server.close();
    expect(code).toBe(1);
    const paths = server.seen.map(({ request }) => request.url);
    // An MCP server is asked twice: once for each era of the protocol.
    const once = paths.filter((path, i) => path !== '/mcp' || paths[i - 1] !== path);
    expect(once).toEqual(systems.map(([, task], i) => (isNone(i) ? task : '/up')));
  });
  await Promise.all(asked);
});
