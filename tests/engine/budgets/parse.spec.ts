import { expect, test } from '@playwright/test';
import { budgetableMetrics, parseBudget, parseBudgets } from '../../../load/budgets/parse.ts';

const known = {
  taskNames: ['query', 'index documents'],
  metrics: {
    routerTime: { kind: 'trend', unit: 'ms' },
    answerLength: { kind: 'trend', unit: 'tokens' },
    payload: { kind: 'counter', unit: 'kB' },
    retries: { kind: 'counter' },
    escapes: { kind: 'counter', over: 'run' },
    grounded: { kind: 'rate' },
    cited: { kind: 'rate', over: 'scheduled' },
    gap: { kind: 'difference', of: ['cacheHitRate', 'cited'] },
    poolSize: { kind: 'gauge' },
  },
} as const;

test('stated budgets are parsed, with what the test stated', () => {
  const budgets = parseBudgets(
    {
      p95: '< 3 s',
      'p95{model=small}': { limit: '< 1 s', abortOnFail: true, delay: '30s' },
      tasks: { query: { errorRate: '< 0.1 %' }, 'index documents': { 'service.p99.9': '< 5 s' } },
    },
    known,
  );
  const responseTime = { kind: 'trend', metric: 'responseTime', statistic: 'p95' };
  const upTo = (limit: number) => ({ dimension: 'time', scale: 1, op: '<', limit });
  expect(budgets).toEqual([
    { key: 'p95', limitText: '< 3 s', subject: responseTime, labels: {}, ...upTo(3000) },
    {
      key: 'p95{model=small}',
      limitText: '< 1 s',
      abortOnFail: true,
      delayMs: 30_000,
      subject: responseTime,
      labels: { model: 'small' },
      ...upTo(1000),
    },
    {
      key: 'errorRate',
      limitText: '< 0.1 %',
      task: 'query',
      subject: { kind: 'outcomeShare', metric: 'errorRate' },
      labels: {},
      dimension: 'share',
      scale: 1,
      op: '<',
      limit: 0.001,
    },
    {
      key: 'service.p99.9',
      limitText: '< 5 s',
      task: 'index documents',
      subject: { kind: 'trend', metric: 'service', statistic: 'p99.9' },
      labels: {},
      ...upTo(5000),
    },
  ]);
});

test('none stated are none', () => {
  expect(parseBudgets(undefined, known)).toEqual([]);
  expect(parseBudgets({ p95: undefined, tasks: undefined }, known)).toEqual([]);
});

const keys: readonly [string, string, Record<string, unknown>][] = [
  ['p95', '< 1 s', { subject: { kind: 'trend', metric: 'responseTime', statistic: 'p95' } }],
  ['p99.9', '< 1 s', { subject: { kind: 'trend', metric: 'responseTime', statistic: 'p99.9' } }],
  ['ttft.p99.9', '< 1 s', { subject: { kind: 'trend', metric: 'ttft', statistic: 'p99.9' } }],
  [
    'errorRate',
    '< 0.1 %',
    { subject: { kind: 'outcomeShare', metric: 'errorRate' }, limit: 0.001 },
  ],
  ['throughput', '> 10', { dimension: 'perSecond', limit: 10 }],
  ['averageBatchSize', '> 8', { dimension: 'number', limit: 8 }],
  ['avg{model=small, turn=2}', '< 1 s', { labels: { model: 'small', turn: '2' } }],
  ['routerTime.max', '< 1 s', { dimension: 'time', limit: 1000, scale: 1 }],
  ['answerLength.p50', '> 20', { dimension: 'number', limit: 20 }],
  ['answerLength.p50', '> -20.5', { dimension: 'number', limit: -20.5 }],
  ['answerLength.max', '< 0', { limit: 0 }],
  ['routerTime.max', '>= -2 s', { dimension: 'time', limit: -2000 }],
  ['routerTime.max', '< 3 h', { dimension: 'time', limit: 10_800_000 }],
  ['payload', '< 2 MB', { dimension: 'bytes', limit: 2e6, scale: 1000 }],
  ['goodput', '> 95 %', { subject: { kind: 'rate', metric: 'goodput', over: 'scheduled' } }],
  ['rise.p95', '< 10 %', { subject: { kind: 'rise', metric: 'rise.p95' }, dimension: 'share' }],
  ['retries', '= 0', { subject: { kind: 'counter', metric: 'retries', over: 'judged' }, limit: 0 }],
  ['escapes', '= 0', { subject: { kind: 'counter', metric: 'escapes', over: 'run' } }],
  ['grounded', '> 95 %', { subject: { kind: 'rate', metric: 'grounded', over: 'samples' } }],
  ['cited', '> 95 %', { subject: { kind: 'rate', metric: 'cited', over: 'scheduled' } }],
  [
    'gap',
    '< 2 points',
    {
      subject: {
        kind: 'difference',
        metric: 'gap',
        of: [
          { kind: 'ratio', metric: 'cacheHitRate' },
          { kind: 'rate', metric: 'cited', over: 'scheduled' },
        ],
      },
      limit: 0.02,
    },
  ],
];

