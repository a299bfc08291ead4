import { expect, test } from '@playwright/test';
import { openTarget } from '../../fixtures/targets.ts';

const url = 'http://127.0.0.1:1';

test('the process of a system of your own is watched where it is named', async () => {
  const named = { RESOURCE_AGENT_URL: url, RESOURCE_AGENT_PID: '4711' };
  expect(await openTarget('resource-agent', named)).toMatchObject({ url, pid: 4711 });
  const unnamed = { RESOURCE_AGENT_URL: url, RESOURCE_AGENT_PID: '' };
  expect((await openTarget('resource-agent', unnamed)).pid).toBeUndefined();
});

for (const text of ['0', '-1', 'node', '1.5']) {
  test(`"${text}" is the number of no process`, async () => {
    const environment = { RESOURCE_AGENT_URL: url, RESOURCE_AGENT_PID: text };
    await expect(openTarget('resource-agent', environment)).rejects.toThrow(
      `RESOURCE_AGENT_PID=${text}: accepted is the number of a process, such as 4711`,
    );
  });
}

test('the process of a reference service is known', async () => {
  const target = await openTarget('resource-agent', {});
  try {
    const answer = await fetch(`${target.url}/system/metrics`);
    const { process: own } = (await answer.json()) as { process: { pid: number } };
    expect(target.pid).toBe(own.pid);
  } finally {
    await target.stop();
  }
});

test('a command names its program, also one with blanks in its path', async () => {
  const MCP_SERVER_COMMAND = `'/opt/my tools/mcp server' "a b"`;
  const { kind, url } = await openTarget('mcp-server', { MCP_SERVER_COMMAND });
  expect([kind, url]).toEqual(['real', 'stdio://localhost/mcp%20server']);
});

test('an empty key is none: a pipeline sets a secret that it has not so', async () => {
  const RESOURCE_AGENT_URL = url;
  const keyOf = async (environment: Record<string, string>): Promise<string | undefined> =>
    (await openTarget('resource-agent', { RESOURCE_AGENT_URL, ...environment })).key;
  expect(await keyOf({ RESOURCE_AGENT_KEY: '' })).toBeUndefined();
  expect(await keyOf({ RESOURCE_AGENT_KEY: 'k' })).toBe('k');
});
