/**
 * Counts the errors that cannot be caused by this machine's lateness. An error in an answer is certain.
 * An overload may have been caused by requests that a stall here released all at once. A deadline may
 * have passed while this process was not looking.
 */
import { outcomes as allOutcomes, type Outcome } from '../../metrics/outcome.ts';
import { latenessStepsMs, neverClean } from '../../metrics/record/lateness.ts';
import type { LatePart, SeriesTotal } from '../../metrics/result/series-totals.ts';
import type { Plan } from '../../metrics/result/result.ts';
import { lateParts, type Instrument } from './instrument.ts';

type Family = 'said' | 'overload' | 'timeout' | 'closed' | 'ours';

/** Kinds that are not listed are errors in an answer. */
const families: Readonly<Record<string, Family>> = {
  throttled: 'overload',
  degraded: 'overload',
  dropped: 'overload',
  refused: 'overload',
  reset: 'overload',
  truncated: 'overload',
  other: 'overload',
  'status 429': 'overload',
  'status 502': 'overload',
  'status 503': 'overload',
  'status 504': 'overload',
  timeout: 'timeout',
  connectTimeout: 'timeout',
  interrupted: 'timeout',
  // The user's own code reported it, and it may have looked at a clock.
  task: 'timeout',
  closedIdle: 'closed',
  generator: 'ours',
  blockedHost: 'ours',
};

/** Kinds that have their own outcome. All others end as `failed` or `invalid`. */
const outcomeOfKind: Readonly<Record<string, Outcome>> = {
  throttled: 'throttled',
  degraded: 'degraded',
  dropped: 'dropped',
  timeout: 'timeout',
  interrupted: 'interrupted',
};

/**
 * Refusals may be caused by this side if it released many requests at once. Certain are those outside the
 * time that was late at this step (4 ms), minus twice the requests that started much too late. Or all
 * refusals, minus all that started late and all whose sender read its last answer late, since a burst
 * causes at most as many refusals as it has requests.
 */
const overloadStep = 1;
const muchTooLateUs = 20_000;
const lateAtAllUs = 2000;
/** A timeout is doubtful if stalls took this share of the deadline. */
const stalledShare = 0.1;
/** A server may close an idle connection unnoticed while the loop is late by more than this. */
const closedDelayMs = 5;

/** How many of the series' requests would have ended in one of the outcomes without this machine's lateness. */
export function certainErrors(
  instrument: Instrument,
  series: readonly SeriesTotal[],
  outcomes: readonly Outcome[],
): number {
  const { result, delay } = instrument;
  const isCounted = (kind: string): boolean => outcomes.includes(outcomeOfKind[kind] ?? 'failed');
  const count = (parts: readonly Pick<LatePart, 'errors'>[], family: Family): number =>
    parts
      .flatMap(({ errors }) => errors)
      .filter(({ kind }) => (families[kind] ?? 'said') === family && isCounted(kind))
      .reduce((sum, error) => sum + error.count, 0);
  const { lag, heldCount, isLatenessKnown } = result.generator;
  const refused = count(series, 'overload');
  const refusedLate = count(lateParts(result, series, overloadStep), 'overload');
  const overload = Math.max(
    refused - refusedLate - 2 * lag.countFrom(muchTooLateUs),
    isLatenessKnown ? refused - lag.countFrom(lateAtAllUs) - heldCount : 0,
  );
  const timeouts = series.reduce((sum, one) => {
    const late = lateParts(result, [one], longestStep(result.plan, one));
    return sum + count([one], 'timeout') - count(late, 'timeout');
  }, 0);
  const closed = delay.p99Ms > closedDelayMs ? 0 : count(series, 'closed');
  return count(series, 'said') + Math.max(0, overload) + timeouts + closed;
}

export const notOkOutcomes = allOutcomes.filter((outcome) => outcome !== 'ok');

/** The last step that is a small part of the task's deadline; none if the first step is already too long. */
function longestStep({ streams }: Plan, { stream, task }: SeriesTotal): number {
  const deadlineMs = streams[stream]?.tasks.find(({ name }) => name === task)?.deadlineMs;
  if (deadlineMs === undefined) return neverClean - 1;
  return latenessStepsMs.findLastIndex((stepMs) => stepMs <= stalledShare * deadlineMs);
}
