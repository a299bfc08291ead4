import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../../../load/platform/clock.ts';
import { awaitCoordinator } from '../../../load/slices/slice-session.ts';

test('a coordinator that comes later is waited for', async () => {
  const server = createServer((_, response) => response.end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  server.close();
  let waits = 0;
  const clock: Clock = Object.assign(Object.create(systemClock()) as Clock, {
    // It is back with the third look.
    until: async () => {
      waits += 1;
      if (waits === 2) await once(server.listen(port, '127.0.0.1'), 'listening');
    },
  });
  await awaitCoordinator(url, clock, 60_000);
  expect(waits).toBe(2);
  server.closeAllConnections();
  server.close();
});

test('one that never comes is waited for no longer than patience lasts', async () => {
  let nowMs = 0;
  const clock: Clock = Object.assign(Object.create(systemClock()) as Clock, {
    now: () => nowMs,
    until: (atMs: number) => {
      nowMs = atMs;
      return Promise.resolve();
    },
  });
  // Nobody listens on port 1.
  await awaitCoordinator('http://127.0.0.1:1', clock, 3000);
  expect(nowMs).toBe(3000);
});
