/** Redirects are followed only if asked, and secrets are sent only to their own host: row 23. */
import { expect, test } from '@playwright/test';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, json, notOk, TestLoad, verdict, type Seen } from './client-harness.ts';
import type { ServerResponse } from 'node:http';

function redirectTo(location: string, status = 302) {
  return ({ request }: Seen, response: ServerResponse): void => {
    if (request.url === '/end') json(response, { ok: true });
    else response.writeHead(status, { location }).end();
  };
}

test('a redirect is not followed by default', { annotation: fault(23) }, async () => {
  const server = await httpServer(redirectTo('/end'));
  const load = new TestLoad({ url: server.url });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed status 302');
  expect(server.seen).toHaveLength(1);
  load.close();
  await server.close();
});

for (const [status, method, followed] of [
  [301, 'post', 'GET'],
  [302, 'post', 'GET'],
  [303, 'put', 'GET'],
  [303, 'head', 'HEAD'],
  [307, 'post', 'POST'],
  [308, 'put', 'PUT'],
] as const) {
  test(`${status} after ${method.toUpperCase()} is followed by ${followed}`, async () => {
    const server = await httpServer(redirectTo('/end', status));
    const load = new TestLoad({ url: server.url });
    const body = method === 'head' ? {} : { json: { a: 1 } };
    const reply = await load.newUser().http[method]('/', { redirect: 'follow', ...body });
    expect(reply.status).toBe(200);
    const last = server.seen.at(-1)!;
    expect(last.request.method).toBe(followed);
    const carries = followed === 'POST' || followed === 'PUT';
    expect(last.body.toString()).toBe(carries ? '{"a":1}' : '');
    expect(last.request.headers['content-type']).toBe(carries ? 'application/json' : undefined);
    expect(load.samples.map((sample) => `${sample.series.request} ${sample.outcome}`)).toEqual([
      'task ok',
      'task redirect ok',
    ]);
    expect(load.recorder.totals.sent).toBe(server.seen.length);
    load.close();
    await server.close();
  });
}

test('a redirect that is not followed names where it leads, without secrets', async () => {
  const server = await httpServer(redirectTo('https://login.example/?token=planted-secret&a=1'));
  const load = new TestLoad({ url: server.url });
  const { errorDetail } = await notOk(load.newUser().http.get('/'));
  expect(errorDetail).toContain('redirects to https://login.example/?token=***&a=1');
  load.close();
  await server.close();
});

for (const [location, right] of [
  ['/end', 'ok'],
  ['end', 'ok'],
  ['//127.0.0.1/end', 'failed refused'],
  ['http://localhost/end', 'failed redirect'],
] as const) {
  test(`within the host, a redirect to ${location}: ${right}`, async () => {
    const server = await httpServer(redirectTo(location));
    const load = new TestLoad({ url: server.url });
    const request = load.newUser().http.get('/', { redirect: 'sameHost' });
    if (right === 'ok') await request;
    else await notOk(request);
    expect(verdict(load.last)).toBe(right);
    if (right === 'failed redirect') expect(load.last.errorDetail).toContain(location);
    load.close();
    await server.close();
  });
}

test('a loop ends after 5 hops, each of them counted', { annotation: fault(23) }, async () => {
  const server = await httpServer(redirectTo('/loop'));
  const load = new TestLoad({ url: server.url });
  const sample = await notOk(load.newUser().http.get('/', { redirect: 'follow' }));
  expect(verdict(sample)).toBe('failed redirect');
  expect(server.seen).toHaveLength(6);
  expect(load.samples).toHaveLength(6);
  expect(load.lost).toBe(0);
  load.close();
  await server.close();
});

test(
  'no secret goes to another host, whatever its header is called',
  { annotation: fault(23) },
  async () => {
    const other = await httpServer();
    const server = await httpServer(redirectTo(`http://localhost:${other.port}/end`, 307));
    const load = new TestLoad({
      url: server.url,
      key: 'planted-secret',
      http: {
        headers: {
          'x-goog-api-key': 'planted-secret',
          authorization: 'Bearer planted-secret',
          'x-tenant-token': 'planted-secret',
        },
      },
    });
    const headers = { 'api-key': 'planted-secret', cookie: 'id=planted-secret', accept: 'text/x' };
    await load.newUser().http.get('/', { redirect: 'follow', headers });
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]!.request.headers.accept).toBe('text/x');
    expect(JSON.stringify(other.seen[0]!.request.rawHeaders)).not.toContain('planted-secret');
    load.close();
    await server.close();
    await other.close();
  },
);

test('the headers of the user stay away from an address of another host', async () => {
  const other = await httpServer();
  const load = new TestLoad({ url: 'http://127.0.0.1:9', http: { headers: { 'x-api-key': 'k' } } });
  await load.newUser().http.get(`${other.url}/x`);
  expect(other.seen[0]!.request.headers['x-api-key']).toBeUndefined();
  load.close();
  await other.close();
});

for (const location of [
  'http://example.com/',
  'ftp://127.0.0.1/',
  'mailto:a@b.c',
  'file:///etc/passwd',
  'http://[broken',
]) {
  test(`a redirect to ${location} is not sent, and nothing is lost`, async () => {
    const server = await httpServer(redirectTo(location));
    const load = new TestLoad({ url: server.url });
    const sample = await notOk(load.newUser().http.get('/', { redirect: 'follow' }));
    expect(sample.outcome).toBe('failed');
    expect(server.seen).toHaveLength(1);
    expect(load.recorder.totals.sent).toBe(1);
    expect(load.lost).toBe(0);
    load.close();
    await server.close();
  });
}
