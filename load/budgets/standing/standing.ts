/**
 * Whether a row of the verdict stands on the machine that it was measured on. The question is asked row by
 * row: could this machine's own lateness have made the figure what it is? Each kind of subject has a line
 * in the table below, which gives the range in which lateness leaves its figure. The row is decided where
 * the whole range lies on one side of the limit; to be met, the load must really have been offered, too.
 */
import type { Budget, Subject } from '../../metrics/log/budget.ts';
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
  /** Lateness leaves the figure in a range that has the limit inside. */
  | { readonly cause: 'late' }
  /** This machine took so much of the users' time; the row bears less. */
  | { readonly cause: 'notOffered'; readonly lostShare: number; readonly limit: number }
  /** Requests of a phase went out later than they came due, and spread over more time. */
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

/** Kinds whose floor, where it was reached with less load, would be reached with all of it. */
const moreWithMore: ReadonlySet<Subject['kind']> = new Set(['throughput', 'speedUp', 'counter']);

/** How much of the users' time may be lost for a row to be met. */
export const mostLost = { latency: 0.2, refusals: 0.05, others: 0.1 } as const;

export interface Standing {
  /** Where lateness leaves the figure. */
  readonly range: FigureRange;
  /** Why the row is undecided; missing where it stands. */
  readonly doubt: Doubt | undefined;
}

/** `isMet`: by the figure as it was seen. */
export function standingOf(instrument: Instrument, row: Row, isMet: boolean): Standing {
  // Each is asked about subjects of its own kind.
  const rangeOf = ranges[row.budget.subject.kind] as RangeOf<Subject>;
  const range = rangeOf(instrument, row);
  const isOnOneSide = [range.least, range.most].every((end) => meetsRow(end, row) === isMet);
  if (!isOnOneSide) return { range, doubt: { cause: 'late' } };
  return { range, doubt: isMet ? offerDoubt(instrument, row.budget) : undefined };
}

/** A climb counts from its least change on. */
function meetsRow(value: number, { budget, observation: { rise } }: Row): boolean {
  return meets(value, { ...budget, limit: Math.max(budget.limit, rise?.leastChange ?? 0) });
}

function offerDoubt({ offered }: Instrument, { subject, op }: Budget): Doubt | undefined {
  const { lostShare, smeared } = offered;
  // How long nothing came back is no matter of how much was sent, or how it was spread.
  if (subject.kind === 'stall') return undefined;
  const isFloor = op === '>' || op === '>=';
  const limit = isFloor && moreWithMore.has(subject.kind) ? 1 : mostLost[groupOf(subject)];
  if (lostShare > limit) return { cause: 'notOffered', lostShare, limit };
  return smeared && { cause: 'smeared', ...smeared };
}

function groupOf(subject: Subject): keyof typeof mostLost {
  if (subject.kind === 'trend') return 'latency';
  const isRefusal = subject.metric === 'throttledRate' || subject.metric === 'degradedRate';
  return isRefusal ? 'refusals' : 'others';
}
