import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { refuseWrongSettings, systems } from '../../../load/systems/systems.ts';

for (const [name, value, accepted] of [
  ['LOAD_SEED', 'x', 'a whole number'],
  ['RAG_SERVICE_HEALTH', 'up', 'a path such as /health, or none'],
  ['MCP_SERVER_HEALTH', 'health', 'a path such as /health, or none'],
  ['API_GATEWAY_STREAM_END', '[DONE]', '"both"|"finish-reason"|"done"'],
  ['API_GATEWAY_FIXED_LENGTH', '1', '"ignore-eos"|"min-tokens"|"both"'],
  ['MCP_SERVER_TRANSPORT', 'grpc', '"http"|"rest"|"stdio"'],
  ['MCP_SERVER_PROTOCOL', '2024-01-01', '"auto"|"2026-07-28"|"2025-11-25"'],
  ['MCP_SERVER_ENDPOINT', 'mcp', 'a path, from / on'],
  ['MCP_ENDPOINT', 'mcp', 'a path, from / on'],
] as const) {
  test(`${name}=${value} stops every run, whatever it loads`, () => {
    const read = (): void => {
      refuseWrongSettings({ [name]: value });
    };
    expect(read).toThrow(`${name}=${JSON.stringify(value)}: `);
    expect(read).toThrow(accepted);
  });
}

test('what is wrong is told at once, of the suite and of every system', () => {
  const environment = { LOAD_SEEDS: '1', HEALTH_AGENT_HEALTH: '', MCP_SERVER_ENDPOINT: 'mcp' };
  const read = (): void => {
    refuseWrongSettings(environment);
  };
  for (const text of [
    'LOAD_SEEDS: no such',
    'HEALTH_AGENT_HEALTH=""',
    'MCP_SERVER_ENDPOINT="mcp"',
  ]) {
    expect(read).toThrow(text);
  }
});

test('right settings of several systems stop nothing', () => {
  expect(() => {
    refuseWrongSettings({
      RAG_SERVICE_HEALTH: '/up',
      API_GATEWAY_MODEL: '',
      MCP_SERVER_TRANSPORT: 'rest',
    });
  }).not.toThrow();
});

test('each system has a reference service of its name and load tests', () => {
  const names = Object.keys(systems);
  expect(names).toHaveLength(6);
  const missing = names.flatMap((name) =>
    [`fixtures/reference/${name}.ts`, `tests/systems/${name}.spec.ts`].filter(
      (path) => !existsSync(path),
    ),
  );
  expect(missing).toEqual([]);
});

test("every setting of a system begins with the system's name", () => {
  for (const [name, { settings, keyVariable, commandVariable }] of Object.entries(systems)) {
    const stem = `${name.toUpperCase().replaceAll('-', '_')}_`;
    const own = [
      ...Object.keys(settings?.shape ?? {}),
      keyVariable ?? stem,
      commandVariable ?? stem,
    ];
    expect(own.filter((one) => !one.startsWith(stem))).toEqual([]);
  }
});

test('every setting of a system says what it is for', () => {
  const silent = Object.values(systems).flatMap(({ settings }) =>
    Object.entries(settings?.shape ?? {}).filter(([, { description }]) => !description),
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});
