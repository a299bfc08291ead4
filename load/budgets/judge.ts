/**
 * Budgets are limits that must hold. A test states them (names.ts), the plan carries them parsed
 * (parse.ts), and a result is judged by them here. Start reading here, at `judge`. observe/ computes the
 * figures, standing/ decides whether a row is valid on a machine that was late, validity.ts has what
 * makes the whole run invalid, judgement-text.ts the texts.
 * The verdict is `pass`, `fail`, `no-data` or `invalid`; only `pass` is green. A metric without samples
 * never passes. A row that could be different without this machine's lateness is `undecided`. An undecided
 * row makes the run `invalid`, unless the run fails: `verdictOver` has the order.
 */
import { formatMs } from '../platform/duration.ts';
import type { Budget } from '../metrics/log/budget.ts';
import type { End } from '../metrics/log/schema.ts';
import { scheduledOf, outcomes as allOutcomes } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../metrics/result/select.ts';
import { progressText } from './accounting.ts';
import { meets } from './limit.ts';
import { keyText, neverSeen, unknownLabels } from './never-seen.ts';
import { monitoredFigure } from './parse.ts';
import type { Observation } from './observe/observation.ts';
import { observe } from './observe/observe.ts';
import { readingsOf } from '../metrics/result/readings.ts';
import { instrumentOf, lateByMs, longestLateMs, type Instrument } from './standing/instrument.ts';
import type { OfferedLoad } from './standing/offered.ts';
import type { FigureRange } from './standing/range.ts';
import { standingOf, type Doubt } from './standing/standing.ts';
import { checkInstrument, type InstrumentCheck } from './validity.ts';
import { counted } from '../platform/words.ts';

type JudgementStatus = 'pass' | 'fail' | 'undecided' | 'no-data' | 'not-judged' | 'not-visible';

export interface Judgement extends Observation {
  readonly budget: Budget;
  /** The name of the row: `query: p95{model=small}`. */
  readonly name: string;
  readonly status: JudgementStatus;
  /** Why it is undecided. */
  readonly doubt?: Doubt | undefined;
  /** The range that the figure may have without this machine's lateness, in the unit of `value`. */
  readonly range?: FigureRange | undefined;
  /** The row passes, but its interval crosses the limit, so another run might not pass. */
  readonly marginal: boolean;
}

/** How late this machine was. */
export interface GeneratorLateness {
  /** The lag of its requests or the delay of its event loop, whichever is larger, at p99 of the judged time. */
  readonly p99Ms: number;
  /** The longest of the whole run. */
  readonly longestMs: number;
  /** The share of the users' time that was lost to it. */
  readonly lostShare: number;
  /** The first phase in which requests were spread out over more time than planned. */
  readonly smeared: OfferedLoad['smeared'];
}

export interface Verdict extends InstrumentCheck {
  readonly verdict: 'pass' | 'fail' | 'no-data' | 'invalid';
  readonly judgements: readonly Judgement[];
  readonly lateness: GeneratorLateness;
  /** Why the run fails or has no data, apart from budgets. */
  readonly reasons: readonly string[];
  readonly judgedCount: number;
  readonly totalCount: number;
  readonly shortened: boolean;
  /** True if its level was changed while it ran. It is judged, but not compared with other runs. */
  readonly steered: boolean;
  readonly interrupted: boolean;
  /** True if the test did not ask for the verdict, so that it decided nothing. */
  readonly isUnasked?: boolean;
}

/** Whether the test asked for the verdict and it is good. */
export function isGreen({ verdict, isUnasked = false }: Verdict): boolean {
  return verdict === 'pass' && !isUnasked;
}

/** Judges the budgets of the plan. */
export function judge(result: Result): Verdict {
  return judgedWith(result, checkInstrument(result));
}

/**
 * The verdict on a load that still runs, by its log so far. It is not a fault that the log has no end
 * yet. If no request of a judged phase has been scheduled yet, there is no figure and no failure.
 */
export function judgeSoFar(result: Result): Verdict {
  if (result.end !== undefined) return judge(result);
  const check = checkInstrument(result);
  const invalid = check.invalid.filter(({ rule }) => rule !== 'brokenOff');
  return judgedWith(result, { ...check, invalid }, true);
}

function judgedWith(result: Result, check: InstrumentCheck, isRunning = false): Verdict {
  const instrument = instrumentOf(result);
  const lateness = {
    p99Ms: lateByMs(instrument),
    longestMs: longestLateMs(instrument),
    ...instrument.offered,
  };
  const judgements = judgementsOf(instrument, result.plan.budgets);
  return verdictOver(result, judgements, { ...check, lateness }, isRunning);
}

/** The verdict with additional budgets; only the additional ones are judged. */
export function judgeOnTop(result: Result, verdict: Verdict, budgets: readonly Budget[]): Verdict {
  if (budgets.length === 0) return verdict;
  const { judgements, invalid, flags, littlesLaw, lateness } = verdict;
  const all = [...judgements, ...judgementsOf(instrumentOf(result), budgets)];
  return verdictOver(result, all, { invalid, flags, littlesLaw, lateness });
}

function judgementsOf(instrument: Instrument, budgets: readonly Budget[]): Judgement[] {
  return budgets.map((budget) => judgeBudget(instrument.result, budget, instrument));
}

