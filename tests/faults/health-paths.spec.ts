/** Where each system says that it is up is its team's to declare, in one way for all of them. */
import { httpServer, json } from '../contracts/client-harness.ts';
import { expect, test } from './suite-run.ts';

const systems = [
  ['API_GATEWAY', 'API_GATEWAY', '/v1/models'],
  ['HEALTH_AGENT', 'HEALTH_AGENT', '/api/v1/chat'],
  ['MCP_SERVER', 'MCP', '/mcp'],
  ['QUERY_GATEWAY', 'QUERY_GATEWAY', '/v1/query-classify'],
  ['RAG_SERVICE', 'RAG_SERVICE', '/index'],
  ['RESOURCE_AGENT', 'RESOURCE_AGENT', '/system/metrics'],
] as const;

for (const [declared, asked] of [
  ['/up', systems.map(() => '/up')],
  ['none', systems.map(([, , firstTask]) => firstTask)],
] as const) {
  test(`${declared}: what each of the six is asked first`, async ({ run }) => {
    const server = await httpServer((_, response) => {
      json(response, { error: 'nothing is here' }, 404);
    });
    const settings = systems.flatMap(([system, stem]) => [
      [`${system}_URL`, server.url] as const,
      [`${stem}_HEALTH`, declared] as const,
    ]);
    const { code } = await run({
      words: ['--project=smoke'],
      settings: Object.fromEntries(settings),
    });
    await server.close();
    expect(code).toBe(1);
    // An MCP server is asked twice: once for each era of the protocol.
    const first = server.seen
      .map(({ request }) => request.url!)
      .filter((path, i, all) => {
        return declared !== 'none' || path !== all[i - 1];
      });
    expect(first).toEqual(asked);
  });
}
