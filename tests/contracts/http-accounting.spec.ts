/** No request is lost and no connection leaks: scheduled = settled whatever a task does. Row 30. */
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, json, notOk, tcpServer, TestLoad, until } from './client-harness.ts';

test('a deadline that is none is the task’s mistake: nothing is scheduled', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  await expect(load.newUser().http.get('/', { deadline: 'soon' })).rejects.toThrow('soon');
  expect([load.recorder.totals.scheduled, load.lost, server.seen.length]).toEqual([0, 0, 0]);
  load.close();
  await server.close();
});

test('headers that cannot be sent are the task’s mistake: nothing is lost', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  await load
    .newUser()
    .http.get('/', { headers: { 'x-bad': 'a\nb' } })
    .catch(() => undefined);
  expect([load.lost, server.seen.length]).toEqual([0, 0]);
  load.close();
  await server.close();
});

test('a schema that throws ends the request, judged and settled', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  const broken = z.object({ ok: z.boolean() }).transform((): number => {
    throw new Error('the schema is broken');
  });
  await load
    .newUser()
    .http.get('/', { expect: broken })
    .catch(() => undefined);
  expect(load.lost).toBe(0);
  expect(load.last.outcome).toBe('failed');
  expect(load.last.errorDetail).toContain('the schema is broken');
  load.close();
  await server.close();
});

test('a request that the task does not await may fail without ending the process', async () => {
  const server = await tcpServer((socket) => socket.resetAndDestroy());
  const load = new TestLoad({ url: server.url });
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => {
    unhandled.push(reason);
  };
  const runners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  void load.newUser().http.get('/');
  await until(() => load.samples.length === 1);
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('unhandledRejection');
  for (const runner of runners) process.on('unhandledRejection', runner);
  expect(unhandled).toEqual([]);
  load.close();
  await server.close();
});

const secret = 'sk-planted/secret+0123456789';
for (const [what, echo] of [
  ['at once', (text: string) => text],
  // The cut at 200 characters must not leave the first part of the secret.
  ['across the cut', (text: string) => 'x'.repeat(190) + text],
  ['as JSON', (text: string) => JSON.stringify({ got: text })],
] as const) {
  test(
    `a key that the server echoes ${what} is in no detail`,
    { annotation: fault(30) },
    async () => {
      const server = await httpServer(({ request }, response) => {
        response.writeHead(401).end(echo(request.headers['x-api-key'] as string));
      });
      const load = new TestLoad({
        url: server.url,
        key: secret,
        http: { headers: ({ target }) => ({ 'x-api-key': target.key! }) },
      });
      const { errorDetail, url } = await notOk(
        load.newUser().http.get('/', { query: { key: secret, token: secret } }),
      );
      for (const text of [errorDetail, url]) {
        expect(text).not.toContain(secret.slice(0, 6));
        expect(text).not.toContain(encodeURIComponent(secret));
      }
      load.close();
      await server.close();
    },
  );
}

test(
  'a token in a header of the request is in no detail either',
  { annotation: fault(30) },
  async () => {
    const server = await httpServer(({ request }, response) => {
      json(response, { error: `bad token ${request.headers.authorization!.slice(7)}` }, 401);
    });
    const load = new TestLoad({ url: server.url });
    const headers = { authorization: 'Bearer token-of-this-user' };
    const { errorDetail } = await notOk(load.newUser().http.get('/', { headers }));
    expect(errorDetail).toContain('bad token');
    expect(errorDetail).not.toContain('token-of-this-user');
    load.close();
    await server.close();
  },
);
