/**
 * Merges the interval logs of the slices of one load into the log that the whole load would have left:
 * so whatever reads logs (verdicts, reports, baselines) needs to know nothing of slices.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Budget } from '../metrics/log/budget.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';
import { defined } from '../platform/defined.ts';
import { wholeLoad } from '../workload/slice.ts';
import { mergeIntervals, OneMonitor, type IntervalOfSlice } from './merge-intervals.ts';
import { mergeEnds, type EndedSlice } from './merge-ends.ts';
import { SliceInstrument } from './slice-instrument.ts';
import type { SliceLog } from './slice-log.ts';
import { unionMembers } from './slice-set.ts';
import { UnionStalls } from './merge-stalls.ts';

/** Writes the merged log to `path`. `budgets`: those that were asked for on top of the plan's. */
export function mergeSlices(
  logs: readonly SliceLog[],
  path: string,
  { budgets = [] }: { readonly budgets?: readonly Budget[] } = {},
): void {
  const { members, invalid } = unionMembers(logs);
  const fd = openSync(path, 'w');
  const write = (line: Plan | Interval | End): void => {
    writeSync(fd, `${JSON.stringify(line)}\n`);
  };
  try {
    const plan = mergePlans(members.map((log) => log.plan));
    const judgedBy = [...plan.budgets, ...budgets];
    write({ ...plan, budgets: judgedBy });
    const slices = members.map((log) => ({ log, instrument: new SliceInstrument(log.plan) }));
    writeIntervals(slices, write);
    write(mergeEnds(slices, { problems: invalid, budgets: judgedBy }));
  } finally {
    closeSync(fd);
  }
}

/** `plans`: in the order of the slices, at least one. */
export function mergePlans(plans: readonly Plan[]): Plan {
  const { clock, ...first } = plans[0]!;
  const compared = plans.flatMap(({ comparedWith }) => comparedWith ?? []);
  const perSecond = compared.reduce((sum, one) => sum + one.perSecond, 0);
  return {
    ...first,
    startedAtEpochMs: first.startedAtEpochMs - (clock?.offsetMs ?? 0),
    slice: { ...wholeLoad },
    merged: {
      count: first.slice.count,
      slices: plans.map((plan) =>
        defined({
          index: plan.slice.index,
          host: plan.machine.host,
          pid: plan.machine.pid,
          startedAtEpochMs: plan.startedAtEpochMs,
          clock: plan.clock,
        }),
      ),
    },
    ...defined({ comparedWith: compared[0] && { ...compared[0], perSecond } }),
  };
}

/** All logs side by side, an interval at a time: memory does not grow with the length of the run. */
function writeIntervals(slices: readonly EndedSlice[], write: (line: Interval) => void): void {
  const monitor = new OneMonitor();
  const stalls = new UnionStalls();
  let startMs: number | undefined;
  let held: Interval | undefined;
  for (;;) {
    const ends = slices.flatMap(({ log }) => log.peek()?.endMs ?? []);
    if (ends.length === 0) break;
    const endMs = Math.max(...ends);
    startMs ??= Math.min(...slices.flatMap(({ log }) => log.peek()?.startMs ?? []));
    const span = [startMs, endMs] as const;
    const parts = slices.flatMap((slice) => takeUntil(span, slice));
    startMs = endMs;
    if (parts.length === 0) continue;
    for (const { slice, interval } of parts) stalls.add(slice, interval.stalls);
    if (held !== undefined) write(held);
    const seen = parts.map((part) => seenBy(monitor, part));
    held = mergeIntervals(seen, { startMs: span[0], endMs });
  }
  if (held === undefined) return;
  for (const { log, instrument } of slices)
    stalls.close(log.plan.slice.index, instrument.reachedMs);
  // Only now is it known when all of them stood still.
  write({ ...held, stalls: stalls.all() });
}

/** What lies before the moment, for the better part: borders are met within a moment, not exactly. */
function takeUntil(
  [startMs, endMs]: readonly [startMs: number, endMs: number],
  { log, instrument }: EndedSlice,
): IntervalOfSlice[] {
  const parts: IntervalOfSlice[] = [];
  for (let head = log.peek(); head !== undefined; head = log.peek()) {
    const liesBefore = (head.startMs + head.endMs) / 2 < endMs;
    // One of no length, cut as its load ended, is a time of its own where nothing else is left.
    if (!liesBefore && (startMs < endMs || parts.length > 0)) break;
    log.take();
    instrument.add(head);
    parts.push({ slice: log.plan.slice.index, interval: head });
  }
  return parts;
}

function seenBy(monitor: OneMonitor, { slice, interval }: IntervalOfSlice): IntervalOfSlice {
  const readings = interval.monitor?.readings;
  if (readings === undefined) return { slice, interval };
  const kept = monitor.keep(slice, readings);
  return { slice, interval: { ...interval, monitor: { ...interval.monitor, readings: kept } } };
}
