/** Checks that the log is complete: every scheduled request ended in exactly one outcome. */
import { scheduledOf } from '../metrics/outcome.ts';
import type { Plan, Result } from '../metrics/result/result.ts';
import { outcomesOf } from '../metrics/result/select.ts';
import { noFaults, only, type InstrumentFault, type InstrumentFaults } from './instrument-fault.ts';
import { counted } from '../platform/words.ts';

/** The length of the plan's phases, in ms: when the drain was planned to begin. */
export function plannedMs({ streams }: Plan): number {
  return Math.max(0, ...streams.flatMap(({ phases }) => phases.map(({ endMs }) => endMs)));
}

/** How far the log reaches, in ms. */
export function reachedMs({ timeline, end }: Result): number {
  return end?.atMs ?? timeline.at(-1)?.endMs ?? 0;
}

/** `12.3 s of 300 s`: both in seconds, so that they can be compared and found in the charts. */
export function progressText(result: Result): string {
  return `${secondsText(reachedMs(result))} of ${secondsText(plannedMs(result.plan))}`;
}

/** The log has no last line, so the process that wrote it died. */
export function brokenOffFault(result: Result): InstrumentFaults {
  if (result.end !== undefined) return noFaults;
  const observed = reachedMs(result);
  const limit = plannedMs(result.plan);
  const text =
    `log breaks off at ${progressText(result)}: the process that wrote it died, and what was in ` +
    `flight is lost; look for the reason (memory, a signal) and run again`;
  return only('invalid', { rule: 'brokenOff', observed, limit, text, atMs: observed });
}

/**
 * Requests are counted three times: when they are scheduled, interval by interval; when they end, by
 * outcome; and by one counter of the whole run, which shows whether a line of the log was lost. The three
 * must agree. They cannot if a run crashed or a log breaks off (also a slice's), since the requests in
 * flight never ended; such a run is already a failure or invalid.
 */
export function accountingFaults(result: Result): InstrumentFaults {
  const { end, scheduled, series } = result;
  if (end === undefined || end.cause === 'crashed') return noFaults;
  if (end.slices?.areWhole === false) return noFaults;
  const ended = scheduledOf(outcomesOf(series));
  const invalid: InstrumentFault[] = [];
  if (ended !== scheduled) {
    const text =
      `${counted(scheduled, 'request')} ${scheduled === 1 ? 'was' : 'were'} scheduled, ${ended} ended in an outcome ` +
      `(${Math.abs(scheduled - ended)} ${ended < scheduled ? 'lost' : 'too many'}): ` +
      `the accounting does not add up; report this`;
    invalid.push({ rule: 'accounting', observed: ended, limit: scheduled, text });
  }
  if (end.scheduled !== scheduled) {
    const text =
      `the run scheduled ${counted(end.scheduled, 'request')}, the intervals of its log hold ${scheduled}: ` +
      `lines are missing; look for a full disk, and run again`;
    invalid.push({ rule: 'accounting', observed: scheduled, limit: end.scheduled, text });
  }
  return { ...noFaults, invalid };
}

function secondsText(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}
