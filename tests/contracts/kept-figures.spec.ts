/**
 * Seeded loads in virtual time, and everything that is written of them. The figures (`.figures.json`)
 * must stay as they are whatever becomes of the code; texts and raw lines may change on purpose.
 */
import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { compareWithBefore } from './kept-figures-compared.ts';
import { linesOf, sectionsOf } from './kept-figures-lines.ts';
import { arrivals, pacing, spike, stages, users, type KeptLoad } from './kept-figures-run.ts';
import { comparedFigures, figuresOf } from './kept-figures-shape.ts';
import * as user from './kept-figures-users.ts';
import { derivedOf, readBefore, within, write, writeAll } from './kept-figures-written.ts';

const loads: readonly KeptLoad[] = [
  {
    name: 'closed',
    workload: users({
      count: 14,
      spawnRate: 7,
      duration: '20s',
      warmUp: { duration: '2s', users: 2 },
    }),
    user: user.labelled,
    budgets: {
      p50: '< 150 ms',
      p95: '< 1 s',
      'p90{model=small}': '< 300 ms',
      'cost.p75': '< 90 ms',
      tokens: '> 100',
      cached: '> 10 %',
      throughput: '> 5 /s',
      tasks: { search: { p90: '< 400 ms', errorRate: '< 2 %' } },
    },
    extra: { 'service.p50': '< 1 ms', p99: '< 2 s' },
    isCompared: true,
  },
  {
    name: 'open-constant',
    workload: arrivals({ rate: 20, duration: '12s', warmUp: '2500ms' }),
    user: user.streamed,
    isStreamed: true,
    budgets: {
      'ttft.p90': '< 100 ms',
      'ttftResponse.p50': '< 80 ms',
      'interToken.p90': '< 15 ms',
      'chunkGap.max': '< 30 ms',
      throttledRate: '< 5 %',
      cacheHitRate: '> 10 %',
      cacheHitRateGap: '< 80 %',
      targetMemory: '< 300 MB',
      targetDescriptors: { limit: '< 60', last: '5s' },
      targetCpu: { limit: '< 80 %', whereReported: true },
      poolAvailable: '>= 6',
      speedUp: '> 2',
    },
    extra: { averageBatchSize: '> 7' },
    perSecondBefore: 1.5,
    healthAfter: { ok: true, detail: 'ready' },
    isCompared: true,
  },
  {
    name: 'open-poisson',
    workload: arrivals({
      rate: 22,
      duration: '15s',
      process: 'poisson',
      maxUsers: 3,
      maxBacklog: 2,
    }),
    user: user.queueing,
    budgets: { p90: '< 1 s', 'scheduleLag.p90': '< 1 s', 'generatorLag.p99': '< 5 ms' },
  },
  {
    name: 'open-ramping',
    workload: arrivals({
      from: '5/s',
      process: { gamma: 0.5 },
      stages: [
        { rate: '15/s', duration: '4s' },
        { rate: '15/s', duration: '8s' },
        { rate: 0, duration: '3s' },
      ],
    }),
    user: user.plain,
    isShortened: true,
    budgets: { p95: '< 210 ms', p99: '< 1 s' },
  },
  {
    name: 'stages',
    workload: stages(
      [
        { users: 8, duration: '4s' },
        { users: 8, duration: '6s' },
        { users: 3, duration: '3s' },
        { users: 3, duration: '5s' },
      ],
      { from: 2, thinkTime: pacing('400ms') },
    ),
    user: user.plain,
    budgets: { 'p99.9': '< 1 s', p75: '< 180 ms' },
    isShortened: true,
  },
  {
    name: 'spike',
    workload: spike({ count: 30, spawnRate: 10, duration: '8s' }),
    user: user.queueing,
    budgets: { p50: '< 1 s', throughput: '> 30 /s' },
  },
  {
    name: 'background',
    workload: users({ count: 5, spawnRate: 5, duration: '12s' }),
    user: user.plain,
    background: (world) => ({
      probes: { user: user.probing(world), workload: arrivals({ rate: 4, duration: '10s' }) },
      others: {
        user: user.plain(world),
        workload: users({ count: 2, spawnRate: 2, duration: '8s' }),
      },
    }),
    budgets: { p90: '< 300 ms' },
  },
  {
    name: 'sessions',
    workload: users({ count: 4, spawnRate: 4, duration: '14s' }),
    user: user.inSessions,
    budgets: { errorRate: '< 10 %', p95: '< 60 ms' },
  },
  {
    name: 'sliced',
    slices: 4,
    workload: arrivals({ rate: 24, duration: '10s', warmUp: '2s', process: 'poisson' }),
    user: user.labelled,
    budgets: { p95: '< 1 s', 'p90{model=small}': '< 300 ms' },
    extra: { p50: '< 1 ms' },
    healthAfter: { ok: true, detail: 'ready' },
  },
  {
    name: 'sliced-closed',
    slices: 4,
    workload: users({ count: 10, spawnRate: 5, duration: '14s' }),
    user: user.failingInAllWays,
    budgets: { longestStall: '< 1 s', 'p90{way=here}': '< 300 ms' },
    stopAtMs: 11_500,
  },
  {
    name: 'red',
    workload: users({ count: 12, spawnRate: 12, duration: '14s' }),
    user: user.failingInAllWays,
    budgets: { p50: '< 20 ms', longestStall: '< 1 s', tasks: { query: { degradedRate: '< 1 %' } } },
    healthAfter: { ok: false, detail: 'status 503 for 10 s' },
  },
  {
    name: 'aborted',
    workload: users({ count: 4, spawnRate: 4, duration: '60s' }),
    user: user.failingInAllWays,
    budgets: { errorRate: { limit: '< 20 %', abortOnFail: true, delay: '3s' } },
  },
  {
    name: 'interrupted',
    workload: users({ count: 6, spawnRate: 3, duration: '30s' }),
    user: user.hanging,
    budgets: { p50: '< 1 s', p99: '< 1 s', 'p50{model=none}': '< 1 s' },
    stopAtMs: 7300,
    cutAtMs: 9100,
  },
  {
    name: 'extended',
    workload: arrivals({ rate: 9, duration: '6s' }),
    user: user.plain,
    budgets: { p95: '< 1 s' },
  },
  {
    name: 'rising',
    workload: arrivals({ rate: 1.5, duration: '11m' }),
    user: user.queueing,
    budgets: { 'rise.p95': '< 10 %', p95: '< 1 s' },
  },
  {
    name: 'late',
    workload: users({ count: 8, spawnRate: 8, duration: '8s' }),
    user: user.plain,
    budgets: { p50: '< 1 s' },
    lateMs: 60,
  },
  {
    name: 'disturbed',
    workload: users({ count: 3, spawnRate: 3, duration: '8s' }),
    user: user.plain,
    budgets: { p50: '< 100 ms' },
    isDisturbed: true,
  },
  {
    name: 'torn',
    workload: users({ count: 3, spawnRate: 3, duration: '8s' }),
    user: user.plain,
    budgets: { p50: '< 1 s' },
    tornAfter: 5,
  },
];

