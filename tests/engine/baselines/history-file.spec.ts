import { expect, test } from '@playwright/test';
import { appendFileSync } from 'node:fs';
import { appendHistory, historyPath, readHistory } from '../../../load/baselines/history-file.ts';
import {
  compareWithHistory,
  historyLineOf,
  historyLineWithoutLag,
  type HistoryLine,
} from '../../../load/baselines/history.ts';
import { makeRun } from './make-run.ts';

function line(runId: string, p95: number, more: Partial<HistoryLine> = {}): HistoryLine {
  const figures = {
    avg_latency_ms: p95 / 2,
    median_latency_ms: p95 / 2,
    p95_latency_ms: p95,
    p99_latency_ms: p95,
    error_rate_pct: 0,
    rps: 50,
    total_requests: 100,
    total_failures: 0,
  };
  return {
    schema: 1,
    runId,
    testId: 'a',
    environment: 'ci',
    plan: 'p',
    startedAt: '2026-01-01T00:00:00Z',
    all: figures,
    tasks: [{ name: 'chat', figures }],
    ...more,
  };
}

const nights = Array.from({ length: 12 }, (_, night) => line(`night-${night}`, 100 + (night % 3)));

test('lines are appended and read again, oldest first', ({}, testInfo) => {
  const path = historyPath(testInfo.outputPath('baselines'), 'ci', 'a');
  expect(path).toMatch(/baselines\/ci\/history\/a\.jsonl$/);
  expect(readHistory(path)).toEqual([]);
  for (const night of nights) appendHistory(path, night);
  expect(readHistory(path)).toEqual(nights);
});

for (const [what, text, reason] of [
  ['half a line', '{"schema": 1', /a\.jsonl:2: .*JSON/],
  ['a later schema', '{"schema": 2}', /a\.jsonl:2: schema: .*accepted are lines of schema 1/],
  ['no figures', '{"schema": 1, "runId": "x"}', /a\.jsonl:2: testId/],
] as const) {
  test(`${what} is refused by its line`, ({}, testInfo) => {
    const path = historyPath(testInfo.outputPath('baselines'), 'ci', 'a');
    appendHistory(path, nights[0]!);
    appendFileSync(path, `${text}\n`);
    expect(() => readHistory(path)).toThrow(reason);
  });
}

function against(now: HistoryLine, lines: readonly HistoryLine[] = nights) {
  const { comparisons, notes } = compareWithHistory(lines, now, 'rag-service', {});
  return { verdicts: comparisons.map((one) => `${one.metric} ${one.verdict}`), comparisons, notes };
}

test('a run as before passes, beside what its history predicts', () => {
  const { verdicts, comparisons, notes } = against(line('now', 101));
  const metrics = ['avg', 'p50', 'p95', 'throughput'];
  expect(verdicts).toEqual(metrics.map((metric) => `history ${metric} pass`));
  expect(comparisons[2]).toMatchObject({
    task: 'chat',
    observed: 101,
    tolerance: 'at most 107 ms',
  });
  expect(notes).toEqual([]);
});

test('twice as slow is a regression, and says what was predicted', () => {
  const { verdicts, comparisons } = against(line('now', 200));
  const latencies = ['avg', 'p50', 'p95'];
  expect(verdicts.slice(0, 3)).toEqual(latencies.map((metric) => `history ${metric} regression`));
  expect(comparisons[2]?.evidence).toBe(
    '200 ms; the 12 runs before it predict at most 107 ms for 99 runs in 100',
  );
});

test('unlike the runs before, and within the tolerance, is a note', () => {
  const { verdicts, notes } = against(line('now', 125));
  expect(verdicts).toContain('history p95 pass');
  expect(notes[2]).toMatch(/^chat: p95: 125 ms differs from the 12 runs before it \(mean 101 ms/);
});

test('a run is not its own history, nor are nine earlier ones one', () => {
  expect(against(line('night-3', 200), nights.slice(0, 10)).verdicts).toEqual([]);
  expect(against(line('now', 200), nights.slice(0, 10)).verdicts).toHaveLength(4);
});

test('what is older than the baseline is not asked', () => {
  const later = { startedAt: '2026-02-01T00:00:00.000Z' };
  const lines = [...nights, ...nights.map((night, n) => ({ ...night, ...later, runId: `b-${n}` }))];
  const asked = (since: string): number =>
    compareWithHistory(lines, line('now', 101), 'rag-service', {}, since).comparisons.length;
  expect([asked(later.startedAt), asked('2026-02-01T00:00:00.001Z')]).toEqual([4, 0]);
});

test('an accepted change restarts it', () => {
  const slower = Array.from({ length: 9 }, (_, night) => line(`later-${night}`, 200));
  const lines = [...nights, line('accepted', 200, { accepted: true }), ...slower];
  expect(against(line('now', 201), lines).verdicts).toContain('history p95 pass');
});

test('what is worse only with this machine’s own lateness proves nothing', () => {
  const late = { ...makeRun({ lagMs: { avg: 95, p50: 0, p95: 95 } }), runId: 'now' };
  const [task] = late.tasks;
  const ms = { avg_latency_ms: 100, median_latency_ms: 200, p95_latency_ms: 200 };
  const figures = { ...task!.figures, ...ms, rps: 50 };
  const run = { ...late, tasks: [{ ...task!, figures }], all: { ...late.all, figures } };
  const { plan, environment } = historyLineOf(run);
  const lines = nights.map((night) => ({ ...night, plan, environment }));
  const { comparisons } = compareWithHistory(
    lines,
    historyLineOf(run),
    'chat',
    {},
    '',
    historyLineWithoutLag(run),
  );
  const [avg, p50, p95] = comparisons;
  expect([avg?.verdict, p50?.verdict]).toEqual(['inconclusive', 'regression']);
  expect(p95?.verdict).toBe('inconclusive');
  expect(p95?.evidence).toMatch(/; but this machine's own lateness may be the reason: rerun/);
});
