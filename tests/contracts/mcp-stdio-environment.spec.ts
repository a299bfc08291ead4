/** A stdio server gets the variables that it needs, and no key of another system. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { newMcpClient } from '../../load/clients/mcp/connect.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import type { Http } from '../../load/clients/http/http.ts';
import type { Measure } from '../../load/clients/client.ts';

/** Records its variables, and says that it is ready. */
const server = `
  require('node:fs').writeFileSync(process.argv[1], JSON.stringify(process.env));
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: '2025-11-25' };
    if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });
`;
const measure: Measure = (_, send) => send();
const planted = { API_GATEWAY_KEY: 'of another system', MCP_TOKEN: 'its own', LOAD_RUN_ID: 'x' };

async function variablesOfServer(settings: Readonly<Record<string, string>>): Promise<unknown> {
  const path = test.info().outputPath('variables.json');
  const read = mcpSettings({
    MCP_SERVER_COMMAND: `${process.execPath} -e '' ${path}`,
    MCP_SERVER_PROTOCOL: '2025-11-25',
    ...settings,
  });
  const command = [process.execPath, '-e', server, path];
  const client = newMcpClient(
    { ...read, command },
    { http: undefined as unknown as Http, measure },
  );
  await client.open();
  await client.close();
  return JSON.parse(readFileSync(path, 'utf8'));
}

test.beforeEach(() => {
  Object.assign(process.env, planted);
});
test.afterEach(() => {
  for (const name of Object.keys(planted)) Reflect.deleteProperty(process.env, name);
});

test('PATH and HOME, and nothing else', async () => {
  const { PATH, HOME } = process.env;
  expect(await variablesOfServer({})).toEqual({ PATH, HOME });
});

test('and what MCP_SERVER_ENV names', async () => {
  const { PATH, HOME } = process.env;
  const named = { MCP_SERVER_ENV: 'MCP_TOKEN, LANG', MCP_TOKEN: 'its own', LANG: 'C.UTF-8' };
  expect(await variablesOfServer(named)).toEqual({
    PATH,
    HOME,
    MCP_TOKEN: 'its own',
    LANG: 'C.UTF-8',
  });
});

for (const [value, message] of [
  ['MCP TOKEN', 'MCP_SERVER_ENV="MCP TOKEN": names of variables with commas between them'],
  ['MCP_TOKEN=abc', 'MCP_SERVER_ENV="MCP_TOKEN=abc": names of variables'],
  ['NOT_SET', 'MCP_SERVER_ENV: NOT_SET is not set; accepted are names of variables that are'],
] as const) {
  test(`MCP_SERVER_ENV=${value} is refused`, () => {
    expect(() => mcpSettings({ MCP_SERVER_ENV: value })).toThrow(message);
  });
}
