/** Budgets of background loads: each row belongs to its own stream and has its name. */
import { expect, test } from '@playwright/test';
import { abortReason, lacksSamples } from '../../../load/budgets/during-run.ts';
import { goodputOf } from '../../../load/budgets/goodput.ts';
import { judge } from '../../../load/budgets/judge.ts';
import { parseBudgets } from '../../../load/budgets/parse.ts';
import type { Budget } from '../../../load/metrics/log/budget.ts';
import type { Plan } from '../../../load/metrics/log/schema.ts';
import { Sample } from '../../../load/metrics/record/sample.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { headerLines } from '../../../load/report/text/load-header.ts';
import { metricFigures } from '../../../load/report/text/metric-figures.ts';
import { statisticsIn } from '../../../load/report/text/statistics.ts';
import { verdictTable } from '../../../load/report/text/verdict-table.ts';
import { budget, makeResult, repeat, type MadeInterval } from './make-result.ts';

const background = { stream: 1, name: 'journey' };
const metrics = { paint: { kind: 'trend', unit: 'ms' } } as const;
const [users] = makeResult().plan.streams;
const journey: Plan['streams'][number] = {
  ...users!,
  name: 'journey',
  judged: false,
  metrics,
  tasks: [{ name: 'buy', weight: 1, deadlineMs: 30_000, toleratesDegraded: false }],
};

const budgets = [
  budget('p95', '< 200 ms'),
  ...parseBudgets(
    { 'paint.p50': '< 2 s', errorRate: '< 5 %', tasks: { buy: { p50: '< 1 s' } } },
    { taskNames: ['buy'], metrics, background },
  ),
];

const phases = ['steady state', 'steady state'];
const bought = {
  stream: 1,
  task: 'buy',
  request: 'buy',
  okMs: repeat(700, 100),
  trends: { paint: repeat(1500, 100) },
};

function loaded(
  interval: MadeInterval = {},
  own: readonly Budget[] = budgets,
  more: Partial<Plan> = {},
): Result {
  const second = { phases, series: [{ okMs: repeat(100, 100) }, bought], ...interval };
  const plan = { streams: [users!, journey], ...more };
  return makeResult({ budgets: own, bare: true, plan, intervals: [second] });
}

test('each row is judged by the requests of its own stream, and bears its name', () => {
  const { verdict, judgements } = judge(loaded());
  expect(verdict).toBe('pass');
  expect(judgements.map(({ name, value, samples }) => [name, Math.round(value!), samples])).toEqual(
    [
      ['p95', 100, 100],
      ['journey / paint.p50', 1500, 100],
      ['journey / errorRate', 0, 100],
      ['journey / buy: p50', 700, 100],
    ],
  );
});

test('what fails in the background fails the run, with its errors, and nothing of the load itself', () => {
  const failed = { kind: 'status 500', count: 10, firstMs: 1, lastMs: 9, sample: 'no stock' };
  const series = [
    { okMs: repeat(100, 100) },
    { ...bought, others: { failed: 10 }, errors: [failed] },
  ];
  const result = loaded({ series });
  const verdict = judge(result);
  const broken = verdict.judgements.filter(({ status }) => status === 'fail');
  expect(verdict.verdict).toBe('fail');
  expect(broken.map(({ name }) => name)).toEqual(['journey / errorRate']);
  const table = verdictTable(verdict, result);
  expect(table).toMatch(/FAIL +journey \/ errorRate/);
  expect(table).toMatch(/status 500 +10/);
});

test('the tables and the headline of a load say whose each row is', () => {
  const result = loaded();
  const { rows } = statisticsIn(result, judge(result));
  expect(rows.map(({ stream, name, verdict }) => [stream, name, verdict])).toEqual([
    ['users', 'query', undefined],
    ['users', 'index documents', undefined],
    ['users', '', 'pass'],
    ['journey', 'buy', 'pass'],
    ['journey', '', 'pass'],
  ]);
  const [paint] = metricFigures(result).filter(({ metric }) => metric === 'paint');
  expect(paint).toMatchObject({ background: 'journey', samples: 100 });
  expect(headerLines('a load', result.plan).join(' ')).toContain('journey / errorRate < 5 %');
});

