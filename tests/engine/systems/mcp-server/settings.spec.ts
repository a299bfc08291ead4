import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { mcpCalls, refuseUnknownArguments } from '../../../../load/systems/mcp-server/calls.ts';
import { mcpServerUser } from '../../../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../../../load/systems/mcp-server/settings.ts';

test('without any variable the server speaks HTTP and has the tools under their own names', () => {
  expect(mcpSettings({})).toMatchObject({
    transport: 'http',
    protocol: 'auto',
    endpoint: '/mcp',
    health: '/health',
    map: { tools: {} },
  });
});

test('a command makes it stdio, without an endpoint to ask for health', () => {
  expect(mcpSettings({ MCP_SERVER_COMMAND: ' npx  server /data ' })).toMatchObject({
    transport: 'stdio',
    command: ['npx', 'server', '/data'],
    health: undefined,
  });
});

test('a program or an argument with blanks in it stands in quotes', () => {
  const MCP_SERVER_COMMAND = `"/opt/my tools/node" 'my server.js' /data`;
  const { command } = mcpSettings({ MCP_SERVER_COMMAND });
  expect(command).toEqual(['/opt/my tools/node', 'my server.js', '/data']);
});

for (const url of ['http://127.0.0.1:4810', 'http://localhost:80', 'http://[::1]:65535']) {
  test(`pages may be served at ${url}, with a slash at the end or without`, () => {
    expect(mcpSettings({ MCP_SERVER_PAGES_URL: url }).pagesUrl).toBe(url);
    expect(mcpSettings({ MCP_SERVER_PAGES_URL: `${url}/` }).pagesUrl).toBe(url);
  });
}

for (const [name, value, message] of [
  ['MCP_SERVER_COMMAND', 'node "server.js', 'the quote " at character 6 is not closed'],
  ['MCP_SERVER_COMMAND', ' ', 'a program and its arguments'],
  ['MCP_SERVER_COMMAND', "'' server.js", 'a program and its arguments'],
  ['MCP_SERVER_TRANSPORT', 'grpc', 'MCP_SERVER_TRANSPORT="grpc"'],
  ['MCP_SERVER_TRANSPORT', 'stdio', 'MCP_SERVER_COMMAND must name'],
  ['MCP_SERVER_PROTOCOL', '2024-01-01', 'MCP_SERVER_PROTOCOL="2024-01-01"'],
  ['MCP_SERVER_ENDPOINT', 'mcp', 'MCP_SERVER_ENDPOINT="mcp"'],
  [
    'MCP_SERVER_PAGES_URL',
    'http://10.0.0.1:4810',
    'an address of this machine such as http://127.0.0.1',
  ],
  [
    'MCP_SERVER_PAGES_URL',
    'http://127.0.0.1:4810/pages',
    'MCP_SERVER_PAGES_URL="http://127.0.0.1:4810/pages"',
  ],
  ['MCP_SERVER_PAGES_URL', 'http://127.0.0.1', 'MCP_SERVER_PAGES_URL="http://127.0.0.1"'],
  [
    'MCP_SERVER_PAGES_URL',
    'http://localhost:65536',
    'MCP_SERVER_PAGES_URL="http://localhost:65536"',
  ],
  [
    'MCP_SERVER_PAGES_URL',
    'https://localhost:4810',
    'MCP_SERVER_PAGES_URL="https://localhost:4810"',
  ],
  ['MCP_SERVER_TOOLS', '/no/such/file.json', 'MCP_SERVER_TOOLS=/no/such/file.json: ENOENT'],
] as const) {
  test(`${name}=${value} is refused`, () => {
    expect(() => mcpSettings({ [name]: value })).toThrow(message);
  });
}

test('names of before are read, and told, where the others are not given', () => {
  const former = { MCP_TRANSPORT: 'rest', MCP_ENDPOINT: '/old', MCP_SERVER_ENDPOINT: '/new' };
  expect(mcpSettings(former)).toMatchObject({ transport: 'rest', endpoint: '/new' });
  expect(() => mcpSettings({ MCP_TRANSPORT: 'grpc' })).toThrow('MCP_TRANSPORT="grpc": ');
  expect(() => mcpSettings({ MCP_TRANSPORT: 'stdio' })).toThrow('MCP_TRANSPORT=stdio: ');
  expect(() => mcpSettings({ MCP_TOOLS: '/none' })).toThrow('MCP_TOOLS=/none: ENOENT');
});

const file = {
  folder: '/data',
  tools: {
    read_file: { name: 'read_text_file', values: { head: 5 } },
    git_log: { arguments: { repo_path: 'repository', max_count: null } },
    git_status: null,
    web_scrape: { values: { url: 'http://127.0.0.1/' } },
  },
};

test('a file maps names of tools and arguments, and leaves out what the server has not', () => {
  const path = test.info().outputPath('tools.json');
  writeFileSync(path, JSON.stringify(file));
  const settings = mcpSettings({ MCP_SERVER_TOOLS: path });
  const listed = [
    { name: 'git_log', inputSchema: { properties: { repository: { default: '/data/code' } } } },
  ];
  const calls = mcpCalls(settings.map, listed);
  expect(calls('read_file', { path: 'a' })).toEqual({
    tool: 'read_text_file',
    args: { path: 'a', head: 5 },
  });
  expect(calls('git_log', { max_count: 10 })).toEqual({
    tool: 'git_log',
    args: { repository: '/data/code' },
  });
  expect(calls('web_scrape', {}).args).toEqual({ url: 'http://127.0.0.1/' });
  expect(Object.keys(mcpServerUser(settings).tasks)).toEqual([
    'read_file',
    'write_file',
    'git_log',
    'web_scrape',
  ]);
});

for (const [what, text, message] of [
  ['no JSON', '{', 'JSON'],
  ['an unknown tool', '{"tools":{"read_files":{}}}', 'read_files'],
  ['an unknown field', '{"tools":{"read_file":{"title":"x"}}}', 'title'],
] as const) {
  test(`a file with ${what} is refused, and named`, () => {
    const path = test.info().outputPath('tools.json');
    writeFileSync(path, text);
    expect(() => mcpSettings({ MCP_SERVER_TOOLS: path })).toThrow(`MCP_SERVER_TOOLS=${path}`);
    expect(() => mcpSettings({ MCP_SERVER_TOOLS: path })).toThrow(message);
  });
}

test('an argument that a tool has not is refused with those that it has', () => {
  const map = { tools: { read_file: { arguments: { file: 'x' }, values: {} } } };
  expect(() => {
    refuseUnknownArguments(map);
  }).toThrow('read_file has no argument "file"; known are path');
});

test('an argument without a value or an example is asked for', () => {
  expect(() => mcpCalls({ tools: {} }, [])).toThrow('git_status: the server gives no example');
});

test('the revision, which only probes send, can be mapped, too', () => {
  const map = { tools: { git_log: { arguments: { revision: 'branch' }, values: {} } } };
  expect(() => {
    refuseUnknownArguments(map);
  }).not.toThrow();
});
