/** Requests through a real proxy that counts them. */
import { expect, test } from '@playwright/test';
import { createServer, request as forward } from 'node:http';
import { connect, type Socket } from 'node:net';
import {
  httpServer,
  listening,
  notOk,
  tcpServer,
  TestLoad,
  until,
  verdict,
  type TestServer,
} from './client-harness.ts';

/** Forwards by absolute URL and by tunnel; `carried` lists the address of each request. */
async function proxyServer(): Promise<
  TestServer & { carried: string[]; authorization: (string | undefined)[] }
> {
  const carried: string[] = [];
  const authorization: (string | undefined)[] = [];
  const server = createServer((incoming, outgoing) => {
    carried.push(incoming.url!);
    authorization.push(incoming.headers['proxy-authorization']);
    const onward = forward(new URL(incoming.url!.replace(/\/\/[^:/]*/, '//127.0.0.1')), {
      method: incoming.method!,
      headers: incoming.headers,
    });
    onward.on('response', (response) => {
      outgoing.writeHead(response.statusCode!, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on(
    'connect',
    ({ url, headers }: { url: string; headers: Record<string, string> }, client: Socket) => {
      carried.push(url);
      authorization.push(headers['proxy-authorization']);
      // The test's proxy connects only to this machine.
      const onward = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(client).pipe(onward);
      });
      onward.on('error', () => client.destroy());
      client.on('error', () => onward.destroy());
      client.on('close', () => onward.destroy());
    },
  );
  return { ...(await listening(server)), carried, authorization };
}

test('requests go through the proxy, with its credentials, and arrive once', async () => {
  const server = await httpServer();
  const proxy = await proxyServer();
  const load = new TestLoad({
    url: server.url,
    http: { proxy: proxy.url.replace('//', '//user:pass@') },
  });
  const { http } = load.newUser();
  await http.post('/a', { json: { a: 1 }, headers: { 'x-own': '1' } });
  await http.get('/b');
  expect(proxy.carried.length).toBeGreaterThan(0);
  for (const address of proxy.carried) expect(address).toContain(`127.0.0.1:${server.port}`);
  expect(proxy.authorization[0]).toBe(`Basic ${btoa('user:pass')}`);
  expect(server.seen.map(({ request }) => request.url)).toEqual(['/a', '/b']);
  expect(server.seen[0]!.request.headers).toMatchObject({
    host: `127.0.0.1:${server.port}`,
    'x-own': '1',
  });
  expect(server.seen[0]!.request.headers['proxy-authorization']).toBeUndefined();
  load.close();
  await server.close();
  await proxy.close();
});

test('a proxy that never answers: timeout at the deadline, socket freed', async () => {
  const proxy = await tcpServer(() => undefined);
  const load = new TestLoad({ url: 'http://127.0.0.1:9', http: { proxy: proxy.url } });
  const sample = await notOk(load.newUser().http.get('/', { deadline: 100 }));
  expect(sample.outcome).toBe('timeout');
  await until(() => proxy.sockets.size === 0);
  load.close();
  await proxy.close();
});

test('a target behind a proxy is guarded like any other', async () => {
  const proxy = await proxyServer();
  const load = new TestLoad({ url: 'http://example.com', http: { proxy: proxy.url } });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed generator');
  expect(proxy.carried).toEqual([]);
  load.close();
  await proxy.close();
});

test('a proxy that is not allowed is refused before anything is sent, without its password', () => {
  const proxy = 'http://user:hidden@proxy.example:3128';
  const make = (): TestLoad => new TestLoad({ url: 'http://127.0.0.1:9', http: { proxy } });
  expect(make).toThrow('proxy.example');
  expect(make).not.toThrow('hidden');
});
