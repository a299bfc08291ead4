import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../../../load/platform/clock.ts';
import { awaitCoordinator, offsetOf } from '../../../load/slices/slice-session.ts';

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

for (const [what, exchanges, expected] of [
  ['the same time', [[100, 102, 101]], { offsetMs: 0, roundTripMs: 2 }],
  ['ahead by 500 ms', [[600, 602, 101]], { offsetMs: 500, roundTripMs: 2 }],
  ['behind by 40 ms', [[60, 64, 102]], { offsetMs: -40, roundTripMs: 4 }],
  [
    'of several the shortest trip knows best',
    [
      [100, 180, 110],
      [200, 201, 200.5],
      [300, 340, 335],
    ],
    { offsetMs: 0, roundTripMs: 1 },
  ],
] as const) {
  test(what, () => {
    const asked = exchanges.map(([askedMs, answeredMs, theirsMs]) => ({
      askedMs,
      answeredMs,
      theirsMs,
    }));
    expect(offsetOf(asked)).toEqual(expected);
  });
}

test('however unequal the ways, the error is at most half the round trip', () => {
  // 9 ms there, 1 ms back: a clock that agrees seems to be off by 4 ms.
  const { offsetMs, roundTripMs } = offsetOf([{ askedMs: 0, answeredMs: 10, theirsMs: 9 }]);
  expect(Math.abs(offsetMs)).toBeLessThanOrEqual(roundTripMs / 2);
});