test('stalls are of the stream that stood still', () => {
  const own = [
    budget('longestStall', '< 2 s'),
    ...parseBudgets({ longestStall: '< 2 s' }, { taskNames: [], metrics: {}, background }),
  ];
  const stalls = [{ startMs: 100, endMs: 4100, inFlight: 9, stream: 1 }];
  const { judgements } = judge(loaded({ stalls }, own));
  expect(judgements.map(({ name, status, value }) => [name, status, value])).toEqual([
    ['longestStall', 'pass', 0],
    ['journey / longestStall', 'fail', 4000],
  ]);
});

test('a label or a task that never came is looked for among the requests of its stream', () => {
  const own = parseBudgets(
    { 'p50{tenant=blue}': '< 1 s', 'p50{shop=tea}': '< 1 s' },
    { taskNames: [], metrics: {}, background },
  );
  const series = [
    { okMs: [5], labels: { tenant: 'blue', shop: 'tea' } },
    { ...bought, labels: { tenant: 'green' } },
  ];
  expect(judge(loaded({ series }, own)).reasons).toEqual([
    'journey / p50{shop=tea}: no request has a label "shop"; labels of this run: request, tenant',
    'no budget could be judged',
    'journey / p50{tenant=blue}: no request has tenant "blue"; values that came: green',
  ]);
});

for (const key of [
  'throughput',
  'goodputPerSecond',
  'speedUp',
  'cacheHitRate',
  'targetMemory',
  'rise.p95',
]) {
  test(`${key} is of the load itself, and refused in the background`, () => {
    const known = { taskNames: [], metrics, background };
    expect(() => parseBudgets({ [key]: '< 3' }, known, 'background["journey"].budgets')).toThrow(
      /^background\["journey"\]\.budgets\["/,
    );
    const limit = key === 'targetMemory' ? '< 3 MB' : /cache|rise/.test(key) ? '< 3 %' : '< 3 /s';
    expect(() => parseBudgets({ [key]: key === 'speedUp' ? '< 3' : limit }, known)).toThrow(
      'does not exist for a load in the background; accepted there:',
    );
  });
}

test('goodput counts the requests of its stream by the limits of its stream', () => {
  const own = parseBudgets(
    { goodput: '> 50 %', p95: '< 100 ms' },
    { taskNames: [], metrics, background },
  );
  const isGood = goodputOf([budget('p95', '< 10 s'), ...own])!;
  const sample = (stream: number): Sample => {
    const one = new Sample({ index: 0, stream, task: 'buy', request: 'buy' }, 0, 0);
    one.startedAtMs = 0;
    one.endedAtMs = 500;
    one.outcome = 'ok';
    return one;
  };
  expect(isGood(sample(1))).toBe(false);
  expect(isGood(sample(0))).toBe(true);
});

test('a hopeless journey ends the load, once so much of its own judged time has passed', () => {
  const limit = { limit: '< 500 ms', abortOnFail: true, delay: '1s' };
  const own = parseBudgets({ p50: limit }, { taskNames: [], metrics, background });
  expect(abortReason(loaded({}, own))).toContain('journey / p50');
  expect(abortReason(loaded({ phases: ['steady state', 'ramp-up'] }, own))).toBeUndefined();
});

test('a load goes on for samples that its background lacks, unless that has ended by itself', () => {
  const own = parseBudgets({ p99: '< 9 s' }, { taskNames: [], metrics, background });
  expect(lacksSamples(loaded({}, own))).toBe(true);
  const [phase] = journey.phases;
  const short = { ...journey, phases: [{ ...phase!, endMs: phase!.startMs + 1 }] };
  expect(lacksSamples(loaded({}, own, { streams: [users!, short] }))).toBe(false);
});
