import { expect, test } from '@playwright/test';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { servePages } from '../../../../load/systems/mcp-server/pages.ts';
import { freePort } from '../../../../fixtures/free-port.ts';

const manual = { redirect: 'manual' } as const;

test('serves a plain page, and pages that send on, at once or inside the page', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const leave = await servePages(url);
  const to = 'http://127.0.0.1:9/p1';
  const parameters = `to=${encodeURIComponent(to)}`;
  expect(await (await fetch(`${url}/pages/1`)).text()).toContain('This page may be fetched.');
  for (const status of [302, 307]) {
    const sent = await fetch(`${url}/redirect?status=${status}&${parameters}`, manual);
    expect([sent.status, sent.headers.get('location')]).toEqual([status, to]);
  }
  const first = await fetch(`${url}/redirect?hops=2&${parameters}`, manual);
  const next = first.headers.get('location')!;
  expect(next).toMatch(/^\/redirect\?/);
  const second = await fetch(`${url}${next}`, manual);
  expect(second.headers.get('location')).toBe(to);
  expect(await (await fetch(`${url}/refresh?${parameters}`)).text()).toContain(`0;url=${to}`);
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
  await leave();
});

for (const path of ['/large', '/packed', '/endless']) {
  test(`${path} goes on until its reader has gone`, async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const leave = await servePages(url);
    const stop = new AbortController();
    const answer = await fetch(url + path, { signal: stop.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let bytes = 0;
    // More than any careful client reads; the last page sends almost nothing.
    while (bytes < (path === '/endless' ? 10 : 8_000_000)) {
      const { value, done } = await reader.read();
      expect(done).toBe(false);
      bytes += value?.length ?? 0;
    }
    stop.abort();
    await leave();
    await expect(fetch(`${url}/pages/1`)).rejects.toThrow();
  });
}

test('several users have the same pages, which end with the last of them', async () => {
  const url = `http://localhost:${await freePort()}`;
  const leaves = await Promise.all([servePages(url), servePages(url)]);
  await leaves[0]();
  expect((await fetch(`${url}/pages/1`)).status).toBe(200);
  await leaves[1]();
  await expect(fetch(`${url}/pages/1`)).rejects.toThrow();
  const again = await servePages(url);
  expect((await fetch(`${url}/pages/1`)).status).toBe(200);
  await again();
});

test('an address that is taken is told by its setting', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const url = `http://127.0.0.1:${(taken.address() as AddressInfo).port}`;
  await expect(servePages(url)).rejects.toThrow(
    new RegExp(`MCP_SERVER_PAGES_URL=${url}: no pages can be served there: .*EADDRINUSE`),
  );
  await once(taken.close(), 'close');
  const leave = await servePages(url);
  expect((await fetch(`${url}/pages/1`)).status).toBe(200);
  await leave();
});
