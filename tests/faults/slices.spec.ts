/** Loads in slices as their user runs them: real processes, real sockets, a real merge. */
import { expect } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { judge } from '../../load/budgets/judge.ts';
import { Histogram } from '../../load/metrics/histogram.ts';
import { statisticOf } from '../../load/metrics/percentile.ts';
import type { Sample } from '../../load/metrics/record/sample.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import { outcomesOf, selectSeries, trendOf } from '../../load/metrics/result/select.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { isRunning } from '../child-processes.ts';
import { htmlReportText } from './left-reports.ts';
import { Command, test, type Shop } from './sliced-suite.ts';

/** Each look at the processes starts one itself: more of them would keep the slices from their start. */
const patience = { timeout: 120_000, intervals: [250] };

function settingsOf(shop: Shop, more: Readonly<Record<string, string>> = {}) {
  return { SHOP_URL: shop.url, LOAD_RUN_ID: 'sliced', ...more };
}

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

function summaryIn(folder: string): string {
  return readFileSync(join(folder, 'summary.md'), 'utf8');
}

function logsOfSlices(folder: string, testId: string): string[] {
  return readdirSync(join(folder, 'slices'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson') && name.includes(`${testId}.slice-`))
    .sort()
    .map((name) => join(folder, 'slices', name));
}

/** The requests scheduled in the steady state, from the record of each. */
function sampledTimes(folder: string): Histogram {
  const times = new Histogram();
  for (const name of readdirSync(join(folder, 'slices'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.samples.jsonl.gz') || !name.includes('-60-per-s')) continue;
    const text = gunzipSync(readFileSync(join(folder, 'slices', name))).toString();
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const sample = JSON.parse(line) as Pick<Sample, 'scheduledAtMs' | 'endedAtMs' | 'outcome'>;
      if (sample.outcome !== 'ok') continue;
      times.record((sample.endedAtMs - sample.scheduledAtMs) * 1000);
    }
  }
  return times;
}

async function interruptedIn(project: string, runs: readonly string[]): Promise<number> {
  const logs = runs.flatMap((run) => logsIn(join(project, 'reports', run)));
  const results = await Promise.all(logs.map((path) => readResult(path)));
  const counts = results.map((result) => outcomesOf(selectSeries(result, { phases: 'all' })));
  return counts.reduce((sum, { interrupted = 0 }) => sum + interrupted, 0);
}

test(
  'four slices are the whole load: each request once, one verdict, and it is over all',
  { tag: '@long' },
  async ({ project, shop, start }) => {
    const settings = settingsOf(shop, { LOAD_SAMPLES: '1' });
    const sliced = start(Command.slices(project, ['4', '--project=steady'], settings));
    expect(await sliced.exited, sliced.output).toBe(1);
    const sent = new Map(shop.orders);
    shop.orders.clear();
    const whole = start(
      Command.playwright(project, ['test', '--project=steady', '--reporter=line'], {
        ...settings,
        LOAD_RUN_ID: 'whole',
      }),
    );
    await whole.exited;

    // By the server's own count. An arrival that a machine was too late to start as the load ended is
    // reported.
    const unlike = [...new Set([...sent.keys(), ...shop.orders.keys()])].filter(
      (name) => sent.get(name) !== shop.orders.get(name),
    );
    expect(unlike.length).toBeLessThanOrEqual(await interruptedIn(project, ['sliced', 'whole']));
    expect(sent.size).toBeGreaterThan(150);

    const folder = join(project, 'reports/sliced');
    const { loads } = resultsIn(folder);
    const statusOf = (n: number): unknown =>
      loads[n]?.judgements.find(({ name }) => name === 'throughput')?.status;
    expect([statusOf(0), statusOf(1)]).toEqual(['pass', 'fail']);
    expect(loads[1]?.verdict).toBe('fail');
    // Each slice alone would give the opposite verdict.
    const aloneOf = async (testId: string): Promise<unknown[]> => {
      const logs = logsOfSlices(folder, testId);
      expect(logs).toHaveLength(4);
      const results = await Promise.all(logs.map((path) => readResult(path)));
      return results.map((result) => {
        const judged = judge(result).judgements.find(({ name }) => name === 'throughput');
        return judged?.status;
      });
    };
    expect(await aloneOf('shop-steady-60-per-s')).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(await aloneOf('shop-steady-60.5-per-s')).toEqual(['pass', 'pass', 'pass', 'pass']);

    // Exactly as many as in one recording of all samples, and the same percentiles.
    const union = await readResult(join(folder, 'shop-steady-60-per-s.ndjson'));
    const merged = trendOf(selectSeries(union), 'responseTime');
    const single = sampledTimes(folder);
    expect(merged.count).toBe(single.count);
    for (const statistic of ['p50', 'p95', 'p99'] as const) {
      const [a, b] = [merged, single].map((one) => statisticOf(one, statistic, one.count));
      expect(Math.abs(a! - b!) / b!).toBeLessThan(0.002);
    }
    // The clocks were compared, and are shown with the slices.
    expect(union.plan.merged?.slices.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    expect(union.plan.merged?.slices.every(({ clock }) => clock !== undefined)).toBe(true);
    const html = htmlReportText(join(project, 'reports/html'));
    expect(html).toMatch(/Budget not met: throughput is/);
    expect(summaryIn(folder)).toContain('slices: 4');
  },
);

test('kill -9 of one slice: all end at once, invalid, named, its data up to there is in', async ({
  project,
  shop,
  start,
}) => {
  const { run, folder } = await underLoad({ project, shop, start });
  const runners = run.processes().filter(isRunner);
  expect(runners).toHaveLength(2);
  const [victim] = run
    .processes()
    .filter(({ parent }) => runners.some(({ pid }) => pid === parent))
    .filter(({ pid }) => ofSlice(pid, '2/2'));
  process.kill(victim!.parent, 'SIGKILL');
  process.kill(victim!.pid, 'SIGKILL');
  expect(await run.exited, run.output).toBe(1);

  const [load] = resultsIn(folder).loads;
  expect(load?.verdict).toBe('invalid');
  expect(load?.invalid.map(({ text }) => text).join('\n')).toMatch(
    /slice 2 of 2 \(.*\): its log breaks off at [\d.]+ s of /,
  );
  // Before the minute is over, and with the records of the dead slice.
  expect(load?.end.cause).toBe('slice-lost');
  expect(load?.end.reachedMs).toBeLessThan(load!.end.plannedMs);
  const sent = await Promise.all(
    logsOfSlices(folder, 'shop-endurance-40-per-s').map(
      async (path) => (await readResult(path)).sent,
    ),
  );
  expect(sent).toHaveLength(2);
  expect(sent[1]).toBeGreaterThan(0);
  const union = await readResult(join(folder, 'shop-endurance-40-per-s.ndjson'));
  expect(union.sent).toBe(sent.reduce((sum, own) => sum + own, 0));
});

test(
  'Ctrl-C in the middle: reports of the whole, marked interrupted, nothing is left',
  { tag: '@long' },
  async ({ project, shop, start }) => {
    const { run, folder } = await underLoad({ project, shop, start });
    run.signal('SIGINT');
    expect(await run.exited, run.output).toBe(1);
    const results = resultsIn(folder);
    expect(results.loads.map(({ interrupted }) => interrupted)).toEqual([true]);
    // No slice is missing or was ended because another was lost.
    expect(results.loads[0]?.invalid).toEqual([]);
    expect(summaryIn(folder)).toContain('interrupted');
    // Requests that were due and not sent are counted, too.
    expect(results.loads[0]?.totals.sent).toBe(
      [...shop.orders.values()].reduce((sum, n) => sum + n, 0),
    );
    await expect.poll(() => [...run.seen].filter(isRunning), patience).toEqual([]);
  },
);

test(
  'kill -9 of the launcher: its slices end by themselves, what they sent is in their logs',
  { tag: '@long' },
  async ({ project, shop, start }) => {
    const { run, folder } = await underLoad({ project, shop, start });
    run.signal('SIGKILL');
    await expect.poll(() => [...run.seen].filter(isRunning), patience).toEqual([]);
    const logs = logsOfSlices(folder, 'shop-endurance-40-per-s');
    const parts = await Promise.all(logs.map((path) => readResult(path)));
    expect(parts.map(({ end }) => end?.cause)).not.toContain('completed');
    const sent = parts.reduce((sum, part) => sum + part.sent, 0);
    // A killed process has written all requests up to its last interval, and none that it sent later.
    const writtenToMs = Math.min(
      ...parts.map(({ plan, timeline }) => plan.startedAtEpochMs + timeline.at(-1)!.endMs),
    );
    const written = shop.orderedAtMs.filter((atMs) => atMs < writtenToMs).length;
    expect(written).toBeGreaterThan(0);
    expect(sent).toBeGreaterThanOrEqual(written);
    expect(sent).toBeLessThanOrEqual(shop.orderedAtMs.length);
  },
);

interface Given {
  readonly project: string;
  readonly shop: Shop;
  readonly start: (command: Command) => Command;
}

/** Two slices of a load of a minute, some seconds after its start. */
async function underLoad({
  project,
  shop,
  start,
}: Given): Promise<{ run: Command; folder: string }> {
  const words = ['2', '--project=endurance'];
  const run = start(Command.slices(project, words, settingsOf(shop)));
  const folder = join(project, 'reports/sliced');
  await untilLoaded(folder, run);
  return { run, folder };
}

/** Every slice has written some seconds of load. */
async function untilLoaded(folder: string, run: Command): Promise<void> {
  const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1;
  const fewest = (): number => {
    run.processes();
    if (!existsSync(join(folder, 'slices'))) return 0;
    const logs = logsOfSlices(folder, 'shop-endurance-40-per-s');
    return logs.length < 2 ? 0 : Math.min(...logs.map(linesOf));
  };
  await expect.poll(fewest, patience).toBeGreaterThanOrEqual(4);
}

function isRunner({ command }: { readonly command: string }): boolean {
  return command.includes('cli.js test ');
}

function ofSlice(pid: number, slice: string): boolean {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LOAD_SLICE=${slice}\0`);
}