for (const [key, limit, parsed] of keys) {
  test(`${key} ${limit} is understood`, () => {
    expect(parseBudget({ key, limit }, known.metrics)).toMatchObject(parsed);
  });
}

const refusals: readonly [object, string][] = [
  [{ 'generatorLag.p99': '< 1 s' }, 'no such metric'],
  [{ p96: '< 1 s' }, 'budgets["p96"]: no such metric, did you mean "p90"?; accepted: p50 p75'],
  [{ erorRate: '< 1 %' }, 'did you mean "errorRate"?'],
  [{ 'servise.p95': '< 1 s' }, 'did you mean "service.p95"?'],
  [{ 'routerTme.p95': '< 1 s' }, 'did you mean "routerTime.p95"?'],
  [{ somethingElseAltogether: '< 1 s' }, 'no such metric; accepted'],
  [{ __proto__x: '< 1 s' }, 'no such metric'],
  [{ constructor: '< 1 s' }, 'no such metric'],
  [{ '': '< 1 s' }, 'budgets[""]: no such metric'],
  [{ ttft: '< 1 s' }, 'ttft needs a statistic, as in ttft.p95'],
  [{ routerTime: '< 1 s' }, 'routerTime needs a statistic'],
  [{ 'errorRate.p95': '< 1 %' }, 'errorRate is a single figure'],
  [{ 'retries.p95': '< 1' }, 'retries is a single figure'],
  [{ poolSize: '< 1' }, 'poolSize is a gauge'],
  [{ 'p95{model}': '< 1 s' }, '"{model}" is no list of labels; accepted: {model=small,turn=2}'],
  [{ 'p95{}': '< 1 s' }, 'is no list of labels'],
  [{ 'p95{a=1,a=2}': '< 1 s' }, 'label "a" stands twice'],
  [{ 'p95{a=1}{b=2}': '< 1 s' }, 'braces are allowed once'],
  [{ 'throughput{a=1}': '> 1 /s' }, 'throughput is not counted by label'],
  [{ p95: '< 3 %' }, `budgets["p95"]: '< 3 %' has the unit "%", but the metric is a time`],
  [{ errorRate: '< 1' }, 'has no unit'],
  [
    { p95: { limt: '< 1 s' } },
    'unknown term "limt"; accepted: limit, abortOnFail, delay, whereReported, last',
  ],
  [{ p95: { limit: '< 1 s', abortOnFail: 'yes' } }, 'abortOnFail: "yes"; accepted: true, false'],
  [{ p95: { limit: '< 1 s', delay: '1s' } }, 'delay: only together with abortOnFail'],
  [{ p95: { limit: '< 1 s', abortOnFail: true, delay: 'x' } }, 'delay: "x" is no duration'],
  [{ p95: { limit: '< 1 s', whereReported: true } }, 'only for figures that the monitor reads'],
  [{ p95: { limit: '< 1 s', last: '5m' } }, 'only for figures that the monitor reads'],
  [{ targetCpu: { limit: '< 80 %', whereReported: 'no' } }, 'whereReported: "no"; accepted: true'],
  [{ targetCpu: { limit: '< 80 %', last: 'x' } }, 'last: "x" is no duration'],
  [
    { 'rise.p95': { limit: '< 10 %', whereReported: true } },
    'only for figures that the monitor reads',
  ],
  [{ 'rise.p95': '> 10 %' }, `rise.p95: '> 10 %' is no upper limit`],
  [{ 'rise.p95': '< 10 ms' }, 'has the unit "ms", but the metric is a share'],
  [{ 'rise.p95{a=1}': '< 10 %' }, 'rise.p95 is not counted by label'],
  [{ 'rise.p96': '< 10 %' }, 'did you mean "rise.p95"?'],
  [
    { tasks: { query: { 'rise.p95': '< 10 %' } } },
    'rise.p95 applies to the whole run, not to a task',
  ],
  [{ p95: '= 2 s' }, `p95: '= 2 s' asks a measured figure to be exactly equal; accepted: one of <`],
  [{ 'ttft.p50': '= 0 ms' }, 'asks a measured figure to be exactly equal'],
  [{ throughput: '= 10 /s' }, 'asks a measured figure'],
  [{ targetCpu: '= 0 %' }, 'asks a measured figure'],
  [{ okRate: '= 99 %' }, 'asks a measured figure'],
  [{ longestStall: '= 2 s' }, 'asks a measured figure'],
  [{ poolAvailable: '= 3' }, 'asks a measured figure'],
  [{ averageBatchSize: '= 8' }, 'asks a measured figure'],
  [{ 'answerLength.p50': '= 20' }, 'asks a measured figure'],
  [{ 'longestStall{a=1}': '< 2 s' }, 'longestStall is not counted by label'],
  [{ 'targetCpu{a=1}': '< 80 %' }, 'targetCpu has no labels; leave the braces out'],
  [{ 'poolAvailable{a=1}': '> 3' }, 'poolAvailable has no labels'],
  [{ 'cacheHitRate{a=1}': '> 3 %' }, 'cacheHitRate has no labels'],
  [{ 'speedUp{a=1}': '> 3' }, 'speedUp has no labels'],
  [{ 'droppedIterations{a=1}': '= 0' }, 'droppedIterations has no labels'],
  [{ 'gap{a=1}': '< 3 %' }, 'gap has no labels'],
  [{ tasks: { query: { targetCpu: '< 80 %' } } }, 'targetCpu applies to the whole system'],
  [{ tasks: { query: { cacheHitRate: '> 8 %' } } }, 'cacheHitRate applies to the whole system'],
  [{ tasks: { query: { speedUp: '> 8' } } }, 'speedUp applies to the whole system'],
  [{ p95: '> -1 s' }, 'has no plain number from 0 up'],
  [{ 'routerTime.p95': '> --1 s' }, 'has no plain number; accepted'],
  [{ p95: null }, 'null is no text'],
  [{ p95: ['< 1 s'] }, 'unknown term "0"'],
  [
    { tasks: { querry: { p95: '< 1 s' } } },
    'budgets.tasks["querry"]: no such task, did you mean "query"?',
  ],
  [{ tasks: { query: { p96: '< 1 s' } } }, 'budgets.tasks["query"]["p96"]: no such metric'],
  [{ tasks: { query: { longestStall: '< 2 s' } } }, 'longestStall applies to the whole run'],
  [{ longestStall: '< 249 ms' }, `budgets["longestStall"]: '< 249 ms' can't be judged: gaps`],
  [{ longestStall: '= 0' }, 'below 250 ms are normal, and not recorded'],
  [{ tasks: 'query' }, `budgets.tasks: "query"; accepted: { p95: '< 3 s' }`],
  [['p95'], 'budgets: ["p95"]; accepted'],
];

