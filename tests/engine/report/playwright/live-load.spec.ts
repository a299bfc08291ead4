import { expect, test } from '@playwright/test';
import type { SeriesRecord } from '../../../../load/metrics/log/schema.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { LiveLoad, type LiveStatus } from '../../../../load/report/playwright/live-load.ts';
import { repeat } from '../../budgets/make-result.ts';
import { logLines, requests, type MadeLog } from '../make-log.ts';

function statusOf(made: MadeLog): LiveStatus | undefined {
  const load = new LiveLoad('a-load');
  for (const line of logLines({ end: false, ...made })) load.add(line);
  return load.status();
}

const quick = requests(repeat(100, 20));
const slow = requests(repeat(900, 10));

test('rate and p95 are over the last 10 s, errors since the start', () => {
  const early = requests(repeat(4000, 50), { others: { failed: 5, timeout: 5 } });
  expect(statusOf({ seconds: [...repeat([early], 3), ...repeat([quick], 10)] })).toMatchObject({
    name: 'a-load',
    atMs: 13_000,
    phase: 'steady state',
    users: 5,
    inFlight: 0,
    requestsPerSecond: 20,
    ended: 380,
    failures: 30,
    leftMs: 287_000,
  });
  const before = statusOf({ seconds: [[early], ...repeat([quick], 10)] })!;
  expect(before.p95Ms).toBeCloseTo(100, 0);
  const within = statusOf({ seconds: [[early], ...repeat([quick], 9)] })!;
  expect([within.requestsPerSecond, within.p95Ms]).toEqual([24, 4000]);
});

test('p95 is over all that ended: beyond the ok ones it is ∞', () => {
  const one = (failed: number): SeriesRecord => requests(repeat(100, 95), { others: { failed } });
  expect(statusOf({ seconds: [[one(5)]] })!.p95Ms).toBeCloseTo(100, 0);
  expect(statusOf({ seconds: [[one(6)]] })!.p95Ms).toBe(Infinity);
});

test('the series of one second are added up; what runs beside the load is left out', () => {
  const probe = requests([5000], { stream: 1, task: 'probe', others: { failed: 3 } });
  const status = statusOf({ seconds: [[quick, slow, probe]] })!;
  expect(status).toMatchObject({ ended: 30, failures: 0, requestsPerSecond: 30 });
  expect(Math.round(status.p95Ms / 10)).toBe(90);
});

test('a wide interval is looked at as a whole', () => {
  const load = new LiveLoad('a-load');
  const [plan, one] = logLines({ seconds: [[quick]], end: false });
  load.add(plan!);
  load.add({ ...one!, startMs: 0, endMs: 40_000 } as never);
  expect(load.status()).toMatchObject({ requestsPerSecond: 0.5, atMs: 40_000 });
});

test('before the first interval, and before the plan', () => {
  expect(statusOf({ seconds: [] })).toMatchObject({
    phase: 'starting',
    users: 0,
    requestsPerSecond: 0,
    p95Ms: NaN,
    leftMs: 300_000,
  });
  expect(new LiveLoad('a-load').status()).toBeUndefined();
});

test('the first five slow requests are to be named, the others are counted: of the last 10 s, and in all', () => {
  const slowly = (count?: number) =>
    defined({ atMs: 10, kind: 'slow', text: 'chat took 4 s', count });
  const events = [...repeat(slowly(), 3), slowly(40), { atMs: 20, kind: 'other', text: 'x' }];
  const load = new LiveLoad('a-load');
  const named = logLines({ seconds: repeat([quick], 12), interval: { events }, end: false })
    .map((line) => load.add(line))
    .map(({ length }) => length);
  expect(named).toEqual([0, 3, 2, ...repeat(0, 10)]);
  // The last ten of twelve seconds: 43 each.
  expect(load.status()).toMatchObject({ slow: 430, slowInAll: 12 * 43 - 5 });
});

test('gives the events of each interval, and knows its end', () => {
  const events = [{ atMs: 10, kind: 'slow', text: 'chat took 4000 ms (ok)' }];
  const load = new LiveLoad('a-load');
  const given = logLines({ seconds: [[quick]], interval: { events } }).map((line) => {
    expect(load.hasEnded).toBe(false);
    return load.add(line);
  });
  expect(given).toEqual([[], events, []]);
  expect(load.hasEnded).toBe(true);
});
