import { expect, test } from '@playwright/test';
import { baselineText } from '../../../../load/report/text/comparison-text.ts';
import { made } from '../../baselines/make-comparison.ts';

const snapshot = { pass: false, headline: 'Not comparable with the baseline', notes: [], runs: 3 };
const evidence = 'timeScale: 0.1, was 1; phases.0.endMs: 100, was 1000';

test('a reason that all metrics share is told once, and each metric has its row', () => {
  const comparisons = ['avg', 'p50', 'p95', 'throughput'].map((metric) => {
    return made({ metric, verdict: 'incomparable', evidence });
  });
  const text = baselineText({ ...snapshot, comparisons });
  expect(text.split('\n').filter((line) => line.startsWith('incomparable  '))).toHaveLength(4);
  expect(text.split('\n').at(-1)).toBe(`incomparable: 4 metrics: ${evidence}`);
});

test('reasons of their own are told each by its metric', () => {
  const comparisons = [
    made({ metric: 'p50', verdict: 'inconclusive', evidence: 'too few requests' }),
    made({ metric: 'p95', verdict: 'critical', evidence: 'twice as slow' }),
    made({ metric: 'p99', verdict: 'pass', evidence: 'as before' }),
  ];
  const text = baselineText({ ...snapshot, comparisons, notes: ['a note'] });
  expect(text.split('\n').slice(-3)).toEqual([
    'inconclusive: p50: too few requests',
    'critical: p95: twice as slow',
    'a note',
  ]);
});
