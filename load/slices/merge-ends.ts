/** How a load ended of which several slices ran: the worst of their ends, and what was wrong with each. */
import { formatMs } from '../platform/duration.ts';
import { labelsOfKey } from '../budgets/key.ts';
import { causes, type BudgetLine, type End } from '../metrics/log/schema.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { plannedMs } from '../budgets/accounting.ts';
import { defined } from '../platform/defined.ts';
import type { SliceInstrument } from './slice-instrument.ts';
import type { SliceLog } from './slice-log.ts';
import { sliceFinding, sliceName } from './slice-set.ts';

/** A slice whose log has been read to its end. */
export interface EndedSlice {
  readonly log: SliceLog;
  readonly instrument: SliceInstrument;
}

/** Slices that begin a load at one instant do so within this. */
const spreadMs = 50;

export interface WhatElse {
  /** Findings about slices that are not among these. */
  readonly problems: readonly SliceFinding[];
  /** Those that the whole load is judged by. */
  readonly budgets: readonly BudgetLine[];
}

export function mergeEnds(slices: readonly EndedSlice[], { problems, budgets }: WhatElse): End {
  const ends = slices.flatMap(({ log }) => (log.end === undefined ? [] : [log.end]));
  const cause = causes.findLast((one) => ends.some((end) => end.cause === one)) ?? 'crashed';
  const detail = ends.find((end) => end.cause === cause)?.detail ?? 'no slice came to its end';
  const overflowedLabels = overflowedIn(ends);
  // After the load is after the last of them: who asked before asked a system under load.
  const { healthAfter } =
    [...ends].sort((a, b) => b.atMs - a.atMs).find((end) => end.healthAfter !== undefined) ?? {};
  const monitor = ends.find((end) => end.monitor !== undefined)?.monitor;
  const brokenOff = slices.filter(({ log }) => log.end === undefined);
  const found = slices.map(({ log, instrument }) => ({ log, ...instrument.findings() }));
  const named = (of: 'invalid' | 'flags'): SliceFinding[] =>
    found.flatMap((one) => one[of].map((finding) => withName(one.log, finding)));
  return defined({
    type: 'end',
    atMs: Math.max(0, ...slices.map(({ instrument }) => instrument.reachedMs)),
    cause,
    detail,
    scheduled: sum(slices.map(({ log, instrument }) => log.end?.scheduled ?? instrument.scheduled)),
    sent: sum(slices.map(({ log, instrument }) => log.end?.sent ?? instrument.sent)),
    healthAfter,
    monitor,
    slices: {
      areWhole: brokenOff.length === 0 && problems.length === 0,
      invalid: [
        ...problems,
        ...brokenOff.map(brokenOffFinding),
        ...endedEarly(slices),
        ...startedApart(slices),
        ...partialLabels(slices, budgets),
        ...named('invalid'),
      ],
      flags: [...unmeasuredClocks(slices), ...coarseClocks(slices), ...named('flags')],
    },
    overflowedLabels: overflowedLabels.length === 0 ? undefined : overflowedLabels,
    notes: notesOf(slices),
  });
}

function brokenOffFinding({ log, instrument }: EndedSlice): SliceFinding {
  const { reachedMs } = instrument;
  const planned = plannedMs(log.plan);
  const text =
    `${sliceName(log.plan)}: its log breaks off at ${formatMs(reachedMs)} of ${formatMs(planned)}: ` +
    'its process died, and what it had in flight is lost';
  return { ...sliceFinding(text, reachedMs, planned), atMs: reachedMs };
}

/** Slices abort nothing by themselves, but where the others are not there: then a part was not sent. */
function endedEarly(slices: readonly EndedSlice[]): SliceFinding[] {
  const details = new Map<string, EndedSlice[]>();
  for (const slice of slices) {
    const { end } = slice.log;
    if (end?.cause !== 'slice-lost') continue;
    details.set(end.detail, [...(details.get(end.detail) ?? []), slice]);
  }
  return [...details].map(([detail, early]) => {
    const names = early.map(({ log }) => log.plan.slice.index).join(', ');
    const atMs = Math.max(...early.map(({ instrument }) => instrument.reachedMs));
    const text = `slice${early.length > 1 ? 's' : ''} ${names} ended early, at ${formatMs(atMs)}: ${detail}`;
    return { ...sliceFinding(text, early.length, 0), atMs };
  });
}

