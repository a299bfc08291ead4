import { expect, test } from '@playwright/test';
import {
  historyLineOf,
  historyLineSchema,
  judgeHistory,
  predictionBound,
  type HistoryFinding,
  type HistoryLine,
} from '../../../load/baselines/history.ts';
import { defaultTolerances } from '../../../load/baselines/tolerances.ts';
import { defined } from '../../../load/platform/defined.ts';
import { makeRun } from './make-run.ts';

interface MadeLine {
  readonly p95?: number | null;
  readonly rps?: number;
  readonly accepted?: boolean;
  readonly plan?: string;
}

function line({ p95 = 100, rps = 50, accepted = false, plan }: MadeLine = {}): HistoryLine {
  const made = historyLineOf(makeRun(), accepted);
  const figures = {
    ...made.all,
    avg_latency_ms: p95 === null ? null : p95 * 0.6,
    median_latency_ms: p95 === null ? null : p95 / 2,
    p95_latency_ms: p95,
    rps,
  };
  return {
    ...made,
    ...defined({ plan }),
    all: figures,
    tasks: [{ name: 'chat', figures }],
  };
}

function lines(count: number, made: (run: number) => MadeLine = () => ({})): HistoryLine[] {
  return Array.from({ length: count }, (_, run) => line(made(run)));
}

function judged(
  metric: HistoryFinding['metric'],
  earlier: readonly HistoryLine[],
  now: MadeLine,
): HistoryFinding {
  const found = judgeHistory(earlier, line(now), defaultTolerances);
  return found.find((one) => one.metric === metric)!;
}

test('a line survives its file', () => {
  const made = historyLineOf(makeRun(), true);
  expect(historyLineSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  expect(made).toMatchObject({ accepted: true, testId: 'chat-steady-5-users' });
});

test('below ten earlier runs nothing is predicted', () => {
  expect(judged('p95', lines(9), { p95: 900 })).toMatchObject({ verdict: 'too few', earlier: 9 });
  expect(judged('p95', lines(10), { p95: 900 })).toMatchObject({
    verdict: 'regression',
    earlier: 10,
  });
});

test('the prediction is m + t·s·√(1 + 1/n), with s of at least 2 %', () => {
  // t of 9 degrees of freedom at 99 % is 2.821.
  expect(predictionBound(Array.from({ length: 10 }, () => 3))).toBeCloseTo(
    3 + 2.8214 * 0.02 * Math.sqrt(1.1),
    4,
  );
  const logs = [-0.3, -0.2, -0.1, 0, 0, 0, 0, 0.1, 0.2, 0.3];
  expect(predictionBound(logs)).toBeCloseTo(2.8214 * Math.sqrt(0.28 / 9) * Math.sqrt(1.1), 4);
});

test('red needs the prediction passed and the tolerance', () => {
  const steady = lines(12);
  const at = (p95: number): HistoryFinding => judged('p95', steady, { p95 });
  expect(at(104).verdict).toBe('pass');
  expect(at(149)).toMatchObject({ verdict: 'warning', expected: expect.closeTo(100, 6) });
  expect(at(150)).toMatchObject({ verdict: 'regression', limit: expect.closeTo(106, 0) });
  expect(at(40).verdict).toBe('pass');
});

test('a history that is wide predicts little', () => {
  const wide = lines(10, (run) => ({ p95: run % 2 === 0 ? 60 : 170 }));
  expect(judged('p95', wide, { p95: 180 }).verdict).toBe('pass');
});

test('one wild run widens the prediction, and the warning does not care', () => {
  const wild = lines(10, (run) => ({ p95: run === 3 ? 1000 : 100 + run }));
  expect(judged('p95', wild, { p95: 200 }).verdict).toBe('warning');
});

test('throughput is judged downwards, exactly −30 % passing', () => {
  const at = (rps: number): string => judged('throughput', lines(10), { rps }).verdict;
  expect([at(34.9), at(35), at(49), at(80)]).toEqual(['regression', 'warning', 'pass', 'pass']);
});

test('below the floor in milliseconds nothing is red', () => {
  const fast = lines(10, () => ({ p95: 4 }));
  expect(judged('p95', fast, { p95: 8.9 }).verdict).toBe('warning');
  expect(judged('p95', fast, { p95: 9.1 }).verdict).toBe('regression');
});

test('an accepted change is the first run of the new normal', () => {
  const changed = [...lines(20), ...lines(9, (run) => ({ p95: 200, accepted: run === 0 }))];
  expect(judged('p95', changed, { p95: 205 })).toMatchObject({ verdict: 'too few', earlier: 9 });
  const longer = [...changed, line({ p95: 200 })];
  expect(judged('p95', longer, { p95: 205 })).toMatchObject({ verdict: 'pass', earlier: 10 });
});

test('a night that was red is no part of what the next should be like', () => {
  const nights = [...lines(12), ...lines(6, () => ({ p95: 200 }))];
  expect(judged('p95', nights, { p95: 200 })).toMatchObject({ verdict: 'regression', earlier: 12 });
  // A value that got better is the new normal at once, and so is one that only differed.
  const faster = [...lines(12), ...lines(6, () => ({ p95: 60 }))];
  expect(judged('p95', faster, { p95: 60 }).earlier).toBe(18);
});

test('a percentile that lies among requests that were not ok is worse than any', () => {
  const found = judged('p95', lines(10), { p95: null });
  expect(found).toMatchObject({ verdict: 'regression', observed: Infinity });
  const none = line({ p95: null });
  const empty = { ...none, tasks: [{ name: 'chat', figures: { ...none.all, total_requests: 0 } }] };
  const findings = judgeHistory(lines(10), empty, defaultTolerances);
  expect(findings.map(({ metric }) => metric)).toEqual(['throughput']);
});

test('of a reference service every machine has a history of its own', () => {
  const run = makeRun();
  const on = (cpu: string): HistoryLine =>
    historyLineOf({
      ...run,
      plan: { ...run.plan, target: 'reference' },
      made: { ...run.made, cpu },
    });
  const earlier = Array.from({ length: 10 }, () => on('slow'));
  const earlierOf = (now: HistoryLine): unknown =>
    judgeHistory(earlier, now, defaultTolerances).find(({ metric }) => metric === 'throughput');
  expect(earlierOf(on('slow'))).toMatchObject({ earlier: 10, verdict: 'pass' });
  expect(earlierOf(on('fast'))).toMatchObject({ earlier: 0, verdict: 'too few' });
  // If the system runs elsewhere, another machine keeps the same history.
  expect(historyLineOf(run).cpu).toBeUndefined();
});

test('runs of another plan are another history', () => {
  const other = lines(20, () => ({ plan: 'another' }));
  expect(judged('p95', other, {})).toMatchObject({ verdict: 'too few', earlier: 0 });
});
