/** How a load of several slices ended: the worst of their ends, and the problems of each. */
import { plannedMs } from '../budgets/accounting.ts';
import type { InstrumentFault } from '../budgets/instrument-fault.ts';
import type { Budget } from '../metrics/log/budget.ts';
import { causes, type End } from '../metrics/log/schema.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { defined } from '../platform/defined.ts';
import { groupedBy, sumOf } from '../platform/lists.ts';
import { formatMs } from '../platform/duration.ts';
import type { SliceLog } from './slice-log.ts';
import { sliceFinding, sliceName, sliceNumbers } from './slice-set.ts';

/** Slices that start a load at the same instant begin within this time of each other. */
const spreadMs = 50;

interface WhatElse {
  /** Problems with slices that are not in `logs`. */
  readonly problems: readonly SliceFinding[];
  /** The budgets that judge the whole load. */
  readonly budgets: readonly Budget[];
}

/** `logs`: all read to their ends. */
export function mergeEnds(logs: readonly SliceLog[], { problems, budgets }: WhatElse): End {
  const ends = logs.flatMap(({ end }) => end ?? []);
  const cause = causes.findLast((one) => ends.some((end) => end.cause === one)) ?? 'crashed';
  const detail = ends.find((end) => end.cause === cause)?.detail ?? 'no slice came to its end';
  const overflowedLabels = overflowedIn(ends);
  // The health check after the load is the last one, since earlier ones were made during the load of
  // other slices.
  const lastFirst = [...ends].sort((a, b) => b.atMs - a.atMs);
  const brokenOff = logs.filter(({ end }) => end === undefined);
  return defined({
    type: 'end',
    atMs: Math.max(0, ...logs.map(({ reachedMs }) => reachedMs)),
    cause,
    detail,
    scheduled: sumOf(logs, ({ totals }) => totals.scheduled),
    sent: sumOf(logs, ({ totals }) => totals.sent),
    healthAfter: lastFirst.find((end) => end.healthAfter !== undefined)?.healthAfter,
    monitor: ends.find((end) => end.monitor !== undefined)?.monitor,
    slices: {
      areWhole: brokenOff.length === 0 && problems.length === 0,
      invalid: [
        ...problems,
        ...brokenOff.map(brokenOffFinding),
        ...endedEarly(logs),
        ...startedApart(logs),
        ...partialLabels(logs, budgets),
      ],
      flags: [
        ...unmeasuredClocks(logs),
        ...coarseClocks(logs),
        ...logs.flatMap((log) => log.flags().map((one) => findingOf(log, one))),
      ],
    },
    overflowedLabels: overflowedLabels.length === 0 ? undefined : overflowedLabels,
    notes: notesOf(logs),
  });
}

function brokenOffFinding({ plan, index, reachedMs }: SliceLog): SliceFinding {
  const planned = plannedMs(plan);
  const text =
    `${sliceName(plan)}: its log breaks off at ${formatMs(reachedMs)} of ${formatMs(planned)}: ` +
    'its process died, and what it had in flight is lost';
  const about = { observed: reachedMs, limit: planned, atMs: reachedMs, slices: [index] };
  return sliceFinding(text, about);
}

/** A slice ends early only if others are missing. A part of the load was then not sent. */
function endedEarly(logs: readonly SliceLog[]): SliceFinding[] {
  const lost = logs.filter(({ end }) => end?.cause === 'slice-lost');
  return [...groupedBy(lost, ({ end }) => end!.detail)].map(([detail, early]) => {
    const slices = early.map(({ index }) => index);
    const atMs = Math.max(...early.map(({ reachedMs }) => reachedMs));
    const text = `${sliceNumbers(slices)} ended early, at ${formatMs(atMs)}: ${detail}`;
    const loss = early[0]?.end?.sliceLoss;
    return sliceFinding(text, defined({ observed: early.length, limit: 0, atMs, slices, loss }));
  });
}

