/** How all requests ended, and what went wrong: as plain data and as tables. */
import type { ErrorRecord } from '../../metrics/log/schema.ts';
import { outcomes as allOutcomes, scheduledOf, type Outcome } from '../../metrics/outcome.ts';
import { momentText } from '../../metrics/figure-text.ts';
import type { Result } from '../../metrics/result/result.ts';
import { errorsIn, outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import { groupedBy } from '../../platform/lists.ts';
import { markdownTable } from './markdown.ts';
import { figures, textTable, words, wrapped, type Column } from './text-table.ts';
import { counted } from '../../platform/words.ts';

type OutcomeTable = Readonly<Record<Outcome, number>>;

/** Requests of one task that did not end ok. */
interface TaskError extends ErrorRecord {
  readonly task: string;
}

export interface Outcomes {
  /** Scheduled in a judged phase, over all streams. */
  readonly judged: OutcomeTable;
  readonly judgedScheduled: number;
  /** All phases of the run. */
  readonly all: OutcomeTable;
  /** The sum over all outcomes. It must equal `scheduled`. */
  readonly ended: number;
  /** The number counted at scheduling. */
  readonly scheduled: number;
  readonly sent: number;
  readonly inFlightPeak: number;
  readonly inFlightPeakAtMs: number;
  readonly usersPeak: number;
  /** The peak of the judged load stream alone. */
  readonly judgedUsersPeak: number;
  /** Errors of the judged phases, most frequent first. */
  readonly errors: readonly TaskError[];
}

export function outcomesIn(result: Result): Outcomes {
  const judged = result.plan.streams.flatMap((_, stream) => selectSeries(result, { stream }));
  const all = tableOf(outcomesOf(result.series));
  const judgedOutcomes = outcomesOf(judged);
  const peak = result.timeline.reduce(
    (highest, point) => (point.inFlightPeak > highest.inFlightPeak ? point : highest),
    { inFlightPeak: 0, startMs: 0 },
  );
  const errors = [...groupedBy(judged, ({ task }) => task)].flatMap(([task, own]) =>
    errorsIn(own).map((error) => ({ task, ...error })),
  );
  return {
    judged: tableOf(judgedOutcomes),
    judgedScheduled: scheduledOf(judgedOutcomes),
    all,
    ended: scheduledOf(all),
    scheduled: result.scheduled,
    sent: result.sent,
    inFlightPeak: peak.inFlightPeak,
    inFlightPeakAtMs: peak.startMs,
    usersPeak: most(result.timeline.map(({ users }) => users)),
    judgedUsersPeak: most(result.timeline.map(({ users, judged }) => judged?.users ?? users)),
    errors: errors.sort((a, b) => b.count - a.count),
  };
}

/** A loop, since a run of days has more points than a call can have arguments. */
function most(counts: readonly number[]): number {
  return counts.reduce((highest, count) => Math.max(highest, count), 0);
}

function tableOf(counts: Partial<OutcomeTable>): OutcomeTable {
  const pairs = allOutcomes.map((outcome) => [outcome, counts[outcome] ?? 0] as const);
  return Object.fromEntries(pairs) as Record<Outcome, number>;
}

const width = 120;

const outcomeColumns = [...words('outcome'), ...figures('judged phases', 'all phases')];

const errorColumns: readonly Column[] = [
  ...words('task', 'error'),
  ...figures('count', 'first', 'last'),
  { title: 'sample', elastic: 'wrap' },
];

export function outcomesText(outcomes: Outcomes): string {
  const lines = wrapped(accountingLine(outcomes), width);
  return [...textTable(outcomeColumns, outcomeRows(outcomes), width), ...lines].join('\n');
}

export function outcomesMarkdown(outcomes: Outcomes): string {
  return `${markdownTable(outcomeColumns, outcomeRows(outcomes))}\n\n${accountingLine(outcomes)}`;
}

/** Empty if everything ended ok. */
export function errorsText({ errors }: Outcomes): string {
  if (errors.length === 0) return '';
  return textTable(errorColumns, errorRows(errors), width).join('\n');
}

/** Empty if everything ended ok. */
export function errorsMarkdown({ errors }: Outcomes): string {
  if (errors.length === 0) return '';
  return markdownTable(errorColumns, errorRows(errors));
}

function outcomeRows({ judged, judgedScheduled, all, ended }: Outcomes): string[][] {
  return [
    ...allOutcomes.map((outcome) => [outcome, String(judged[outcome]), String(all[outcome])]),
    ['sum', String(judgedScheduled), String(ended)],
  ];
}

/** Whether every scheduled request ended in one outcome, and the most in flight at once. */
export function accountingLine(outcomes: Outcomes): string {
  const { scheduled, ended, sent, inFlightPeak, inFlightPeakAtMs, usersPeak } = outcomes;
  const lost = scheduled - ended;
  const sum =
    (lost === 0 && 'the sum of the outcomes') ||
    (lost > 0 && `${lost} more than ended in an outcome`) ||
    `${-lost} fewer than ended in an outcome`;
  return (
    `Scheduled: ${scheduled}, ${sum}. Sent: ${sent}. ` +
    `At most ${inFlightPeak} in flight (at ${momentText(inFlightPeakAtMs)}) and ${counted(usersPeak, 'user')}.`
  );
}

function errorRows(errors: Outcomes['errors']): string[][] {
  return errors.map((error) => [error.task, ...errorRow(error)]);
}

/** Kind, number, first and last time, and an example. */
export function errorRow({ kind, count, firstMs, lastMs, sample }: ErrorRecord): string[] {
  return [kind, String(count), momentText(firstMs), momentText(lastMs), sample];
}