for (const [input, message] of refusals) {
  test(`${JSON.stringify(input)} is refused`, () => {
    expect(() => parseBudgets(input, known)).toThrow(message);
  });
}

for (const [key, limit] of [
  ['droppedIterations', '= 3'],
  ['retries', '= 2'],
  ['errorRate', '= 0 %'],
  ['okRate', '= 100 %'],
  ['cited', '= 100 %'],
  ['answerLength.max', '= 0'],
] as const) {
  test(`${key} may be ${limit.slice(2)} exactly`, () => {
    expect(parseBudgets({ [key]: limit }, known)).toMatchObject([{ op: '=' }]);
  });
}

test('a log of before may state what is refused now', () => {
  expect(parseBudget({ key: 'p95', limit: '= 2 s' })).toMatchObject({ op: '=', limit: 2000 });
});

test('all problems are named at once', () => {
  const input = { p96: '< 1 s', p95: '< 1', tasks: { nobody: {} } };
  expect(() => parseBudgets(input, known)).toThrow(
    /budgets\["p96"\].*\nbudgets\["p95"\].*\nbudgets\.tasks\["nobody"\]: no such task; accepted: "query", "index documents"/,
  );
});

test('of the users beside the judged one what they count over the whole run may be named', () => {
  const probes = { escapes: { kind: 'counter', over: 'run' }, sent: { kind: 'counter' } } as const;
  const own = { retries: { kind: 'counter' } } as const;
  const metrics = budgetableMetrics([own, probes]);
  const state = (key: string) => parseBudgets({ [key]: '= 0' }, { taskNames: [], metrics });
  expect(state('escapes')).toMatchObject([{ subject: { kind: 'counter', over: 'run' } }]);
  expect(state('retries')).toHaveLength(1);
  expect(() => state('sent')).toThrow('no such metric');
});
