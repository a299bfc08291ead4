import { expect, test } from '@playwright/test';
import { judgeBudget } from '../../../../load/budgets/judge.ts';
import type { Observation } from '../../../../load/budgets/observe/observation.ts';
import { observe } from '../../../../load/budgets/observe/observe.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { SignedHistogram } from '../../../../load/metrics/signed-histogram.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { budget, makeResult, repeat } from '../make-result.ts';

function observed(result: Result, key: string, limit = '< 1 s', task?: string): Observation {
  return observe(result, budget(key, limit, defined({ task }), result.plan.streams[0]!.metrics));
}

test('of a task that failed wholly the maximum is beyond any limit', () => {
  const series = [
    { okMs: repeat(100, 50) },
    { task: 'index documents', request: 'index documents', others: { failed: 20 } },
  ];
  const result = makeResult({ intervals: [{ series }] });
  expect(observed(result, 'max', '< 1 s', 'index documents')).toMatchObject({
    value: Infinity,
    samples: 20,
  });
  const line = budget('max', '< 1 s', { task: 'index documents' });
  expect(judgeBudget(result, line).status).toBe('fail');
  expect(observed(result, 'avg', '< 1 s', 'index documents').samples).toBe(0);
});

test('of a label whose requests all failed the share is 0, and its latency beyond any limit', () => {
  const rates = { succeeded: { hits: 50, total: 50 } };
  const series = [
    { labels: { turn: '1' }, okMs: repeat(10, 50), trends: { ttft: repeat(5, 50) }, rates },
    { labels: { turn: '2' }, others: { failed: 50 } },
  ];
  const stream = { metrics: { succeeded: { kind: 'rate', unit: '', over: 'scheduled' } } } as const;
  const result = makeResult({ stream, intervals: [{ series }] });
  expect(observed(result, 'succeeded{turn=2}', '> 1 %')).toMatchObject({ value: 0, samples: 50 });
  expect(observed(result, 'ttft.p95{turn=2}')).toMatchObject({ value: Infinity, samples: 50 });
});

test('a trend of any sign and size is told beside one that was kept as a latency before', () => {
  const credit = new SignedHistogram();
  for (const value of [-5, -5, 0.0004, 12_000_000]) credit.record(value);
  const result = makeResult({
    stream: { metrics: { credit: { kind: 'trend', unit: '$' } } },
    intervals: [{ series: [{ okMs: [1], trends: { credit: [2, 2] } }] }],
  });
  const [before] = result.series;
  const own = { ...before!, trends: new Map([['credit', credit]]), labels: { kept: 'now' } };
  const both = { ...result, series: [before!, own] };
  expect(observed(both, 'credit.p50', '> 0').value).toBeCloseTo(0.0004, 6);
  expect(observed(both, 'credit.max', '> 0').value).toBe(12_000_000);
  expect(observed(both, 'credit.avg', '> 0').value).toBeCloseTo(11_999_994.0004 / 6, 3);
});