/** So many lines of a log are kept as they are. */
const keptLines = 14;

for (const load of loads) {
  test(`what is written of the load ${load.name}`, async () => {
    const written = await within(test.info().outputPath('kept'), () => write(load));
    const { result, inMemory, lines, texts, compared } = written;
    const figures = linesOf(figuresOf(result, derivedOf(result)));
    if (inMemory !== undefined) {
      const own = linesOf(figuresOf(inMemory, derivedOf(inMemory)));
      expect.soft(own).toBe(figures);
    }
    if (Object.keys(compared).length > 0) {
      const beside = linesOf(comparedFigures(compared));
      expect.soft(`${beside}\n`).toMatchSnapshot(['figures', `${load.name}.compared.figures.json`]);
    }
    const log = lines.length <= keptLines ? lines : [...lines.slice(0, 9), ...lines.slice(-5)];
    expect.soft(`${figures}\n`).toMatchSnapshot(['figures', `${load.name}.figures.json`]);
    expect.soft(log.join('\n')).toMatchSnapshot(['figures', `${load.name}.log.ndjson`]);
    expect.soft(sectionsOf(texts)).toMatchSnapshot(['figures', `${load.name}.texts.txt`]);
  });
}

test('what is written of all loads together', async () => {
  const whole = loads.filter(({ slices }) => slices === undefined);
  const texts = await within(test.info().outputPath('kept'), () => writeAll(whole));
  expect(sectionsOf(texts)).toMatchSnapshot(['figures', 'all.texts.txt']);
});

/** Logs, a baseline and a history as they were written before anything of this was changed. */
const before = join(import.meta.dirname, 'kept/figures/before');

for (const name of ['closed', 'sliced']) {
  test(`the log of the load ${name} that was written before says what it said`, async () => {
    const result = await readBefore(join(before, `${name}.ndjson`));
    const figures = linesOf(figuresOf(result, derivedOf(result)));
    expect(`${figures}\n`).toMatchSnapshot(['figures', `${name}-before.figures.json`]);
  });
}

test('a baseline and a history that were written before stay comparable', async () => {
  const closed = loads.find(({ name }) => name === 'closed')!;
  const { compared, texts } = await within(test.info().outputPath('kept'), () =>
    compareWithBefore(closed, before),
  );
  const figures = linesOf(comparedFigures(compared));
  expect.soft(`${figures}\n`).toMatchSnapshot(['figures', 'before-baseline.figures.json']);
  expect.soft(sectionsOf(texts)).toMatchSnapshot(['figures', 'before-baseline.texts.txt']);
});
