/** How a stdio server is ended, and what happens to an answer that comes too late. */
import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { sessionProtocol, type SessionEvent } from '../../load/clients/mcp/mcp.ts';
import type { Measure } from '../../load/clients/client.ts';
import { McpStdioClient } from '../../load/clients/mcp/stdio.ts';
import { measure as measured } from '../../load/user/measured.ts';
import { isRunning, processTree } from '../child-processes.ts';
import { TestLoad, until, verdict } from './client-harness.ts';

/**
 * Records what happens to it. `polite` ends slowly with its input; `deaf` ends only on SIGTERM;
 * `stubborn` ends on neither. A call of `late` is answered together with the next one.
 */
const server = `
  const { appendFileSync } = require('node:fs');
  const [, log, manner] = process.argv;
  const note = (text) => appendFileSync(log, text + '\\n');
  const held = [];
  const answer = (id, text) =>
    console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } }));
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === 'initialize') {
      const result = { protocolVersion: '${sessionProtocol}' };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
    } else if (method === 'notifications/cancelled') note('called off: ' + params.requestId);
    else if (params?.name === 'late') held.push(id);
    else if (method === 'tools/call') {
      for (const one of held.splice(0)) answer(one, 'too late');
      answer(id, params.name);
    }
  });
  process.stdin.on('end', () => {
    note('end of input');
    if (manner === 'polite') setTimeout(() => { note('bye'); process.exit(0); }, 50);
    else setInterval(() => {}, 1000);
  });
  process.on('SIGTERM', () => {
    note('SIGTERM');
    if (manner !== 'stubborn') process.exit(0);
  });
`;

interface Running {
  readonly client: McpStdioClient;
  readonly load: TestLoad;
  readonly sessions: readonly SessionEvent[];
  readonly pid: number;
  /** The server's record. */
  readonly noted: () => string[];
  /** Calls on their way. */
  readonly pending: () => number;
}

async function opened(
  manner: 'polite' | 'deaf' | 'stubborn',
  parent: readonly string[] = [],
): Promise<Running> {
  const log = test.info().outputPath('server.log');
  writeFileSync(log, '');
  const load = new TestLoad({ url: 'http://127.0.0.1:1' });
  const scope = load.newScope();
  const measure: Measure = (name, send) => {
    const own = { ...scope, deadlineMs: name === 'late' ? 200 : scope.deadlineMs };
    return measured(own, scope.schedule(name), load.deadlines, send);
  };
  const sessions: SessionEvent[] = [];
  const command = [...parent, process.execPath, '-e', server, log, manner];
  const client = new McpStdioClient({ command }, measure, {
    protocol: sessionProtocol,
    onSession: (event) => void sessions.push(event),
  });
  await client.open();
  const { process: own } = client as unknown as {
    process: { child: { pid: number }; pending: Map<number, unknown> };
  };
  return {
    client,
    load,
    sessions,
    pid: own.child.pid,
    noted: () => readFileSync(log, 'utf8').trim().split('\n'),
    pending: () => own.pending.size,
  };
}

test('a server that ends with its input gets no signal', async () => {
  const { client, load, sessions, pid, noted } = await opened('polite');
  await client.close();
  expect(noted()).toEqual(['end of input', 'bye']);
  expect(isRunning(pid)).toBe(false);
  expect(sessions).toEqual(['opened', 'closed']);
  expect(verdict(load.last)).toBe('ok');
});

test('a server that does not heed the end of its input gets SIGTERM', async () => {
  const { client, load, sessions, pid, noted } = await opened('deaf');
  await client.close();
  expect(noted()).toEqual(['end of input', 'SIGTERM']);
  expect(isRunning(pid)).toBe(false);
  expect(sessions).toEqual(['opened', 'closed']);
  expect(verdict(load.last)).toBe('ok');
});

test('a server that heeds nothing is killed, and no session of it was closed', async () => {
  const { client, load, sessions, pid, noted } = await opened('stubborn');
  await expect(client.close()).rejects.toThrow('end session: failed (application)');
  expect(noted()).toEqual(['end of input', 'SIGTERM']);
  expect(isRunning(pid)).toBe(false);
  expect(sessions).toEqual(['opened']);
  expect(load.last.errorDetail).toContain('it was killed');
});

test('a server whose parent alone is ours, as with npx, ends with it', async () => {
  const { client, pid } = await opened('stubborn', ['sh', '-c', '"$@"; exit $?', 'sh']);
  const server = processTree(pid).find(({ parent }) => parent === pid);
  expect(server?.command).toContain('stubborn');
  await client.close();
  await expect.poll(() => [pid, server!.pid].filter(isRunning)).toEqual([]);
});

test('a server that its parent leaves behind is no server any more', async () => {
  const { client, pid } = await opened('stubborn', ['sh', '-c', '"$@"; exit $?', 'sh']);
  const server = processTree(pid).find(({ parent }) => parent === pid);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => [pid, server!.pid].filter(isRunning)).toEqual([]);
  await client.close();
});

test('an answer after the deadline is forgotten, and is nobody’s', async () => {
  const { client, load, noted, pending } = await opened('polite');
  await expect(client.callTool('late', {})).rejects.toThrow('late: timeout');
  expect(pending()).toBe(0);
  // The server sends the late one first.
  expect((await client.callTool('next', {})).text).toBe('next');
  expect(pending()).toBe(0);
  await until(() => noted()[0] !== '');
  expect(noted()).toEqual(['called off: 1']);
  await client.close();
  const ends = load.samples.map((sample) => `${sample.series.request} ${verdict(sample)}`);
  expect(ends).toEqual(['initialize ok', 'late timeout timeout', 'next ok', 'end session ok']);
  expect(load.lost).toBe(0);
});
