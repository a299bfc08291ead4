/** The server receives the request that the task wrote, and the task gets the answer back. */
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { httpServer, json, listening, notOk, TestLoad, verdict } from './client-harness.ts';
import { createServer } from 'node:http';

test('every method arrives with its path, query and headers', async () => {
  const server = await httpServer();
  const load = new TestLoad({
    url: `${server.url}/base/`,
    key: 'key-of-the-target',
    http: {
      headers: ({ target, user }) => ({ 'x-api-key': target.key!, 'x-user': user.uniqueId }),
    },
  });
  const { http } = load.newUser();
  for (const method of ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const) {
    const reply = await http[method]('/path?a=1', {
      query: { b: 'ä &', c: 2, d: true },
      headers: { 'x-own': method },
    });
    const { request } = server.seen.at(-1)!;
    expect(reply.status).toBe(200);
    expect(request.method).toBe(method.toUpperCase());
    expect(request.url).toBe('/base/path?a=1&b=%C3%A4+%26&c=2&d=true');
    expect(request.headers).toMatchObject({
      'x-api-key': 'key-of-the-target',
      'x-user': 'test-0',
      'x-own': method,
    });
  }
  expect(load.samples.map(verdict)).toEqual(Array<string>(7).fill('ok'));
  load.close();
  await server.close();
});

test('headers of a request replace those of the user, whatever their case', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url, http: { headers: { 'X-Mode': 'a', 'x-b': 'b' } } });
  await load.newUser().http.get('/', { headers: { 'x-mode': 'own' } });
  expect(server.seen[0]!.request.headers).toMatchObject({ 'x-mode': 'own', 'x-b': 'b' });
  load.close();
  await server.close();
});

test('each kind of body arrives as it was meant, and its bytes are counted', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  const received = (): { type: string | undefined; text: string } => {
    const { request, body } = server.seen.at(-1)!;
    expect(load.last.bytesSent).toBe(body.length);
    return { type: request.headers['content-type'], text: body.toString() };
  };
  await http.post('/', { json: { a: 'ü' } });
  expect(received()).toEqual({ type: 'application/json', text: '{"a":"ü"}' });
  await http.post('/', { form: { a: '1 2', b: 'ü' } });
  expect(received()).toEqual({
    type: 'application/x-www-form-urlencoded',
    text: 'a=1+2&b=%C3%BC',
  });
  await http.post('/', { body: 'plain', type: 'text/plain' });
  expect(received()).toEqual({ type: 'text/plain', text: 'plain' });
  await http.put('/', { body: new Uint8Array([65, 66]), type: 'application/x-two' });
  expect(received()).toEqual({ type: 'application/x-two', text: 'AB' });
  load.close();
  await server.close();
});

test('multipart carries fields and files', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  const file = { bytes: Buffer.from('file "content"'), filename: 'a.txt', type: 'text/plain' };
  await load.newUser().http.post('/', { multipart: { field: 'välue', upload: file } });
  const { request, body } = server.seen[0]!;
  const [, boundary] = /boundary=(.*)$/.exec(request.headers['content-type']!)!;
  // RFC 7578: each part between boundaries, its headers, an empty line, its bytes.
  const parts = body.toString().split(`--${boundary}`);
  expect(parts).toHaveLength(4);
  expect(parts[1]).toMatch(/form-data; name="field"\r\n\r\nvälue\r\n$/);
  expect(parts[2]).toContain('form-data; name="upload"; filename="a.txt"\r\n');
  expect(parts[2]).toMatch(/content-type: text\/plain\r\n\r\nfile "content"\r\n$/i);
  expect(parts[3]).toMatch(/^--/);
  load.close();
  await server.close();
});

test('two kinds of body are refused before anything is scheduled', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  await expect(load.newUser().http.post('/', { json: 1, body: 'x' })).rejects.toThrow('json');
  await expect(load.newUser().http.get('no-slash')).rejects.toThrow('no-slash');
  expect(load.recorder.totals.scheduled).toBe(0);
  expect(server.seen).toHaveLength(0);
  load.close();
  await server.close();
});

