/** A load that is followed while it runs: all updates together make the same page as the whole log. */
import { expect, test } from '@playwright/test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LoadFollower, mostPoints } from '../../../load/live/load-follower.ts';
import { patched, type RunPatch, type RunState } from '../../../load/live/page-state.ts';
import { judgeSoFar } from '../../../load/budgets/judge.ts';
import type { LogLine } from '../../../load/metrics/log/schema.ts';
import { DetailFold } from '../../../load/metrics/result/details.ts';
import { ResultFold } from '../../../load/metrics/result/result.ts';
import { loadEntry } from '../../../load/report/files/results-json.ts';
import { pageParts } from '../../../load/report/html/load-page.ts';
import type { TimeChart } from '../../../load/report/html/page-data.ts';
import { timeCharts } from '../../../load/report/html/time-charts.ts';
import { budget, repeat } from '../budgets/make-result.ts';
import { logLines, requests, type MadeLog } from '../report/make-log.ts';

const path = 'shop.ndjson';

/**
 * Seconds with different events: the load grows, a task is added, then errors of two kinds, then only
 * good ones.
 */
function unsteady(seconds: number): MadeLog {
  return {
    seconds: Array.from({ length: seconds }, (_, i) => {
      const query = requests(repeat(40 + (i % 7) * 30, 5 + (i % 11)));
      const kind = i % 3 === 0 ? 'status 500' : 'timeout';
      const error = { kind, count: 1, firstMs: i * 1000, lastMs: i * 1000, sample: 'no room' };
      const others = i > 40 && i < 90 ? { others: { failed: 1 }, errors: [error] } : {};
      const index = { task: 'index documents', request: 'index documents', ...others };
      return i < 20 ? [query] : [query, requests(repeat(300, 3), index)];
    }),
    plan: { budgets: [budget('p95', '< 500 ms'), budget('errorRate', '< 1 %')] },
  };
}

const nothing: Omit<RunState, 'load'> = {
  runId: 'run',
  phase: 'running',
  tests: { columns: [], rows: [] },
  overview: { columns: [], rows: [] },
  names: ['shop'],
  chosen: 'shop',
  slices: { columns: [], rows: [] },
  console: '',
  steerable: 'nothing',
  canStop: false,
  hasReport: false,
  unreadable: [],
};

/** A remote page, which has only the data that was sent, as text. */
function sent(state: RunState, patch: RunPatch | undefined): RunState {
  return patch === undefined
    ? state
    : patched(state, JSON.parse(JSON.stringify(patch)) as RunPatch);
}

function wholeCharts(lines: readonly LogLine[]): TimeChart[] {
  const details = new DetailFold();
  let fold: ResultFold | undefined;
  for (const line of lines) {
    details.add(line);
    if (line.type === 'plan') fold = new ResultFold(line);
    else if (line.type === 'interval') fold?.addInterval(line);
  }
  return JSON.parse(
    JSON.stringify(timeCharts(fold!.result(), details.intervals, { most: mostPoints })),
  ) as TimeChart[];
}

/** The content of a chart, independent of order. */
function told(charts: readonly TimeChart[]): unknown {
  return charts.map(({ id, spans, lines, heat }) => ({
    id,
    spans,
    lines: lines.map(({ name, values }) => [name, values]),
    heat: heat?.cells
      .map(([span, bar, count]) => [span, heat.edgesMs[bar], heat.edgesMs[bar + 1], count])
      .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!),
  }));
}

test('a page that is told what changed draws what the whole log says, at every width of a point', () => {
  const lines = logLines({ ...unsteady(700), end: false });
  const follower = new LoadFollower(path);
  let state: RunState = nothing;
  const looked = new Set([30, 150, 299, 330, 450, 601, 700]);
  for (const [i, line] of lines.entries()) {
    follower.add(line);
    state = sent(state, follower.update());
    if (!looked.has(i)) continue;
    // New kinds of lines appear ten updates later.
    expect(told(state.load!.charts), `after ${i} s`).toEqual(
      told(wholeCharts(lines.slice(0, i + 1))),
    );
  }
});

