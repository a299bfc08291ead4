import { expect, test } from '@playwright/test';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { cacheWarmUp } from '../../../../load/report/text/cache-warm-up.ts';
import { hopsIn, hopsMarkdown, hopsText } from '../../../../load/report/text/hops.ts';
import { makeResult, repeat } from '../../budgets/make-result.ts';

test('the parts of a request are shares of the latency, the largest first, and the rest is told', () => {
  const trends = { 'hop.pool': repeat(60, 10), 'hop.db': repeat(20, 5) };
  const result = makeResult({ intervals: [{ series: [{ okMs: repeat(100, 10), trends }] }] });
  const hops = hopsIn(result);
  expect(hops.map(({ hop, count }) => [hop, count])).toEqual([
    ['pool', 10],
    ['db', 5],
    ['the rest', 10],
  ]);
  // Half of the requests told of a database: it is a tenth of all the time.
  expect(hops.map(({ share }) => share)).toEqual([
    expect.closeTo(0.6, 2),
    expect.closeTo(0.1, 2),
    expect.closeTo(0.3, 2),
  ]);
  expect(hopsText(hops)).toMatch(/pool +10 +60(\.\d)? ms/);
  expect(hopsMarkdown(hops)).toContain('| db | 5 |');
});

test('hops that lie within one another leave no rest, and without any there is nothing', () => {
  const trends = { 'hop.total': repeat(99, 10), 'hop.db': repeat(60, 10) };
  const result = makeResult({ intervals: [{ series: [{ okMs: repeat(100, 10), trends }] }] });
  expect(hopsIn(result).map(({ hop }) => hop)).toEqual(['total', 'db']);
  expect(hopsIn(makeResult())).toEqual([]);
  expect(hopsText([])).toBe('');
});

/** Ten minutes in which the hit rate goes from one share to another, by readings of five seconds. */
function warming(minutes: number, shareIn: (minute: number) => number) {
  const readings = Array.from({ length: minutes * 12 }, (_, i): Reading => {
    const toMs = (i + 1) * 5000;
    const part = 100 * shareIn(Math.floor(i / 12) + 1);
    return {
      source: '/m',
      fromMs: toMs - 5000,
      toMs,
      ratios: { cacheHitRate: { part, whole: 100 } },
    };
  });
  return makeResult({ intervals: [{ monitor: { readings } }] });
}

test('a cache that warms up is told over time', () => {
  const result = warming(12, (minute) => Math.min(0.78, 0.1 + 0.08 * minute));
  expect(cacheWarmUp(result)).toEqual([
    'cacheHitRate: 18.0 % in minute 1, 50.0 % in minute 5, 78.0 % in minute 10, 78.0 % in minute 12',
  ]);
});

test('in a load that is over before it, and where nobody tells of a cache, nothing is said', () => {
  expect(cacheWarmUp(warming(2, () => 0.5))).toEqual([]);
  expect(cacheWarmUp(makeResult())).toEqual([]);
});
