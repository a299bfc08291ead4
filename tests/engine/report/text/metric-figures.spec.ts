import { expect, test } from '@playwright/test';
import {
  metricFigures,
  metricsMarkdown,
  metricsText,
} from '../../../../load/report/text/metric-figures.ts';
import { histogram, repeat } from '../../budgets/make-result.ts';
import { requests, resultOf } from '../make-log.ts';

const metrics = {
  answers: { kind: 'counter', unit: 'answers' },
  depth: { kind: 'gauge', unit: 'jobs' },
  idle: { kind: 'gauge', unit: '' },
  hits: { kind: 'rate', unit: 'share' },
  tokens: { kind: 'trend', unit: 'tokens' },
  wait: { kind: 'trend', unit: 's' },
  never: { kind: 'trend', unit: 'ms' },
} as const;

const result = resultOf({
  plan: { stream: { metrics } },
  seconds: [
    [
      requests(repeat(100, 10), {
        counters: { answers: 7, stray: 1 },
        gauges: { depth: 3 },
        rates: { hits: { hits: 3, total: 10 } },
        trends: { tokens: histogram([10, 20, 30]), wait: histogram([1, 2]) },
      }),
      requests([5], { request: 'login', gauges: { depth: 5 } }),
      requests([], { others: { failed: 1 }, trends: { connect: histogram([0.3]) } }),
      requests([9], { phase: 'ramp-up', counters: { answers: 100 } }),
    ],
  ],
});

test('the user’s own metrics, and the built-in ones that occurred', () => {
  expect(metricsText(metricFigures(result)).split('\n')).toEqual([
    'metric   kind     samples                        value        avg        p50        p95        p99        max',
    'answers  counter       12  7 answers (all phases: 107)',
    'depth    gauge          2                     3–5 jobs',
    'idle     gauge          0                            –',
    'hits     rate          10                       30.0 %',
    'tokens   trend          3                               20 tokens  20 tokens  30 tokens  30 tokens  30 tokens',
    'wait     trend          2                                   1.5 s        1 s        2 s        2 s        2 s',
    'never    trend          0                                       –          –          –          –          –',
    'connect  trend          1                                  300 µs     300 µs     300 µs     300 µs     300 µs',
  ]);
});

test('what the monitor read of the system, and how far it is from what was achievable', () => {
  const ratios = {
    cacheHitRate: { part: 30, whole: 40 },
    averageBatchSize: { part: 60, whole: 8 },
  };
  const reading = { source: '/metrics', fromMs: 0, toMs: 1000, ratios };
  const hits = { rates: { achievableHitRate: { hits: 4, total: 5 } } };
  const read = resultOf({
    plan: { stream: { metrics: { achievableHitRate: { kind: 'rate', unit: '' } } } },
    seconds: [[requests(repeat(100, 5), hits)]],
  });
  const shown = metricFigures({ ...read, readings: [reading] });
  expect(shown.map(({ metric, kind, figures }) => [metric, kind, figures['value']?.text])).toEqual([
    ['achievableHitRate', 'rate', '80.0 %'],
    ['cacheHitRate', 'reading', '75.0 %'],
    ['averageBatchSize', 'reading', '7.5'],
    ['cacheHitRateGap', 'reading', '5.0 %'],
  ]);
});

test('as Markdown, and none are no table', () => {
  expect(metricsMarkdown(metricFigures(result))).toContain('| hits | rate | 10 | 30.0 % |  |');
  const none = metricFigures(resultOf({ seconds: [[requests([1])]] }));
  expect([metricsText(none), metricsMarkdown(none)]).toEqual(['', '']);
});
