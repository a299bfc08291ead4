/** Which logs make up one load: each slice once, all of one plan; and what is wrong where they don't. */
import type { Plan } from '../metrics/log/schema.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { commonFingerprint, commonParts } from './same-plan.ts';

export interface UnionMembers<Log> {
  /** In the order of their slices. */
  readonly members: readonly Log[];
  readonly invalid: readonly SliceFinding[];
}

interface Planned {
  readonly plan: Plan;
}

const shownCharacters = 80;

/** `logs`: at least one. Where they differ, most are right. */
export function unionMembers<Log extends Planned>(logs: readonly Log[]): UnionMembers<Log> {
  const reference = mostCommon(logs);
  const { count } = reference.plan.slice;
  const fingerprint = commonFingerprint(reference.plan);
  const own = logs.filter(({ plan }) => commonFingerprint(plan) === fingerprint);
  const foreign = logs.filter((log) => !own.includes(log));
  const indices = Array.from({ length: count }, (_, i) => i + 1);
  const copies = indices.map((index) => own.filter(({ plan }) => plan.slice.index === index));
  const missing = indices.filter((_, i) => copies[i]!.length === 0);
  const texts = [
    ...missingText(missing, count),
    ...copies.filter(({ length }) => length > 1).map(doubledText),
    ...foreign.map((log) => foreignText(log.plan, reference.plan)),
  ];
  return {
    members: copies.flatMap(([first]) => (first === undefined ? [] : [first])),
    invalid: texts.map((text) => sliceFinding(text, count - missing.length, count)),
  };
}

/** `slice 2 of 4 (host, pid 4711)`. */
export function sliceName({ slice, machine }: Plan): string {
  const pid = machine.pid === undefined ? '' : `, pid ${machine.pid}`;
  return `slice ${slice.index} of ${slice.count} (${machine.host}${pid})`;
}

export function sliceFinding(text: string, observed: number, limit: number): SliceFinding {
  return { rule: 'slices', observed, limit, text };
}

/** The log that most others agree with; of several the one with the lowest slice. */
function mostCommon<Log extends Planned>(logs: readonly Log[]): Log {
  const votes = new Map<string, Log[]>();
  for (const log of logs) {
    const fingerprint = commonFingerprint(log.plan);
    votes.set(fingerprint, [...(votes.get(fingerprint) ?? []), log]);
  }
  const lowest = (group: readonly Log[]): number =>
    Math.min(...group.map(({ plan }) => plan.slice.index));
  const [group] = [...votes.values()].sort((a, b) => b.length - a.length || lowest(a) - lowest(b));
  return group![0]!;
}

function missingText(missing: readonly number[], count: number): string[] {
  if (missing.length === 0) return [];
  const [are, plural] = missing.length > 1 ? ['are', 's'] : ['is', ''];
  return [
    `slice${plural} ${missing.join(', ')} of ${count} ${are} missing: no log of theirs is here, and ` +
      'what they sent is in no figure',
  ];
}

function doubledText(copies: readonly Planned[]): string {
  const [first, ...others] = copies.map(({ plan }) => plan);
  const times = others.map((plan) => sliceName(plan)).join(', ');
  return (
    `${sliceName(first!)} is doubled: ${copies.length} logs say that they are this slice ` +
    `(also ${times}); only the first is counted`
  );
}

function foreignText(plan: Plan, reference: Plan): string {
  const [own, others] = [commonParts(plan), commonParts(reference)];
  const different = Object.keys(others).filter((part) => own[part] !== others[part]);
  const parts = different.map((part) => `${part} ${shown(own[part])}, not ${shown(others[part])}`);
  return `${sliceName(plan)} is foreign, and left out: ${parts.join('; ')}`;
}

function shown(text = ''): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
