import { expect, test } from '@playwright/test';
import { Histogram } from '../../../../load/metrics/histogram.ts';
import type { LiveStatus } from '../../../../load/report/playwright/live-load.ts';
import { liveText, plainText, slowLines } from '../../../../load/report/playwright/live-text.ts';
import { fault } from '../../../faults/fault-matrix.ts';
import { histogram, repeat } from '../../budgets/make-result.ts';

const status: LiveStatus = {
  name: 'health-agent-spike-200-users',
  atMs: 20_100,
  phase: 'steady state',
  users: 200,
  inFlight: 34,
  requestsPerSecond: 412.4,
  p95Ms: 1234,
  ended: 1000,
  failures: 3,
  slow: 0,
  slowInAll: 0,
  leftMs: 71_600,
  recent: recentOf(repeat(1234, 20)),
};

function recentOf(ms: readonly number[]): LiveStatus['recent'] {
  const responseTime = new Histogram();
  responseTime.add(histogram(ms));
  return { responseTime, count: ms.length };
}

for (const [what, change, end] of [
  ['all there is', {}, 'p95 1.23 s, 3 errors (0.30 %), 1:12 left'],
  ['nothing ended yet', { p95Ms: NaN, failures: 0, ended: 0 }, 'p95 –, 0 errors, 1:12 left'],
  ['too many failed', { p95Ms: Infinity, failures: 1 }, 'p95 ∞, 1 error (0.10 %), 1:12 left'],
  ['at the planned end, a moment late', { leftMs: -3 }, ' 0:00 left'],
  ['past it', { leftMs: -1001 }, ' extended (samples are lacking)'],
  ['drained', { phase: 'drain', leftMs: 9000 }, ' waits for requests in flight'],
] as const) {
  test(`one line: ${what}`, () => {
    const text = liveText([{ ...status, ...change }]);
    expect(text).toMatch(
      /^health-agent-spike-200-users: (steady state|drain), 200 users, 34 in fl/,
    );
    expect(text).toContain(', 412 requests/s, ');
    expect(text.slice(-end.length)).toBe(end);
  });
}

for (const [width, text] of [
  [
    125,
    'health-agent-spike-200-users: steady state, 200 users, 34 in flight, 412 requests/s, ' +
      'p95 1.23 s, 3 errors (0.30 %), 1:12 left',
  ],
  [
    100,
    'health-agent-spike-200-users: steady 200 users 34 in flight 412/s p95 1.23 s 3 errors 1:12 left',
  ],
  [79, 'health-agen…: steady 200 users 34 in flight 412/s p95 1.23 s 3 errors 1:12 left'],
  [70, 'health-agent-sp…: steady 200 users 412/s p95 1.23 s 3 errors 1:12 left'],
  [60, 'health-agent…: 200 users 412/s p95 1.23 s 3 errors 1:12 left'],
  [30, 'health-agen…: steady 200 user…'],
] as const) {
  test(`${width} columns are room for so much`, () => {
    expect(liveText([status], width)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(width);
  });
}

test('several loads share the line: sums, p95 over all of them, the longest time left', () => {
  const other = { ...status, name: 'b', phase: 'ramp-up', users: 10, inFlight: 1, leftMs: 5000 };
  const recent = recentOf(repeat(100, 380));
  const quick = { ...other, requestsPerSecond: 10, p95Ms: 100, ended: 100, failures: 8, recent };
  // 20 slow ones of 400: the mean of the two would be 667 ms, and the higher one 1234 ms.
  expect(liveText([status, quick])).toBe(
    '2 loads: several phases, 210 users, 35 in flight, 422 requests/s, p95 100 ms, ' +
      '11 errors (1.0 %), 1:12 left',
  );
  const none = { ...quick, p95Ms: NaN, recent: recentOf([]) };
  expect(liveText([status, none])).toContain(', p95 1.23 s, ');
  expect(liveText([status, status])).toMatch(/^2 loads: steady state, 400 users/);
  expect(liveText([])).toBe('');
});

test('a plain line says when, and cannot be forged by a name', { annotation: fault(33) }, () => {
  expect(plainText({ ...status, name: 'a\n\u001b[2J' })).toMatch(
    /^0:20 a\\n\\u\{1b\}\[2J: steady state, 200 users, /,
  );
});

test('slow requests that were not named are a number in the line', () => {
  expect(liveText([{ ...status, slow: 37 }])).toContain(', 3 errors (0.30 %), 37 more slow, ');
  expect(liveText([{ ...status, slow: 37 }], 105)).toContain(' 3 errors 37 slow 1:12 left');
  expect(liveText([{ ...status, slow: 37 }, status])).toContain(', 37 more slow, ');
});

test('a slow request is told with its moment, and cannot forge a line', () => {
  const event = { atMs: 12_300, kind: 'slow', text: 'chat\n took 3421 ms (ok)' };
  expect(slowLines('a\u001b', [event])).toEqual(['0:12 a\\u{1b}: chat\\n took 3421 ms (ok)']);
});
