/**
 * The verdict on a result: `pass`, `fail`, `no-data` or `invalid`; only `pass` is green. A metric without
 * samples never passes, and an instrument that can't be trusted gives no verdict on the target.
 */
import { formatMs } from '../platform/duration.ts';
import type { BudgetLine, End } from '../metrics/log/schema.ts';
import { scheduledOf, outcomes as allOutcomes } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../metrics/result/select.ts';
import { progressText } from './accounting.ts';
import { meets } from './limit.ts';
import { figureBehind, readingsOf } from './monitored.ts';
import { observe, type Observation } from './observe/observe.ts';
import { parseBudget, type Budget } from './parse.ts';
import { unknownLabels } from './unknown-labels.ts';
import { checkInstrument, type InstrumentCheck } from './validity.ts';

export type JudgementStatus = 'pass' | 'fail' | 'no-data' | 'not-judged' | 'not-visible';

export interface Judgement extends Observation {
  readonly budget: Budget;
  /** `query: p95{model=small}`: whose figure it is. */
  readonly name: string;
  readonly status: JudgementStatus;
  /** Passes, but its interval crosses the limit: another run might not. */
  readonly marginal: boolean;
}

export interface Verdict extends InstrumentCheck {
  readonly verdict: 'pass' | 'fail' | 'no-data' | 'invalid';
  readonly judgements: readonly Judgement[];
  /** Why the run fails or has no data, other than by a budget. */
  readonly reasons: readonly string[];
  readonly judgedCount: number;
  readonly totalCount: number;
  readonly shortened: boolean;
  readonly interrupted: boolean;
  /** Nobody asked for it, so it decided nothing. */
  readonly isUnasked?: boolean;
}

/** Whether somebody asked for the verdict, and it is good. */
export function isGreen({ verdict, isUnasked = false }: Verdict): boolean {
  return verdict === 'pass' && !isUnasked;
}

/** Judges the budgets of the plan. Throws where one can't be read. */
export function judge(result: Result): Verdict {
  return verdictOver(result, judgementsOf(result, result.plan.budgets), checkInstrument(result));
}

/** The verdict with further budgets on top: those and nothing else are judged. */
export function judgeOnTop(
  result: Result,
  verdict: Verdict,
  lines: readonly BudgetLine[],
): Verdict {
  if (lines.length === 0) return verdict;
  const { judgements, invalid, flags, littlesLaw } = verdict;
  const all = [...judgements, ...judgementsOf(result, lines)];
  return verdictOver(result, all, { invalid, flags, littlesLaw });
}

function judgementsOf(result: Result, lines: readonly BudgetLine[]): Judgement[] {
  const metrics = result.plan.streams[0]?.metrics ?? {};
  return lines.map((line) => judgeBudget(result, parseBudget(line, metrics)));
}

function verdictOver(
  result: Result,
  judgements: readonly Judgement[],
  instrument: InstrumentCheck,
): Verdict {
  const judged = judgements.filter(({ status }) => status === 'pass' || status === 'fail');
  const failures = [...failuresOf(result), ...misspelt(result, judgements)];
  const gaps = gapsOf(result, judged.length);
  const has = (status: JudgementStatus): boolean => judgements.some((one) => one.status === status);
  const verdict =
    (instrument.invalid.length > 0 && 'invalid') ||
    ((failures.length > 0 || has('fail')) && 'fail') ||
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
    interrupted: result.end?.cause === 'interrupted',
  };
}

/** Judges one budget. May be asked while the run goes on: the result is as far as it has got. */
export function judgeBudget(result: Result, budget: Budget): Judgement {
  const observation = observe(result, budget);
  const name = nameOf(budget);
  const { value, interval, samples, needed } = observation;
  if (value === undefined || samples === 0 || samples < needed) {
    const status = lackOf(result, budget);
    return { ...observation, budget, name, status, marginal: false };
  }
  const limit = Math.max(budget.limit, observation.rise?.leastChange ?? 0);
  const isMet = meets(value, { ...budget, limit }) || observation.rise?.isProven === false;
  const isProven =
    interval === undefined || interval.every((bound) => meets(bound, { ...budget, limit }));
  const status = isMet ? 'pass' : 'fail';
  return { ...observation, budget, name, status, marginal: isMet && !isProven };
}

/** A run that was interrupted may not have come to the requests that carry a label. */
function misspelt(result: Result, judgements: readonly Judgement[]): string[] {
  if (result.end?.cause === 'interrupted') return [];
  return unknownLabels(
    result,
    judgements.map(({ budget }) => budget),
  );
}

function nameOf({ line: { key, task, lastMs } }: Budget): string {
  const name = task === undefined ? key : `${task}: ${key}`;
  return lastMs === undefined ? name : `${name} (last ${formatMs(lastMs)})`;
}

/** Why there is no figure: the target does not tell it, the run is short on purpose, or it is lacking. */
function lackOf(result: Result, { line, subject }: Budget): JudgementStatus {
  const isUnseen = readingsOf(result, figureBehind(subject.metric)).length === 0;
  if (line.whereReported === true && isUnseen) return 'not-visible';
  return result.plan.shortened ? 'not-judged' : 'no-data';
}

/** What makes a run fail whatever its figures are. */
function failuresOf(result: Result): string[] {
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
  if (scheduled === 0 && !isCutShort) {
    failures.push('no request was scheduled in the judged phases');
  }
  if (scheduled > 0 && (outcomes.ok ?? 0) === 0) {
    const ends = allOutcomes.filter((outcome) => (outcomes[outcome] ?? 0) > 0);
    const list = ends.map((outcome) => `${outcomes[outcome]} ${outcome}`).join(', ');
    failures.push(`none of ${scheduled} requests ended ok: ${list}`);
  }
  return failures;
}

/** Why a run that does not fail is no pass either. */
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
