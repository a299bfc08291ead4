/** How the environment changes a load that a spec requests: its limits, and its warm-up. */
import { expect, test } from '@playwright/test';
import { loadRequest } from '../../fixtures/load-request.ts';
import type { RunRequest } from '../../load/run/load-run.ts';
import { readSettings } from '../../load/settings/settings.ts';
import { dataset } from '../../load/user/dataset.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { custom } from '../../load/workload/custom.ts';
import { users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';

const user = defineUser({
  system: 'shop',
  tasks: { query: { run: () => Promise.resolve() } },
}) as unknown as UserDefinition;

interface Asked {
  readonly environment?: Readonly<Record<string, string>>;
  readonly workload?: Workload;
  readonly project?: string;
  readonly budgets?: unknown;
  /** Budgets of the load in the background. */
  readonly ofProbes?: unknown;
  readonly user?: UserDefinition;
  /** Level of an earlier load of the same test. */
  readonly testLevel?: string;
}

function requested(asked: Asked): RunRequest {
  const { environment = {}, workload, project, budgets, ofProbes, testLevel } = asked;
  const settings = readSettings({ LOAD_RUN_DIR: test.info().outputPath('run'), ...environment });
  const target = {
    system: 'shop',
    url: 'http://127.0.0.1:1',
    kind: 'real',
    key: undefined,
    stop: () => Promise.resolve(),
  } as const;
  const testInfo = { ...test.info(), title: 'a load', project: { name: project ?? 'custom' } };
  const context = { target, settings, testLevel, testInfo: testInfo as never };
  const background = [
    {
      name: 'probes',
      user,
      workload: arrivals({ rate: '4/s', duration: '60s' }),
      budgets: ofProbes,
    },
  ];
  return loadRequest(context, asked.user ?? user, workload ?? custom(settings), {
    budgets,
    background,
  });
}

function limitsOf({ budgets }: RunRequest): string[] {
  return budgets.map(({ background, task, key, limitText }) =>
    `${background?.name ?? ''} ${task ?? ''} ${key} ${limitText}`.trim().replaceAll('  ', ' '),
  );
}

const defaults = [
  'errorRate < 1 %',
  'degradedRate < 5 %',
  'throttledRate < 1 %',
  'droppedIterations = 0',
  'longestStall < 2 s',
];

test('a custom load has no limits but the default ones', () => {
  expect(limitsOf(requested({}))).toEqual(defaults);
});

test('pages of metrics that the environment names are read by the monitor, beside the machine', () => {
  const read = (pages: string): string[] => {
    process.env['SHOP_PROMETHEUS'] = pages;
    try {
      return requested({}).machineSources!.map(({ name }) => name);
    } finally {
      delete process.env['SHOP_PROMETHEUS'];
    }
  };
  const names = read('http://gpu-1:9400/metrics http://node-1:9100/metrics#node_load5');
  expect(names).toContain('host');
  expect(names.slice(-2)).toEqual(['gpu-1:9400', 'node-1:9100']);
  expect(() => read('gpu-1')).toThrow(
    'SHOP_PROMETHEUS="gpu-1": gpu-1 is no address; accepted: pages',
  );
});

test('LOAD_BUDGETS sets some, by run and by task, in the place of the same ones of the spec', () => {
  const environment = { LOAD_BUDGETS: 'p95<3s,errorRate<0.5%,query: p50<1s' };
  const budgets = { p95: '< 1 s', p99: '< 4 s' };
  expect(limitsOf(requested({ environment, budgets }))).toEqual([
    'p99 < 4 s',
    'p95 < 3 s',
    'errorRate < 0.5 %',
    'query p50 < 1 s',
    'degradedRate < 5 %',
    'throttledRate < 1 %',
    'droppedIterations = 0',
    'longestStall < 4 s',
  ]);
});

test('a load in the background has limits of its own and the default ones, once it states any', () => {
  const ofProbes = { p95: '< 3 s', errorRate: '< 9 %', tasks: { query: { p50: '< 1 s' } } };
  const environment = { LOAD_BUDGETS: 'p95<5s' };
  expect(limitsOf(requested({ environment, ofProbes })).slice(6)).toEqual([
    'probes p95 < 3 s',
    'probes errorRate < 9 %',
    'probes query p50 < 1 s',
    'probes degradedRate < 5 %',
    'probes throttledRate < 1 %',
    'probes droppedIterations = 0',
    'probes longestStall < 3 s',
  ]);
});

for (const [ofProbes, problem] of [
  [{ p59: '< 1 s' }, 'background["probes"].budgets["p59"]: no such metric, did you mean'],
  [
    { throughput: '> 1 /s' },
    'background["probes"].budgets["throughput"]: throughput does not exist for a load in the background',
  ],
  [{ tasks: { buy: {} } }, 'background["probes"].budgets.tasks["buy"]: no such task'],
  [{ goodput: '> 9 %' }, 'budgets["goodput"]: no limit says which requests are good'],
] as const) {
  test(`${JSON.stringify(ofProbes)} of the background is refused before the first request`, () => {
    expect(() => requested({ ofProbes })).toThrow(problem);
  });
}

for (const [list, problem] of [
  ['errorRates<2%', 'LOAD_BUDGETS["errorRates"]: no such metric, did you mean "errorRate"?'],
  ['p95<2', `LOAD_BUDGETS["p95"]: '< 2' has no unit; accepted: one of`],
  ['search: p95<2s', 'LOAD_BUDGETS.tasks["search"]: no such task'],
] as const) {
  test(`LOAD_BUDGETS=${list} is refused before the first request`, () => {
    expect(() => requested({ environment: { LOAD_BUDGETS: list } })).toThrow(problem);
  });
}

const steady = users({ count: 10, spawnRate: 1, duration: '60s' });
const phasesOf = ({ streams }: RunRequest, stream: number): unknown[] =>
  streams[stream]!.workload.phases.map(({ name, startMs, endMs }) => [name, startMs, endMs]);

test('LOAD_WARM_UP comes before any load, and before what is in its background', () => {
  const environment = { LOAD_WARM_UP: '30s' };
  const request = requested({ environment, workload: steady, project: 'steady' });
  expect(phasesOf(request, 0)).toEqual([
    ['warm-up', 0, 30_000],
    ['ramp-up', 30_000, 40_000],
    ['steady state', 40_000, 90_000],
  ]);
  expect(phasesOf(request, 1)).toEqual([
    ['warm-up', 0, 30_000],
    ['steady state', 30_000, 90_000],
  ]);
});

test('it is scaled like any phase', () => {
  const environment = { LOAD_WARM_UP: '30s', LOAD_TIME_SCALE: '0.1' };
  const request = requested({ environment, workload: steady, project: 'steady' });
  expect(phasesOf(request, 0)[0]).toEqual(['warm-up', 0, 3000]);
});

test('it counts towards the longest load that may start', () => {
  const environment = { LOAD_WARM_UP: '90s', LOAD_MAX_MINUTES: '2' };
  expect(() => requested({ environment, workload: steady, project: 'steady' })).toThrow(
    'the load would take 3 minutes, but LOAD_MAX_MINUTES=2',
  );
});

test('a baseline of a length of its own has it on top', () => {
  const environment = { LOAD_WARM_UP: '30s', LOAD_DURATION: '20s' };
  const request = requested({ environment, workload: steady, project: 'baseline' });
  expect(phasesOf(request, 0).at(-1)).toEqual(['steady state', 40_000, 50_000]);
});

test('a later load of a test has none: it begins with what the first one left', () => {
  const environment = { LOAD_WARM_UP: '30s' };
  const request = requested({
    environment,
    workload: steady,
    project: 'stress',
    testLevel: '200-users',
  });
  expect(phasesOf(request, 0)[0]).toEqual(['ramp-up', 0, 10_000]);
});

test('a dataset whose file is missing says which test wants it, before the first request', () => {
  const withRows = { ...user, data: dataset('nowhere/rows.jsonl', 'unique') } as UserDefinition;
  expect(() => requested({ workload: steady, project: 'steady', user: withRows })).toThrow(
    'the test "a load" needs data: dataset nowhere/rows.jsonl: no such file',
  );
});
