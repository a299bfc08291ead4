/**
 * Whether a row of the verdict is valid on the machine that measured it: could this machine's own
 * lateness have made the figure what it is? Each kind of subject has a line in the table below, which
 * computes the range that the figure may have without it. The row is decided if the whole range is on one
 * side of the limit. To pass, the planned load must also have been sent.
 */
import { figures, type FigureDefinition } from '../../metrics/definitions.ts';
import type { Budget, Subject } from '../../metrics/log/budget.ts';
import type { Outcome } from '../../metrics/outcome.ts';
import { meets } from '../limit.ts';
import type { SubjectOf } from '../observe/observe.ts';
import type { Instrument } from './instrument.ts';
import { trendRange } from './latency.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';
import { riseRange } from './rise.ts';
import { outcomeCountRange, outcomeShareRange, ratePerSecondRange, rateRange } from './shares.ts';
import { stallRange } from './stall.ts';
import { ratioRange } from './system-figures.ts';
import { counterRange, speedUpRange, throughputRange } from './throughput.ts';

/** Why a row is not decided. */
export type Doubt =
  /** The limit lies within the range that lateness gives the figure. */
  | { readonly cause: 'late' }
  /** More of the users' time was lost to this machine than the row allows. */
  | { readonly cause: 'notOffered'; readonly lostShare: number; readonly limit: number }
  /** Requests of a phase were sent later than they came due, and spread over more time. */
  | { readonly cause: 'smeared'; readonly phase: string; readonly lagP95Ms: number };

type RangeOf<S extends Subject> = (
  instrument: Instrument,
  row: Row & { readonly budget: { readonly subject: S } },
) => FigureRange;

const ranges: { readonly [Kind in Subject['kind']]: RangeOf<SubjectOf<Kind>> } = {
  trend: trendRange,
  outcomeShare: outcomeShareRange,
  outcomeCount: outcomeCountRange,
  throughput: throughputRange,
  ratePerSecond: ratePerSecondRange,
  speedUp: speedUpRange,
  stall: stallRange,
  rate: rateRange,
  counter: counterRange,
  difference: (_, row) => asSeen(row),
  ratio: ratioRange,
  level: (_, row) => asSeen(row),
  rise: riseRange,
};

/** Kinds with a lower limit: if it is reached with less load, it would be reached with all of it. */
const moreWithMore: ReadonlySet<Subject['kind']> = new Set(['throughput', 'speedUp', 'counter']);

/** The largest share of the users' time that may be lost for a row to pass. */
export const mostLost = { latency: 0.2, refusals: 0.05, others: 0.1 } as const;

export interface Standing {
  /** The range that the figure may have without lateness. */
  readonly range: FigureRange;
  /** Why the row is undecided. Missing if it is decided. */
  readonly doubt: Doubt | undefined;
}

/** `isMet`: whether the observed figure meets the limit. */
export function standingOf(instrument: Instrument, row: Row, isMet: boolean): Standing {
  // Each function is called with subjects of its own kind only.
  const rangeOf = ranges[row.budget.subject.kind] as RangeOf<Subject>;
  const range = rangeOf(instrument, row);
  const isOnOneSide = [range.least, range.most].every((end) => meetsRow(end, row) === isMet);
  if (!isOnOneSide) return { range, doubt: { cause: 'late' } };
  return { range, doubt: isMet ? offerDoubt(instrument, row.budget) : undefined };
}

/** A rise below its least change does not count. */
function meetsRow(value: number, { budget, observation: { rise } }: Row): boolean {
  return meets(value, { ...budget, limit: Math.max(budget.limit, rise?.leastChange ?? 0) });
}

function offerDoubt({ offered }: Instrument, { subject, op }: Budget): Doubt | undefined {
  const { lostShare, smeared } = offered;
  // The length of a stall does not depend on how much was sent or how it was spread.
  if (subject.kind === 'stall') return undefined;
  const isFloor = op === '>' || op === '>=';
  const limit = isFloor && moreWithMore.has(subject.kind) ? 1 : mostLost[groupOf(subject)];
  if (lostShare > limit) return { cause: 'notOffered', lostShare, limit };
  return smeared && { cause: 'smeared', ...smeared };
}

function groupOf(subject: Subject): keyof typeof mostLost {
  if (subject.kind === 'trend') return 'latency';
  return isOfRefusals(subject) ? 'refusals' : 'others';
}

const refusals: ReadonlySet<Outcome> = new Set(['throttled', 'degraded']);

function isOfRefusals(subject: Subject): boolean {
  if (subject.kind !== 'outcomeShare') return false;
  const { outcomes = [] }: FigureDefinition = figures[subject.metric];
  return outcomes.every((outcome) => refusals.has(outcome));
}