test('several seconds at once, as a late reader has them, make the same page', () => {
  const lines = logLines({ ...unsteady(200), end: false });
  const follower = new LoadFollower(path);
  let state: RunState = nothing;
  for (let i = 0; i < lines.length; i += 17) {
    for (const line of lines.slice(i, i + 17)) follower.add(line);
    state = sent(state, follower.update());
  }
  for (let i = 0; i < 12; i++) state = sent(state, follower.update());
  expect(told(state.load!.charts)).toEqual(told(wholeCharts(lines)));
});

test('at the end the page has the figures of the report', () => {
  const lines = logLines(unsteady(120));
  const follower = new LoadFollower(path);
  const details = new DetailFold();
  let fold: ResultFold | undefined;
  let state: RunState = nothing;
  for (const line of lines) {
    follower.add(line);
    state = sent(state, follower.update());
    details.add(line);
    if (line.type === 'plan') fold = new ResultFold(line);
    else if (line.type === 'interval') fold!.addInterval(line);
    else fold!.addEnd(line);
  }
  const result = fold!.result();
  const load = { ...result, verdict: judgeSoFar(result), logPath: path };
  const entry = loadEntry(load, load.verdict, path);
  const { budgets, statistics, outcomes, errors, slowest, distributions, ...more } = pageParts({
    load,
    entry,
    details,
  });
  const page = state.load!;
  const same = { budgets, statistics, outcomes, errors, slowest, distributions };
  expect(page).toMatchObject(JSON.parse(JSON.stringify(same)) as Record<string, unknown>);
  expect([page.verdict, page.sentence, page.trust]).toEqual([
    more.verdict,
    more.sentence,
    more.trust,
  ]);
  expect(page.isRunning).toBe(false);
});

test('while it runs the budgets stand as they stand now, and that it has no end spoils nothing', () => {
  const follower = new LoadFollower(path);
  const [plan, ...seconds] = logLines({ ...unsteady(30), end: false });
  follower.add(plan!);
  follower.update();
  expect(follower.page).toMatchObject({ verdict: 'no data so far', isRunning: true });
  for (const line of seconds) follower.add(line);
  follower.update();
  expect(follower.page).toMatchObject({ verdict: 'pass so far', tone: 'good' });
  expect(follower.page!.budgets.rows.map(({ cells }) => cells[0])).not.toContain('no data');
  expect(follower.page!.now).toContainEqual(['users', '5']);
});

interface Window {
  readonly bytes: number;
  readonly ms: number;
}

/** Median time and size of updates over a hundred seconds from then on. */
function watched(follower: LoadFollower, lines: readonly LogLine[], from: number): Window {
  const [bytes, ms]: [number[], number[]] = [[], []];
  for (const line of lines.slice(from, from + 100)) {
    follower.add(line);
    const before = process.cpuUsage();
    const text = JSON.stringify(follower.update());
    const { user, system } = process.cpuUsage(before);
    bytes.push(text.length);
    ms.push((user + system) / 1000);
  }
  const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1]!;
  return { bytes: median(bytes), ms: median(ms) };
}

/** Bytes in use after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('an hour: what an update sends, takes and keeps does not grow with the time', () => {
  const lines = logLines({ ...unsteady(3600), end: false });
  const follower = new LoadFollower(path);
  const skip = (from: number, to: number): void => {
    for (const line of lines.slice(from, to)) follower.add(line);
    follower.update();
  };
  skip(0, 120);
  const early = watched(follower, lines, 120);
  skip(220, 1800);
  const half = heapBytes();
  skip(1800, 3400);
  const late = watched(follower, lines, 3400);
  expect(late.bytes / early.bytes).toBeLessThan(1.5);
  expect(late.ms / early.ms).toBeLessThan(4);
  // A point of the timeline is kept for each second, as in the load's own process.
  expect((heapBytes() - half) / 1700).toBeLessThan(10_000);
  const points = follower.page!.charts.map(({ spans }) => spans.length);
  expect(Math.max(...points)).toBeLessThanOrEqual(mostPoints);
});
