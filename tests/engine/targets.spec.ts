import { expect, test } from '@playwright/test';
import { openTarget, referenceSwitches } from '../../fixtures/targets.ts';

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

test('what slows a reference service down is told, and of a real system there is nothing to tell', () => {
  const environment = { REFERENCE_SLOWDOWN: '50', REFERENCE_FAULTS: '', REFERENCE_SEED: '2' };
  const target = { system: 'x', url, key: undefined, stop: async () => {} };
  expect(referenceSwitches({ ...target, kind: 'reference' }, environment)).toEqual([
    'REFERENCE_SLOWDOWN=50',
  ]);
  expect(referenceSwitches({ ...target, kind: 'real' }, environment)).toEqual([]);
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

const [option, variable, base] = [1, 2, 3].map((port) => `http://127.0.0.1:${port}`);
const addresses = [
  {
    what: 'the option',
    configured: { target: option, baseURL: base },
    set: variable,
    opens: option,
  },
  { what: 'the variable', configured: { baseURL: base }, set: variable, opens: variable },
  { what: 'baseURL', configured: { target: '', baseURL: base }, set: '', opens: base },
];

for (const { what, configured, set, opens } of addresses) {
  test(`the address is that of ${what}`, async () => {
    const environment = { RESOURCE_AGENT_URL: set, RESOURCE_AGENT_PID: '4711' };
    const opened = await openTarget('resource-agent', environment, configured);
    expect(opened).toMatchObject({ url: opens, kind: 'real', pid: 4711 });
  });
}

test('the option goes before a command, baseURL does not', async () => {
  const MCP_SERVER_COMMAND = 'server';
  const opened = async (configured: object): Promise<string> =>
    (await openTarget('mcp-server', { MCP_SERVER_COMMAND }, configured)).url;
  expect(await opened({ target: option })).toBe(option);
  expect(await opened({ baseURL: base })).toBe('stdio://localhost/server');
});

for (const name of ['target', 'baseURL', 'RESOURCE_AGENT_URL']) {
  test(`${name} is refused by its name where it is no address, or tells a secret`, async () => {
    const open = (address: string) =>
      name.endsWith('_URL')
        ? openTarget('resource-agent', { [name]: address })
        : openTarget('resource-agent', {}, { [name]: address });
    await expect(open('here')).rejects.toThrow(`${name}="here": accepted is an address such as`);
    // Neither is it repeated where it is none for another reason.
    await expect(open('htp://me:secret@127.0.0.1:1')).rejects.not.toThrow('secret');
    const secret = open('http://me:secret@127.0.0.1:1');
    await expect(secret).rejects.toThrow(`${name}: an address with a user, a password`);
    await expect(secret).rejects.not.toThrow('secret@');
  });
}

test('a system of a team’s own has no reference service: the variable is named', async () => {
  await expect(openTarget('shop', {})).rejects.toThrow('shop: no address; set SHOP_URL');
});

test('a key is one line of visible ASCII; the line end of its file is no part of it', async () => {
  const open = (key: string) =>
    openTarget('resource-agent', {
      RESOURCE_AGENT_URL: 'http://127.0.0.1:1',
      RESOURCE_AGENT_KEY: key,
    });
  expect((await open('sesame-1234\r\n')).key).toBe('sesame-1234');
  for (const key of ['two\nlines-1234', 'schlüssel-1234', 'tab\t1234']) {
    await expect(open(key)).rejects.toThrow('RESOURCE_AGENT_KEY: has a line break, or a character');
    await expect(open(key)).rejects.not.toThrow('1234');
  }
});
