/** Whether the log is whole: every request that was scheduled ended in exactly one outcome. */
import { scheduledOf } from '../metrics/outcome.ts';
import type { Plan, Result } from '../metrics/result/result.ts';
import { outcomesOf } from '../metrics/result/select.ts';
import { noFindings, only, type Finding, type Findings } from './finding.ts';

/** The length of the plan's phases, in ms: when the drain was to begin. */
export function plannedMs({ streams }: Plan): number {
  return Math.max(0, ...streams.flatMap(({ phases }) => phases.map(({ endMs }) => endMs)));
}

/** How far the log reaches, in ms. */
export function reachedMs({ timeline, end }: Result): number {
  return end?.atMs ?? timeline.at(-1)?.endMs ?? 0;
}

/** `12.3 s of 300 s`: in seconds, so that both figures can be compared and found in the charts. */
export function progressText(result: Result): string {
  return `${secondsText(reachedMs(result))} of ${secondsText(plannedMs(result.plan))}`;
}

/** A log without its last line: the process that wrote it died. */
export function brokenOffFinding(result: Result): Findings {
  if (result.end !== undefined) return noFindings;
  const observed = reachedMs(result);
  const limit = plannedMs(result.plan);
  const text =
    `log breaks off at ${progressText(result)}: the process that wrote it died, and what was in ` +
    `flight is lost; look for the reason (memory, a signal) and run again`;
  return only('invalid', { rule: 'brokenOff', observed, limit, text, atMs: observed });
}

/**
 * Scheduled, as counted when it happened, against the sum of the outcomes, over all streams and phases;
 * and against the counter of the whole run, which tells a lost line. A log that breaks off (that of a
 * slice, too) or a run that crashed had requests in flight that nobody ended: they have a finding or a
 * failure already.
 */
export function accountingFindings(result: Result): Findings {
  const { end, scheduled, series } = result;
  if (end === undefined || end.cause === 'crashed') return noFindings;
  if (end.slices?.areWhole === false) return noFindings;
  const ended = scheduledOf(outcomesOf(series));
  const invalid: Finding[] = [];
  if (ended !== scheduled) {
    const text =
      `${scheduled} requests were scheduled, ${ended} ended in an outcome ` +
      `(${Math.abs(scheduled - ended)} ${ended < scheduled ? 'lost' : 'too many'}): ` +
      `the accounting does not add up; report this`;
    invalid.push({ rule: 'accounting', observed: ended, limit: scheduled, text });
  }
  if (end.scheduled !== scheduled) {
    const text =
      `the run scheduled ${end.scheduled} requests, the intervals of its log hold ${scheduled}: ` +
      `lines are missing; look for a full disk, and run again`;
    invalid.push({ rule: 'accounting', observed: scheduled, limit: end.scheduled, text });
  }
  return { ...noFindings, invalid };
}

function secondsText(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}
