/** Results with everything that a verdict table can show: a slow target, and a failed load generator. */
import type { Result } from '../../../load/metrics/result/result.ts';
import { budget, histogram, makeResult, repeat, type MadeInterval } from './make-result.ts';

const timeout = {
  kind: 'timeout',
  count: 10,
  firstMs: 31_200,
  lastMs: 33_900,
  sample: '10 s passed',
};

const seconds: readonly MadeInterval[] = [
  ...repeat<MadeInterval>(
    {
      busyMs: 4800,
      inFlightSamples: { count: 1000, sum: 5000 },
      series: [
        { okMs: [...repeat(400, 9), 900] },
        {
          task: 'index documents',
          request: 'index documents',
          labels: { model: 'large' },
          okMs: repeat(1200, 2),
        },
      ],
    },
    31,
  ),
  ...repeat<MadeInterval>(
    {
      stalls: [{ startMs: 31_000, endMs: 33_600, inFlight: 5 }],
      busyMs: 100_000,
      inFlightSamples: { count: 1000, sum: 98_000 },
      series: [
        { okMs: repeat(2500, 2), others: { timeout: 10 }, errors: [timeout] },
        {
          others: { failed: 1 },
          errors: [
            {
              kind: 'status 500',
              count: 1,
              firstMs: 32_000,
              lastMs: 32_000,
              sample:
                '{"error":"<b>\u001b[31mdown\n"} and much more text than fits into the table here',
            },
          ],
        },
      ],
    },
    3,
  ),
];

/** Breaks budgets of every kind, with stalls and errors. */
export function failing(): Result {
  const budgets = [
    budget('p95', '< 2 s'),
    budget('p50', '< 500 ms'),
    budget('avg', '< 2 s'),
    budget('throughput', '> 12 /s'),
    budget('errorRate', '< 0.1 %'),
    budget('vectorTimeoutRate', '< 0.1 %', {}, { vectorTimeoutRate: { kind: 'rate' } }),
    budget('p95', '< 5 s', { task: 'index documents' }),
    budget('p99{model=small}', '< 5 s', { task: 'query' }),
  ];
  return makeResult({ budgets, intervals: seconds, plan: { flags: ['any certificate accepted'] } });
}

/** The generator was too busy, and its process died at the end. */
export function invalid(): Result {
  const generator = {
    loopDelay: histogram([12], 1000),
    loopStalls: [{ atMs: 1000, durationMs: 300 }],
  };
  const intervals = [{ generator, series: [{ okMs: repeat(20, 80) }] }, { endMs: 1300 }];
  return makeResult({ budgets: [budget('p95', '< 30 ms')], intervals, end: false });
}
