/** Which second a latency budget points at, if requests of some seconds failed. */
import { expect, test } from '@playwright/test';
import { observe } from '../../../../load/budgets/observe/observe.ts';
import type { Observation } from '../../../../load/budgets/observe/observation.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { budget, makeResult, repeat } from '../make-result.ts';

function observed(result: Result, key: string, limit = '< 1 s'): Observation {
  return observe(result, budget(key, limit));
}

test('one failure among few requests is not the worst second of a finite percentile', () => {
  const quick = { series: [{ okMs: repeat(10, 9) }] };
  const failing = { series: [{ okMs: repeat(10, 8), others: { failed: 1 } }] };
  const slow = { series: [{ okMs: repeat(400, 9) }] };
  const result = makeResult({
    intervals: [...repeat(quick, 8), failing, slow, slow, failing, slow],
  });
  const { value, worst } = observed(result, 'p90', '< 300 ms');
  expect(value).toBe(400);
  expect(worst).toEqual({
    startMs: 9000,
    endMs: 10_000,
    value: 400,
    spell: { startMs: 9000, endMs: 13_000 },
  });
});

test('an outage of a second is the worst second of a finite percentile', () => {
  const quick = { series: [{ okMs: repeat(10, 9) }] };
  const outage = { series: [{ okMs: [10, 10], others: { failed: 7 } }] };
  const result = makeResult({ intervals: [...repeat(quick, 19), outage] });
  const { value, worst } = observed(result, 'p90');
  expect([value, worst]).toEqual([
    10,
    expect.objectContaining({ startMs: 19_000, value: Infinity }),
  ]);
});

test('the worst second of an infinite percentile is the one with the most failures', () => {
  const some = { series: [{ okMs: repeat(10, 8), others: { failed: 2 } }] };
  const most = { series: [{ others: { failed: 9 } }] };
  const { value, worst } = observed(makeResult({ intervals: [some, most, some] }), 'p95');
  expect([value, worst?.startMs]).toEqual([Infinity, 1000]);
});
