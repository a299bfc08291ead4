/** How every request ended, and what went wrong, as plain data. */
import type { ErrorRecord } from '../../metrics/log/schema.ts';
import { outcomes as allOutcomes, scheduledOf, type Outcome } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { errorsIn, outcomesOf, selectSeries } from '../../metrics/result/select.ts';

export type OutcomeTable = Readonly<Record<Outcome, number>>;

/** Requests of one task that did not end ok. */
export interface TaskError extends ErrorRecord {
  readonly task: string;
}

export interface Outcomes {
  /** Scheduled in a judged phase, of all streams. */
  readonly judged: OutcomeTable;
  readonly judgedScheduled: number;
  /** All phases of the run … */
  readonly all: OutcomeTable;
  /** … their sum, which must be … */
  readonly ended: number;
  /** … what was counted when it was scheduled. */
  readonly scheduled: number;
  readonly sent: number;
  readonly inFlightPeak: number;
  readonly inFlightPeakAtMs: number;
  readonly usersPeak: number;
  /** Errors of the judged phases, most frequent first. */
  readonly errors: readonly TaskError[];
}

export function outcomesIn(result: Result): Outcomes {
  const judged = judgedSeries(result);
  const all = tableOf(outcomesOf(result.series));
  const judgedOutcomes = outcomesOf(judged);
  const peak = result.timeline.reduce(
    (highest, { inFlightPeak, startMs }) =>
      inFlightPeak > highest.inFlight ? { inFlight: inFlightPeak, atMs: startMs } : highest,
    { inFlight: 0, atMs: 0 },
  );
  const errors = [...new Set(judged.map(({ task }) => task))].flatMap((task) =>
    errorsIn(judged.filter((one) => one.task === task)).map((error) => ({ task, ...error })),
  );
  return {
    judged: tableOf(judgedOutcomes),
    judgedScheduled: scheduledOf(judgedOutcomes),
    all,
    ended: scheduledOf(all),
    scheduled: result.scheduled,
    sent: result.sent,
    inFlightPeak: peak.inFlight,
    inFlightPeakAtMs: peak.atMs,
    usersPeak: result.timeline.reduce((most, { users }) => Math.max(most, users), 0),
    errors: errors.sort((a, b) => b.count - a.count),
  };
}

function judgedSeries(result: Result) {
  return result.plan.streams.flatMap((_, stream) => selectSeries(result, { stream }));
}

function tableOf(counts: Partial<OutcomeTable>): OutcomeTable {
  const pairs = allOutcomes.map((outcome) => [outcome, counts[outcome] ?? 0] as const);
  return Object.fromEntries(pairs) as Record<Outcome, number>;
}
