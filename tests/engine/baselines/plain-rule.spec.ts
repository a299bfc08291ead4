import { expect, test } from '@playwright/test';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { plainRule, type PlainFigures } from '../../../load/baselines/plain-rule.ts';
import { defaultTolerances, type Tolerances } from '../../../load/baselines/tolerances.ts';

function counts(failures: number, requests = 1000): PlainFigures {
  if (requests === 0) return { requests, failures };
  return { requests, failures, errorShare: failures / requests };
}

type Row = readonly [string, PlainFigures, PlainFigures, string, string, RegExp?];

const rows: readonly Row[] = [
  ['p95 just below', { p95Ms: 200 }, { p95Ms: 299.9 }, 'p95', 'pass'],
  ['p95 exactly +50 %', { p95Ms: 200 }, { p95Ms: 300 }, 'p95', 'critical', /\+50 %; the threshold/],
  ['p95 of 0.1 and 0.15', { p95Ms: 0.1 }, { p95Ms: 0.15 }, 'p95', 'critical'],
  ['p95 of 0.3 and 0.45', { p95Ms: 0.3 }, { p95Ms: 0.45 }, 'p95', 'critical'],
  [
    'a p95 that doubles below 5 ms',
    { p95Ms: 1 },
    { p95Ms: 2 },
    'p95',
    'critical',
    /^1 ms became 2 ms, \+100 %; the threshold is \+50 %$/,
  ],
  ['p50 exactly +50 %', { medianMs: 200 }, { medianMs: 300 }, 'p50', 'critical'],
  ['a faster p95', { p95Ms: 300 }, { p95Ms: 30 }, 'p95', 'pass', /became 30 ms, −90 %/],
  [
    'p95 without end',
    { p95Ms: 200 },
    { p95Ms: Infinity },
    'p95',
    'critical',
    /more requests failed/,
  ],
  ['p95 of nothing', { p95Ms: 0 }, { p95Ms: 5 }, 'p95', 'no-data', /baseline of 0 ms/],
  ['no p95 in either', {}, {}, 'p95', 'no-data', /^neither side has this figure$/],
  ['errors 1 % and 1.5 %', { errorShare: 0.01 }, { errorShare: 0.015 }, 'errorRate', 'critical'],
  ['errors 3 % and 3.5 %', { errorShare: 0.03 }, { errorShare: 0.035 }, 'errorRate', 'critical'],
  [
    'errors that differ less than two digits show',
    { errorShare: 0.0101 },
    { errorShare: 0.01014 },
    'errorRate',
    'pass',
    /1\.014 %; baseline 1\.0 %: \+0\.004 points/,
  ],
  ['errors 1 % and 1.49 %', { errorShare: 0.01 }, { errorShare: 0.0149 }, 'errorRate', 'pass'],
  ['no errors', { errorShare: 0 }, { errorShare: 0 }, 'errorRate', 'pass', /^no errors/],
  [
    'errors where there were none',
    { errorShare: 0 },
    { errorShare: 0.0001 },
    'errorRate',
    'critical',
    /^errors where the baseline had none: 0.010 %$/,
  ],
  [
    'as little with counts',
    counts(0, 10_000),
    counts(1, 10_000),
    'errorRate',
    'critical',
    /^errors where the baseline had none: 1 of 10000 failed \(0.010 %\); baseline 0 of 10000$/,
  ],
  ['errors +0.5 points, counted', counts(10), counts(15), 'errorRate', 'critical'],
  ['errors +0.4 points, counted', counts(10), counts(14), 'errorRate', 'pass'],
  ['no requests at all', counts(0, 0), counts(0, 10), 'errorRate', 'no-data'],
  ['fewer errors', { errorShare: 0.2 }, { errorShare: 0.1 }, 'errorRate', 'pass', /−10 points/],
  ['exactly −30 %', { requestsPerSecond: 50 }, { requestsPerSecond: 35 }, 'throughput', 'pass'],
  ['−30 % of 0.1', { requestsPerSecond: 0.1 }, { requestsPerSecond: 0.07 }, 'throughput', 'pass'],
  ['−30 % of 12.3', { requestsPerSecond: 12.3 }, { requestsPerSecond: 8.61 }, 'throughput', 'pass'],
  ['past −30 %', { requestsPerSecond: 50 }, { requestsPerSecond: 34.9 }, 'throughput', 'critical'],
  ['a stop', { requestsPerSecond: 50 }, { requestsPerSecond: 0 }, 'throughput', 'critical'],
  ['from nothing', { requestsPerSecond: 0 }, { requestsPerSecond: 5 }, 'throughput', 'no-data'],
];

