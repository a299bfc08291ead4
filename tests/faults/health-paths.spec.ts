/** Where each system says that it is up is its team's to declare, in one way for all of them. */
import { httpServer, json } from '../contracts/client-harness.ts';
import { expect, test } from './suite-run.ts';

/** Every second one declares a path, the others `none`: those are asked for their first task at once. */
const systems = [
  ['API_GATEWAY', 'API_GATEWAY', '/up', '/up'],
  ['HEALTH_AGENT', 'HEALTH_AGENT', 'none', '/api/v1/chat'],
  ['MCP_SERVER', 'MCP', '/up', '/up'],
  ['QUERY_GATEWAY', 'QUERY_GATEWAY', 'none', '/v1/query-classify'],
  ['RAG_SERVICE', 'RAG_SERVICE', '/up', '/up'],
  ['RESOURCE_AGENT', 'RESOURCE_AGENT', 'none', '/system/metrics'],
] as const;

test('what each of the six is asked first: what it declares, or nothing but its tasks', async ({
  run,
}) => {
  const server = await httpServer((_, response) => {
    json(response, { error: 'nothing is here' }, 404);
  });
  const settings = systems.flatMap(([system, stem, declared]) => [
    [`${system}_URL`, server.url] as const,
    [`${stem}_HEALTH`, declared] as const,
  ]);
  const { code } = await run({
    words: ['--project=smoke'],
    settings: Object.fromEntries(settings),
  });
  await server.close();
  expect(code).toBe(1);
  expect(server.seen.map(({ request }) => request.url)).toEqual(
    systems.map(([, , , asked]) => asked),
  );
});