/** By their clocks, corrected by the offset from the coordinator's. */
function startedApart(logs: readonly SliceLog[]): SliceFinding[] {
  const started = logs.map(({ plan, end, index }) => ({
    plan,
    index,
    atMs: plan.startedAtEpochMs - (plan.clock?.offsetMs ?? 0) + (end?.begunLateMs ?? 0),
  }));
  const firstMs = Math.min(...started.map(({ atMs }) => atMs));
  return started
    .filter(({ atMs }) => atMs - firstMs > spreadMs)
    .map(({ plan, index, atMs }) => {
      const lateMs = atMs - firstMs;
      const text =
        `${sliceName(plan)} began ${formatMs(lateMs)} after the first (at most ${spreadMs} ms): ` +
        'these slices did not form one load';
      return sliceFinding(text, { observed: lateMs, limit: spreadMs, slices: [index] });
    });
}

/** Each slice keeps the first values of a label that it meets, so the whole has only a part of the others. */
function partialLabels(logs: readonly SliceLog[], budgets: readonly Budget[]): SliceFinding[] {
  if (logs.length < 2) return [];
  const asked = budgets.flatMap(({ labels }) => Object.keys(labels));
  const partial = overflowedIn(logs.flatMap(({ end }) => end ?? []));
  return partial
    .filter((name) => asked.includes(name))
    .map((name) => {
      const text =
        `label ${name} has more values than a slice keeps apart, and each keeps those that it met ` +
        'first: a budget on one of them would judge a part of its requests';
      return sliceFinding(text, { observed: 1, limit: 0 });
    });
}

function overflowedIn(ends: readonly End[]): string[] {
  return [...new Set(ends.flatMap(({ overflowedLabels = [] }) => overflowedLabels))];
}

function unmeasuredClocks(logs: readonly SliceLog[]): SliceFinding[] {
  const hosts = new Set(logs.map(({ plan }) => plan.machine.host));
  const unmeasured = logs.filter(({ plan }) => plan.clock === undefined);
  if (unmeasured.length === 0 || hosts.size < 2) return [];
  const text =
    `the clocks of the ${hosts.size} machines were not compared: slices may have begun as far ` +
    'apart as these differ; a coordinator measures them';
  const slices = unmeasured.map(({ index }) => index);
  return [sliceFinding(text, { observed: unmeasured.length, limit: 0, slices })];
}

/** Over a slow connection, clocks cannot be compared as precisely as the slices' start requires. */
function coarseClocks(logs: readonly SliceLog[]): SliceFinding[] {
  return logs.flatMap(({ plan, index }) => {
    const errorMs = (plan.clock?.roundTripMs ?? 0) / 2;
    if (errorMs <= spreadMs) return [];
    const text =
      `${sliceName(plan)}: its clock is known to ± ${formatMs(errorMs)} only: it may have begun as ` +
      `much before or after the others (at most ${spreadMs} ms); put the coordinator nearer`;
    return [sliceFinding(text, { observed: errorMs, limit: spreadMs, slices: [index] })];
  });
}

/** A finding on one slice's load generator. A missing delay is reported in words. */
function findingOf({ plan, index }: SliceLog, fault: InstrumentFault): SliceFinding {
  const { rule, observed = 0, limit, text, atMs } = fault;
  return defined({
    rule,
    observed,
    limit,
    text: `${sliceName(plan)}: ${text}`,
    atMs,
    slices: [index],
  });
}

/** Each note once, with the number of slices that reported it. */
function notesOf(logs: readonly SliceLog[]): string[] {
  const said = logs.flatMap(({ end, index, tornNote }) =>
    [...(end?.notes ?? []), tornNote ?? []].flat().map((note) => ({ note, index })),
  );
  return [...groupedBy(said, ({ note }) => note)].map(([note, by]) =>
    by.length === logs.length ? note : `${sliceNumbers(by.map(({ index }) => index))}: ${note}`,
  );
}