test('a reply gives status, headers, text, JSON, bytes and what the schema made of it', async () => {
  const server = await httpServer((_, response) => {
    response.setHeader('X-Router-Latency', '12');
    json(response, { label: '1', confidence: 0.5 }, 201);
  });
  const load = new TestLoad({ url: server.url });
  const expected = z.object({ label: z.string().transform(Number) });
  const reply = await load
    .newUser()
    .http.post('/', { json: {}, status: [200, 201], expect: expected });
  expect(reply.status).toBe(201);
  expect(reply.header('x-router-LATENCY')).toBe('12');
  expect(reply.header('x-missing')).toBeUndefined();
  expect(reply.body.label).toBe(1);
  expect(reply.json()).toEqual({ label: '1', confidence: 0.5 });
  expect(reply.bytes.length).toBe(reply.text().length);
  expect(reply.durationMs).toBe(load.last.endedAtMs - load.last.startedAtMs);
  expect(load.last.bytesReceived).toBe(reply.bytes.length);
  load.close();
  await server.close();
});

test('cookies are kept per user', async () => {
  const server = await httpServer(({ request }, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    if (pathname === '/login') {
      response.setHeader('set-cookie', [
        `id=${searchParams.get('id')!}; Path=/`,
        'b=2; Path=/deep',
      ]);
    }
    json(response, { cookie: request.headers.cookie ?? null });
  });
  const load = new TestLoad({ url: server.url });
  const [first, second] = [load.newUser().http, load.newUser().http];
  const cookieOf = async (http: typeof first, path = '/'): Promise<unknown> =>
    (await http.get(path)).json();
  expect(await cookieOf(first)).toEqual({ cookie: null });
  await first.get('/login?id=one');
  await second.get('/login?id=two');
  expect(await cookieOf(first)).toEqual({ cookie: 'id=one' });
  expect(await cookieOf(second)).toEqual({ cookie: 'id=two' });
  expect(await cookieOf(first, '/deep')).toEqual({ cookie: 'b=2; id=one' });
  load.close();
  await server.close();
});

test('cookies can be turned off', async () => {
  const server = await httpServer(({ request }, response) => {
    response.setHeader('set-cookie', 'id=1');
    json(response, { cookie: request.headers.cookie ?? null });
  });
  const load = new TestLoad({ url: server.url, http: { cookies: false } });
  const { http } = load.newUser();
  await http.get('/');
  expect((await http.get('/')).json()).toEqual({ cookie: null });
  load.close();
  await server.close();
});

test('traceparent is sent only where it was asked for, and never twice the same', async () => {
  const server = await httpServer();
  const without = new TestLoad({ url: server.url });
  await without.newUser().http.get('/');
  expect(server.seen[0]!.request.headers['traceparent']).toBeUndefined();
  const load = new TestLoad({ url: server.url, http: { traceparent: true } });
  const { http } = load.newUser();
  for (let i = 0; i < 20; i++) await http.get('/');
  const ids = server.seen.slice(1).map(({ request }) => request.headers['traceparent']);
  for (const id of ids) expect(id).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
  expect(new Set(ids).size).toBe(20);
  without.close();
  load.close();
  await server.close();
});

test('a content type among the headers is sent once', async () => {
  const server = await httpServer();
  const load = new TestLoad({
    url: server.url,
    http: { headers: { 'Content-Type': 'application/vnd.api+json' } },
  });
  await load.newUser().http.post('/', { json: {} });
  const { rawHeaders } = server.seen[0]!.request;
  expect(rawHeaders.filter((text) => text.toLowerCase() === 'content-type')).toHaveLength(1);
  load.close();
  await server.close();
});

test('a path with letters of any language arrives encoded', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  await load.newUser().http.get('/süß und/100%25?q=ü');
  expect(server.seen[0]!.request.url).toBe('/s%C3%BC%C3%9F%20und/100%25?q=%C3%BC');
  load.close();
  await server.close();
});

test('labels of a request are on its sample', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  await load.newUser().http.get('/', { name: 'named', labels: { model: 'small' } });
  expect(load.last.series).toMatchObject({ request: 'named', method: 'GET' });
  expect(load.last.labels).toEqual({ model: 'small' });
  load.close();
  await server.close();
});

test('a name works whichever loopback address its server listens on', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const server = await listening(
      createServer((_, response) => response.end('ok')),
      host,
    ).catch(() => undefined);
    // On a machine without IPv6 this cannot be tested.
    if (server === undefined) continue;
    const load = new TestLoad({ url: `http://localhost:${server.port}` });
    const request = load.newUser().http.get('/');
    if (host === '127.0.0.1') {
      await request;
      expect(load.last.valueOf('dns')).toBeGreaterThanOrEqual(0);
      expect(load.last.valueOf('connect')).toBeGreaterThanOrEqual(0);
      expect(load.last.valueOf('tls')).toBeUndefined();
    } else await request.catch(() => notOk(request));
    load.close();
    await server.close();
  }
});
