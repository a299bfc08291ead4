/**
 * Finds the logs that make up one load: each slice once, all with the same plan; and the problems
 * otherwise.
 */
import { createHash } from 'node:crypto';
import type { Plan } from '../metrics/log/schema.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { groupedBy } from '../platform/lists.ts';
import { defined } from '../platform/defined.ts';

interface SliceSet<Log> {
  /** In the order of their slices. */
  readonly members: readonly Log[];
  readonly invalid: readonly SliceFinding[];
}

interface Planned {
  readonly plan: Plan;
}

const shownCharacters = 80;

/** `logs`: at least one. If plans differ, the most common one counts. */
export function sliceSet<Log extends Planned>(logs: readonly Log[]): SliceSet<Log> {
  const reference = mostCommon(logs);
  const { count } = reference.plan.slice;
  const fingerprint = commonFingerprint(reference.plan);
  const own = logs.filter(({ plan }) => commonFingerprint(plan) === fingerprint);
  const foreign = logs.filter((log) => !own.includes(log));
  const indices = Array.from({ length: count }, (_, i) => i + 1);
  const copies = indices.map((index) => own.filter(({ plan }) => plan.slice.index === index));
  const missing = indices.filter((_, i) => copies[i]!.length === 0);
  const found = [
    ...(missing.length === 0 ? [] : [lacking(missing, count)]),
    ...copies.filter(({ length }) => length > 1).map(doubled),
    ...foreign.map(({ plan }) => foreignTo(reference.plan, plan)),
  ];
  const observed = count - missing.length;
  return {
    members: copies.flatMap((same) => same.slice(0, 1)),
    invalid: found.map(({ text, slices }) =>
      sliceFinding(text, { observed, limit: count, slices }),
    ),
  };
}

/** `slice 2 of 4 (host, pid 4711)`. */
export function sliceName({ slice, machine }: Plan): string {
  const pid = machine.pid === undefined ? '' : `, pid ${machine.pid}`;
  return `slice ${slice.index} of ${slice.count} (${machine.host}${pid})`;
}

/** `slice 2`, `slices 2, 3`. */
export function sliceNumbers(indices: readonly number[]): string {
  return `slice${indices.length > 1 ? 's' : ''} ${indices.join(', ')}`;
}

export function sliceFinding(
  text: string,
  about: Pick<SliceFinding, 'observed' | 'limit' | 'atMs' | 'slices' | 'loss'>,
): SliceFinding {
  return defined({ rule: 'slices', text, ...about });
}

/** The log whose plan most others share; if several are equal, the one with the lowest slice number. */
function mostCommon<Log extends Planned>(logs: readonly Log[]): Log {
  const votes = groupedBy(logs, ({ plan }) => commonFingerprint(plan));
  const lowest = (group: readonly Log[]): number =>
    Math.min(...group.map(({ plan }) => plan.slice.index));
  const [group] = [...votes.values()].sort((a, b) => b.length - a.length || lowest(a) - lowest(b));
  return group![0]!;
}

interface Problem {
  readonly slices: number[];
  readonly text: string;
}

function lacking(slices: number[], count: number): Problem {
  const are = slices.length > 1 ? 'are' : 'is';
  const text =
    `${sliceNumbers(slices)} of ${count} ${are} missing: no log of theirs is here, and what they ` +
    'sent is in no figure';
  return { slices, text };
}

function doubled(copies: readonly Planned[]): Problem {
  const [first, ...others] = copies.map(({ plan }) => plan);
  const text =
    `${sliceName(first!)} is doubled: ${copies.length} logs say that they are this slice (also ` +
    `${others.map(sliceName).join(', ')}); only the first is counted`;
  return { slices: [first!.slice.index], text };
}

function foreignTo(reference: Plan, plan: Plan): Problem {
  const [own, others] = [commonParts(plan), commonParts(reference)];
  const different = Object.keys(others).filter((part) => own[part] !== others[part]);
  const parts = different.map((part) => `${part} ${shown(own[part])}, not ${shown(others[part])}`);
  const text = `${sliceName(plan)} is foreign, and left out: ${parts.join('; ')}`;
  return { slices: [plan.slice.index], text };
}

function shown(text = ''): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/**
 * The parts that the plans of a load's slices share (everything but who and where they are): name and
 * text of each.
 */
function commonParts(plan: Plan): Readonly<Record<string, string>> {
  const { runId, testId, load, seed, slice, timeScale, shortened, streams, budgets } = plan;
  const parts = {
    'run id': runId,
    test: testId,
    load,
    seed,
    slices: slice.count,
    'time scale': [timeScale, shortened],
    workload: streams,
    budgets,
    system: plan.target,
    'suite version': plan.versions['loadwright'],
    commit: plan.versions['commit'] ?? 'unknown',
  };
  const texts = Object.entries(parts).map(([name, own]) => {
    return [name, typeof own === 'string' ? own : JSON.stringify(own)] as const;
  });
  return Object.fromEntries(texts);
}

/** Equal for plans that may be slices of one load. */
export function commonFingerprint(plan: Plan): string {
  const text = JSON.stringify(commonParts(plan));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
