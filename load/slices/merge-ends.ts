/** How a load ended of which several slices ran: the worst of their ends, and what was wrong with each. */
import { plannedMs } from '../budgets/accounting.ts';
import type { Finding } from '../budgets/finding.ts';
import { labelsOfKey } from '../budgets/key.ts';
import { causes, type BudgetLine, type End } from '../metrics/log/schema.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { defined } from '../platform/defined.ts';
import { formatMs } from '../platform/duration.ts';
import type { SlicePart } from './slice-part.ts';
import { sliceFinding, sliceName, sliceNumbers } from './slice-set.ts';

/** Slices that begin a load at one instant do so within this. */
const spreadMs = 50;

interface WhatElse {
  /** Findings about slices that are not among these. */
  readonly problems: readonly SliceFinding[];
  /** Those that the whole load is judged by. */
  readonly budgets: readonly BudgetLine[];
}

/** `parts`: read to their ends. */
export function mergeEnds(parts: readonly SlicePart[], { problems, budgets }: WhatElse): End {
  const ends = parts.flatMap(({ end }) => end ?? []);
  const cause = causes.findLast((one) => ends.some((end) => end.cause === one)) ?? 'crashed';
  const detail = ends.find((end) => end.cause === cause)?.detail ?? 'no slice came to its end';
  const overflowedLabels = overflowedIn(ends);
  // After the load is after the last of them: who asked before asked a system under load.
  const lastFirst = [...ends].sort((a, b) => b.atMs - a.atMs);
  const brokenOff = parts.filter(({ end }) => end === undefined);
  const found = parts.map((part) => ({ part, ...part.findings() }));
  return defined({
    type: 'end',
    atMs: Math.max(0, ...parts.map(({ reachedMs }) => reachedMs)),
    cause,
    detail,
    scheduled: sum(parts.map(({ totals }) => totals.scheduled)),
    sent: sum(parts.map(({ totals }) => totals.sent)),
    healthAfter: lastFirst.find((end) => end.healthAfter !== undefined)?.healthAfter,
    monitor: ends.find((end) => end.monitor !== undefined)?.monitor,
    slices: {
      areWhole: brokenOff.length === 0 && problems.length === 0,
      invalid: [
        ...problems,
        ...brokenOff.map(brokenOffFinding),
        ...endedEarly(parts),
        ...startedApart(parts),
        ...partialLabels(parts, budgets),
        ...found.flatMap(({ part, invalid }) => invalid.map((one) => findingOf(part, one))),
      ],
      flags: [
        ...unmeasuredClocks(parts),
        ...coarseClocks(parts),
        ...found.flatMap(({ part, flags }) => flags.map((one) => findingOf(part, one))),
      ],
    },
    overflowedLabels: overflowedLabels.length === 0 ? undefined : overflowedLabels,
    notes: notesOf(parts),
  });
}

function brokenOffFinding({ plan, index, reachedMs }: SlicePart): SliceFinding {
  const planned = plannedMs(plan);
  const text =
    `${sliceName(plan)}: its log breaks off at ${formatMs(reachedMs)} of ${formatMs(planned)}: ` +
    'its process died, and what it had in flight is lost';
  const about = { observed: reachedMs, limit: planned, atMs: reachedMs, slices: [index] };
  return sliceFinding(text, about);
}

/** Slices abort nothing by themselves, but where the others are not there: then a part was not sent. */
function endedEarly(parts: readonly SlicePart[]): SliceFinding[] {
  const byDetail = new Map<string, SlicePart[]>();
  for (const part of parts) {
    if (part.end?.cause !== 'slice-lost') continue;
    const { detail } = part.end;
    byDetail.set(detail, [...(byDetail.get(detail) ?? []), part]);
  }
  return [...byDetail].map(([detail, early]) => {
    const slices = early.map(({ index }) => index);
    const atMs = Math.max(...early.map(({ reachedMs }) => reachedMs));
    const text = `${sliceNumbers(slices)} ended early, at ${formatMs(atMs)}: ${detail}`;
    const loss = early[0]?.end?.sliceLoss;
    return sliceFinding(text, defined({ observed: early.length, limit: 0, atMs, slices, loss }));
  });
}

/** By their clocks, as compared with the coordinator's. */
function startedApart(parts: readonly SlicePart[]): SliceFinding[] {
  const started = parts.map(({ plan, end, index }) => ({
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
        'these slices were no load together';
      return sliceFinding(text, { observed: lateMs, limit: spreadMs, slices: [index] });
    });
}

/** Each slice keeps the values apart that it meets first: of others the whole knows a part only. */
function partialLabels(
  parts: readonly SlicePart[],
  budgets: readonly BudgetLine[],
): SliceFinding[] {
  if (parts.length < 2) return [];
  const partial = overflowedIn(parts.flatMap(({ end }) => end ?? []));
  const asked = new Set(budgets.flatMap(({ key }) => Object.keys(labelsOfKey(key))));
  return partial
    .filter((name) => asked.has(name))
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

function unmeasuredClocks(parts: readonly SlicePart[]): SliceFinding[] {
  const hosts = new Set(parts.map(({ plan }) => plan.machine.host));
  const unmeasured = parts.filter(({ plan }) => plan.clock === undefined);
  if (unmeasured.length === 0 || hosts.size < 2) return [];
  const text =
    `nobody compared the clocks of the ${hosts.size} machines: slices may have begun apart by as ` +
    'much as these differ; with a coordinator they are measured';
  const slices = unmeasured.map(({ index }) => index);
  return [sliceFinding(text, { observed: unmeasured.length, limit: 0, slices })];
}

/** Over a slow way two clocks can't be compared as finely as slices must begin together. */
function coarseClocks(parts: readonly SlicePart[]): SliceFinding[] {
  return parts.flatMap(({ plan, index }) => {
    const errorMs = (plan.clock?.roundTripMs ?? 0) / 2;
    if (errorMs <= spreadMs) return [];
    const text =
      `${sliceName(plan)}: its clock is known to ± ${formatMs(errorMs)} only: it may have begun as ` +
      `much before or after the others (at most ${spreadMs} ms); put the coordinator nearer`;
    return [sliceFinding(text, { observed: errorMs, limit: spreadMs, slices: [index] })];
  });
}

/** What was found of one slice's own instrument. */
function findingOf({ plan, index }: SlicePart, finding: Finding): SliceFinding {
  const { rule, observed, limit, text, atMs } = finding;
  return defined({
    rule,
    // JSON has no NaN: a delay that nobody recorded is told in words.
    observed: Number.isFinite(observed) ? observed : 0,
    limit,
    text: `${sliceName(plan)}: ${text}`,
    atMs,
    slices: [index],
  });
}

/** Each once, and by how many slices it was said. */
function notesOf(parts: readonly SlicePart[]): string[] {
  const said = new Map<string, number[]>();
  for (const { end, index, tornNote } of parts) {
    for (const note of [...(end?.notes ?? []), ...(tornNote === undefined ? [] : [tornNote])]) {
      said.set(note, [...(said.get(note) ?? []), index]);
    }
  }
  return [...said].map(([note, by]) =>
    by.length === parts.length ? note : `${sliceNumbers(by)}: ${note}`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