/** By their clocks, as compared with the coordinator's. */
function startedApart(slices: readonly EndedSlice[]): SliceFinding[] {
  const started = slices.map(({ log: { plan, end } }) => ({
    plan,
    atMs: plan.startedAtEpochMs - (plan.clock?.offsetMs ?? 0) + (end?.begunLateMs ?? 0),
  }));
  const firstMs = Math.min(...started.map(({ atMs }) => atMs));
  return started
    .filter(({ atMs }) => atMs - firstMs > spreadMs)
    .map(({ plan, atMs }) => {
      const lateMs = atMs - firstMs;
      const text =
        `${sliceName(plan)} began ${formatMs(lateMs)} after the first (at most ${spreadMs} ms): ` +
        'these slices were no load together';
      return sliceFinding(text, lateMs, spreadMs);
    });
}

/** Each slice keeps the values apart that it meets first: of others the whole knows a part only. */
function partialLabels(
  slices: readonly EndedSlice[],
  budgets: readonly BudgetLine[],
): SliceFinding[] {
  if (slices.length < 2) return [];
  const partial = overflowedIn(slices.flatMap(({ log }) => log.end ?? []));
  const asked = new Set(budgets.flatMap(({ key }) => Object.keys(labelsOfKey(key))));
  return partial
    .filter((name) => asked.has(name))
    .map((name) => {
      const text =
        `label ${name} has more values than a slice keeps apart, and each keeps those that it met ` +
        'first: a budget on one of them would judge a part of its requests';
      return sliceFinding(text, 1, 0);
    });
}

function overflowedIn(ends: readonly End[]): string[] {
  return [...new Set(ends.flatMap(({ overflowedLabels = [] }) => overflowedLabels))];
}

function unmeasuredClocks(slices: readonly EndedSlice[]): SliceFinding[] {
  const hosts = new Set(slices.map(({ log }) => log.plan.machine.host));
  const unmeasured = slices.filter(({ log }) => log.plan.clock === undefined);
  if (unmeasured.length === 0 || hosts.size < 2) return [];
  const text =
    `nobody compared the clocks of the ${hosts.size} machines: slices may have begun apart by as ` +
    'much as these differ; with a coordinator they are measured';
  return [sliceFinding(text, unmeasured.length, 0)];
}

/** Over a slow way two clocks can't be compared as finely as slices must begin together. */
function coarseClocks(slices: readonly EndedSlice[]): SliceFinding[] {
  return slices.flatMap(({ log: { plan } }) => {
    const errorMs = (plan.clock?.roundTripMs ?? 0) / 2;
    if (errorMs <= spreadMs) return [];
    const text =
      `${sliceName(plan)}: its clock is known to ± ${formatMs(errorMs)} only: it may have begun as ` +
      `much before or after the others (at most ${spreadMs} ms); put the coordinator nearer`;
    return [sliceFinding(text, errorMs, spreadMs)];
  });
}

function withName({ plan }: SliceLog, finding: { rule: string } & SliceFinding): SliceFinding {
  const { rule, observed, limit, text, atMs } = finding;
  // JSON has no NaN: a delay that nobody recorded is told in words.
  const known = Number.isFinite(observed) ? observed : 0;
  const named = { rule, observed: known, limit, text: `${sliceName(plan)}: ${text}` };
  return atMs === undefined ? named : { ...named, atMs };
}

/** Each once, and by how many slices it was said. */
function notesOf(slices: readonly EndedSlice[]): string[] {
  const said = new Map<string, number[]>();
  for (const { log } of slices) {
    for (const note of [...(log.end?.notes ?? []), ...(log.tornNote ? [log.tornNote] : [])]) {
      said.set(note, [...(said.get(note) ?? []), log.plan.slice.index]);
    }
  }
  return [...said].map(([note, by]) =>
    by.length === slices.length
      ? note
      : `slice${by.length > 1 ? 's' : ''} ${by.join(', ')}: ${note}`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