function judge(
  ...[was, is, metric, significance, tolerances = {}]: readonly [
    ...[PlainFigures, PlainFigures, string, 'on' | 'off', Partial<Tolerances>?],
  ]
): MetricComparison | undefined {
  const options = { significance, tolerances: { ...defaultTolerances, ...tolerances } };
  const found = plainRule({ test: 'shop', baseline: was, observed: is }, options);
  return found.find((comparison) => comparison.metric === metric);
}

for (const [what, was, is, metric, verdict, evidence] of rows) {
  test(`thresholds alone, ${what}: ${verdict}`, () => {
    const one = judge(was, is, metric, 'off');
    expect(one?.verdict).toBe(verdict);
    expect(one?.evidence).toMatch(evidence ?? /./);
    expect(one?.pValue).toBeUndefined();
    // Never as a ratio to zero.
    expect(one?.evidence).not.toMatch(/NaN|Infinity/);
  });
}

const noEvidence =
  /; the threshold is .+, but one figure does not tell how far runs differ by chance$/;
const noCounts = /, but a rate without its counts does not tell how far it differs by chance$/;

const withEvidence: readonly Row[] = [
  ['p95 exactly +50 %', { p95Ms: 200 }, { p95Ms: 300 }, 'p95', 'inconclusive', noEvidence],
  ['p95 just below', { p95Ms: 200 }, { p95Ms: 299.9 }, 'p95', 'pass'],
  ['p95 without end', { p95Ms: 200 }, { p95Ms: Infinity }, 'p95', 'inconclusive', noEvidence],
  ['4.9 ms more', { p95Ms: 1 }, { p95Ms: 5.9 }, 'p95', 'pass', /; by less than 5 ms$/],
  ['5 ms more', { p95Ms: 1 }, { p95Ms: 6 }, 'p95', 'inconclusive', noEvidence],
  ['no p95', { p95Ms: 1 }, {}, 'p95', 'no-data', /^the run has no such figure$/],
  ['exactly −30 %', { requestsPerSecond: 50 }, { requestsPerSecond: 35 }, 'throughput', 'pass'],
  [
    'past −30 %',
    { requestsPerSecond: 50 },
    { requestsPerSecond: 34.9 },
    'throughput',
    'inconclusive',
    noEvidence,
  ],
  ['errors +0.5 points', counts(10), counts(15), 'errorRate', 'inconclusive', /Fisher, p = 0/],
  ['errors +0.4 points', counts(10), counts(14), 'errorRate', 'pass'],
  ['errors +2 points', counts(10), counts(30), 'errorRate', 'critical', /Fisher, p = 0.001/],
  ['20 errors fewer', counts(30), counts(10), 'errorRate', 'improved'],
  ['no requests at all', counts(0, 0), counts(0, 10), 'errorRate', 'no-data'],
  [
    'errors where there were none',
    counts(0),
    counts(1),
    'errorRate',
    'inconclusive',
    /^errors where the baseline had none: 1 of 1000 failed/,
  ],
  ['a rate alone', { errorShare: 0.01 }, counts(15), 'errorRate', 'inconclusive', noCounts],
  ['a rate within', { errorShare: 0.01 }, counts(14), 'errorRate', 'pass'],
  [
    'a rate alone where there was none',
    { errorShare: 0 },
    { errorShare: 0.0001 },
    'errorRate',
    'inconclusive',
    /^errors where the baseline had none: 0.010 %, but a rate without its counts/,
  ],
];

for (const [what, was, is, metric, verdict, evidence] of withEvidence) {
  test(`with evidence asked for, ${what}: ${verdict}`, () => {
    const one = judge(was, is, metric, 'on');
    expect(one?.verdict).toBe(verdict);
    expect(one?.evidence).toMatch(evidence ?? /./);
    expect(one?.evidence).not.toMatch(/NaN|Infinity/);
  });
}

test('tolerances can be others, and name the latencies that are judged', () => {
  const [was, is]: PlainFigures[] = [
    { p99Ms: 100, requestsPerSecond: 10, ...counts(10) },
    { p99Ms: 110, requestsPerSecond: 9, ...counts(11) },
  ];
  const strict: Partial<Tolerances> = {
    latency: { p99: 0.1, p90: 0.1 },
    errorRatePoints: 0.1,
    throughputDrop: 0.05,
  };
  const found = (metric: string) => judge(was!, is!, metric, 'off', strict);
  expect(found('p99')).toMatchObject({ verdict: 'critical', tolerance: '+10 %' });
  expect(found('errorRate')).toMatchObject({ verdict: 'critical', tolerance: '+0.1 points' });
  expect(found('throughput')).toMatchObject({ verdict: 'critical', tolerance: '−5 %' });
  expect(found('p90')).toMatchObject({ verdict: 'no-data', evidence: 'plain figures have no p90' });
  expect(found('p95')).toBeUndefined();
  expect(judge({ p95Ms: 1 }, { p95Ms: 6 }, 'p95', 'on', { latencyFloorMs: 6 })?.verdict).toBe(
    'pass',
  );
});
