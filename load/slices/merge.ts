/**
 * Merges the interval logs of the slices of one load into the log that an unsliced load would have left.
 * So all readers of logs (verdicts, reports, baselines) need to know nothing of slices.
 * This folder is about a load that several processes share. Start reading here for the figures of the
 * whole, and in merge-reporter.ts, which Playwright's `merge-reports` loads, for the verdict and the exit
 * code. During the load the slices wait for each other at a barrier (barrier.ts) of the coordinator
 * (coordinator.ts); each has a session there (slice-session.ts).
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Budget } from '../metrics/log/budget.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';
import { defined } from '../platform/defined.ts';
import { sumOf } from '../platform/lists.ts';
import { wholeLoad } from '../workload/slice.ts';
import { mergeEnds } from './merge-ends.ts';
import { mergeIntervals, MonitorSources } from './merge-intervals.ts';
import { MergedRequests } from './merge-requests.ts';
import { MergedLateness } from './merge-lateness.ts';
import { MergedStalls } from './merge-stalls.ts';
import type { SliceLog } from './slice-log.ts';
import { sliceSet } from './slice-set.ts';

/** Writes the merged log to `path`. `budgets`: additional budgets, which are not in the plan. */
export function mergeSlices(
  logs: readonly SliceLog[],
  path: string,
  { budgets = [] }: { readonly budgets?: readonly Budget[] } = {},
): void {
  const { members, invalid } = sliceSet(logs);
  const fd = openSync(path, 'w');
  const write = (line: Plan | Interval | End): void => {
    writeSync(fd, `${JSON.stringify(line)}\n`);
  };
  try {
    const plan = mergePlans(members.map((log) => log.plan));
    const judgedBy = [...plan.budgets, ...budgets];
    write({ ...plan, budgets: judgedBy });
    writeIntervals(members, write);
    write(mergeEnds(members, { problems: invalid, budgets: judgedBy }));
  } finally {
    closeSync(fd);
  }
}

/** `plans`: in the order of the slices, at least one. */
function mergePlans(plans: readonly Plan[]): Plan {
  const { clock, comparedWith, ...first } = plans[0]!;
  const perSecond = sumOf(plans, (plan) => plan.comparedWith?.perSecond ?? 0);
  const slices = plans.map(({ slice, machine: { host, pid }, startedAtEpochMs, clock }) =>
    defined({ index: slice.index, host, pid, startedAtEpochMs, clock }),
  );
  return defined({
    ...first,
    startedAtEpochMs: first.startedAtEpochMs - (clock?.offsetMs ?? 0),
    slice: { ...wholeLoad },
    merged: { count: first.slice.count, slices },
    comparedWith: comparedWith && { ...comparedWith, perSecond },
  });
}

/** Reads all logs side by side, one interval at a time, so that memory does not grow with the run's length. */
function writeIntervals(logs: readonly SliceLog[], write: (line: Interval) => void): void {
  const monitor = new MonitorSources();
  const stalls = new MergedStalls();
  const requests = new MergedRequests();
  const lateness = logs[0] && new MergedLateness(logs[0].plan);
  let startMs: number | undefined;
  let held: Interval | undefined;
  for (;;) {
    const ends = logs.flatMap((log) => log.peek()?.endMs ?? []);
    if (ends.length === 0) break;
    const endMs = Math.max(...ends);
    const beganMs = startMs ?? Math.min(...logs.flatMap((log) => log.peek()?.startMs ?? []));
    startMs = endMs;
    const taken = logs.flatMap((log) =>
      log.takeUntil(beganMs, endMs).map((interval) => ({ slice: log.index, interval })),
    );
    if (taken.length === 0) continue;
    for (const { slice, interval } of taken) stalls.add(slice, interval.stalls);
    if (held !== undefined) write(held);
    const seen = (lateness?.raise(taken) ?? taken).map((one) => monitor.keepIn(one));
    const told = requests.of(taken.map(({ interval }) => interval));
    held = defined({ ...mergeIntervals(seen, { startMs: beganMs, endMs }), requests: told });
  }
  if (held === undefined) return;
  for (const { reachedMs } of logs) stalls.close(reachedMs);
  // Only now is it known when all slices stalled.
  write({ ...held, stalls: stalls.all() });
}