function verdictOver(
  result: Result,
  judgements: readonly Judgement[],
  instrument: InstrumentCheck & Pick<Verdict, 'lateness'>,
  isRunning = false,
): Verdict {
  const judged = judgements.filter(
    ({ status }) => status === 'pass' || status === 'fail' || status === 'undecided',
  );
  const budgets = judgements.map(({ budget }) => budget);
  const failures = [...failuresOf(result, isRunning), ...unknownLabels(result, budgets)];
  const unseen = judgements.filter(({ status, samples }) => status === 'no-data' && samples === 0);
  const gaps = [
    ...gapsOf(result, judged.length),
    ...unseen.flatMap(({ budget }) => neverSeen(result, budget) ?? []),
  ];
  const has = (status: JudgementStatus): boolean => judgements.some((one) => one.status === status);
  const verdict =
    (instrument.invalid.length > 0 && 'invalid') ||
    ((failures.length > 0 || has('fail')) && 'fail') ||
    (has('undecided') && 'invalid') ||
    ((gaps.length > 0 || has('no-data')) && 'no-data') ||
    'pass';
  return {
    verdict,
    judgements,
    ...instrument,
    reasons: [...failures, ...gaps],
    judgedCount: judged.length,
    totalCount: judgements.length,
    shortened: result.plan.shortened,
    steered: result.stages.length > 0,
    interrupted: result.end?.cause === 'interrupted',
  };
}

/** Judges one budget. It may be called while the run goes on, with the result so far. */
export function judgeBudget(
  result: Result,
  budget: Budget,
  instrument = instrumentOf(result),
): Judgement {
  const observation = observe(result, budget);
  const name = nameOf(budget);
  const { value, interval, samples, needed } = observation;
  if (value === undefined || samples === 0 || samples < needed) {
    const status = lackOf(result, budget, observation);
    return { ...observation, budget, name, status, marginal: false };
  }
  const limit = Math.max(budget.limit, observation.rise?.leastChange ?? 0);
  const isMet = meets(value, { ...budget, limit }) || observation.rise?.isProven === false;
  const standing = standingOf(instrument, { budget, observation, value }, isMet);
  const judged = { ...observation, budget, name, ...standing };
  if (standing.doubt !== undefined) return { ...judged, status: 'undecided', marginal: false };
  const isProven =
    interval === undefined || interval.every((bound) => meets(bound, { ...budget, limit }));
  const status = isMet ? 'pass' : 'fail';
  return { ...judged, status, marginal: isMet && !isProven };
}

function nameOf(budget: Budget): string {
  const { lastMs, phase } = budget;
  const name = phase === undefined ? keyText(budget) : `${keyText(budget)} (${phase})`;
  return lastMs === undefined ? name : `${name} (last ${formatMs(lastMs)})`;
}

/** Why there is no figure: the target does not report it, the run is too short on purpose, or it is missing. */
function lackOf(
  result: Result,
  { whereReported, subject, phase }: Budget,
  { samples }: Observation,
): JudgementStatus {
  const figure = monitoredFigure(subject);
  const isRead = figure !== undefined && readingsOf(result, figure).length > 0;
  if (whereReported === true && figure !== undefined && !isRead) return 'not-visible';
  // The rows on the first seconds are not stated by the test, so too few requests there are no gap in the
  // run's data.
  if (phase !== undefined) return 'not-judged';
  // In a shortened run too few samples are expected. No samples at all mean that a task never ran, a
  // label value never came or a metric was never recorded. A rise needs minutes, which a short run does
  // not have.
  const isNeverSeen = samples === 0 && !isRead && (subject.kind !== 'rise' || figure !== undefined);
  return result.plan.shortened && !isNeverSeen ? 'not-judged' : 'no-data';
}

/** Reasons for which a run fails whatever its figures are. */
function failuresOf(result: Result, isRunning: boolean): string[] {
  const { end } = result;
  const failures: string[] = [];
  if (end?.cause === 'budget-failed' || end?.cause === 'slice-lost') {
    failures.push(`aborted after ${endText(result, end)}`);
  }
  if (end?.cause === 'crashed') failures.push(`crashed after ${endText(result, end)}`);
  if (end?.healthAfter?.ok === false) {
    failures.push(`the system was not healthy after the load: ${end.healthAfter.detail}`);
  }
  const outcomes = outcomesOf(selectSeries(result));
  const isCutShort = end?.cause === 'interrupted';
  const scheduled = scheduledOf(outcomes) - (isCutShort ? (outcomes.interrupted ?? 0) : 0);
  if (scheduled === 0 && !isCutShort && !isRunning) {
    failures.push('no request was scheduled in the judged phases');
  }
  if (scheduled > 0 && (outcomes.ok ?? 0) === 0) {
    const ends = allOutcomes.filter((outcome) => (outcomes[outcome] ?? 0) > 0);
    const list = ends.map((outcome) => `${outcomes[outcome]} ${outcome}`).join(', ');
    failures.push(`none of ${counted(scheduled, 'request')} ended ok: ${list}`);
  }
  return failures;
}

/** Reasons for which a run that does not fail is no pass either. */
function gapsOf(result: Result, judgedCount: number): string[] {
  const gaps: string[] = [];
  if (result.end?.cause === 'interrupted') {
    gaps.push(`interrupted after ${endText(result, result.end)}`);
  }
  if (judgedCount === 0) gaps.push('no budget could be judged');
  return gaps;
}

function endText(result: Result, { detail }: End): string {
  return detail === '' ? progressText(result) : `${progressText(result)}: ${detail}`;
}
