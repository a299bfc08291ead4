/** A team can declare the health endpoint of each system, in the same way for all. */
import { expect, test } from '@playwright/test';
import { httpServer, json } from '../contracts/client-harness.ts';
import { endChild, messageFrom, startChild } from '../instrument/child.ts';

/** Every second system declares a path and the others `none` in the first run; the reverse in the second. */
const systems = [
  ['api-gateway', 'API_GATEWAY_HEALTH', '/v1/models'],
  ['rag-service', 'RAG_SERVICE_HEALTH', '/index'],
  ['mcp-server', 'MCP_SERVER_HEALTH', '/mcp'],
  ['health-agent', 'HEALTH_AGENT_HEALTH', '/api/v1/chat'],
  ['query-gateway', 'QUERY_GATEWAY_HEALTH', '/v1/query-classify'],
  ['resource-agent', 'RESOURCE_AGENT_HEALTH', '/system/metrics'],
] as const;

test('what each of the six is asked first: what it declares, or with `none` its first task', async () => {
  const asked = [0, 1].map(async (odd) => {
    const server = await httpServer((_, response) => {
      json(response, { error: 'nothing is here' }, 404);
    });
    const isNone = (i: number): boolean => i % 2 === odd;
    const declared: [string, string][] = systems.map(([, variable], i) => [
      variable,
      isNone(i) ? 'none' : '/up',
    ]);
    const child = startChild('../faults/asking-first.ts', server.url, Object.fromEntries(declared));
    await messageFrom(child);
    await endChild(child);
    await server.close();
    const paths = server.seen.map(({ request }) => request.url);
    // An MCP server is asked twice: once for each form of the protocol.
    const once = paths.filter((path, i) => path !== '/mcp' || paths[i - 1] !== path);
    expect(once).toEqual(systems.map(([, , task], i) => (isNone(i) ? task : '/up')));
  });
  await Promise.all(asked);
});
