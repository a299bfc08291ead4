/** The tables of outcomes and of errors, as plain text and as Markdown. */
import { momentText } from '../../metrics/figure-text.ts';
import { outcomes as allOutcomes } from '../../metrics/outcome.ts';
import { markdownTable } from './markdown.ts';
import type { Outcomes } from './outcomes.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 120;
const maxErrors = 50;

const outcomeColumns: readonly Column[] = [
  { title: 'outcome' },
  { title: 'judged phases', align: 'right' },
  { title: 'all phases', align: 'right' },
];

const errorColumns: readonly Column[] = [
  { title: 'task' },
  { title: 'error' },
  { title: 'count', align: 'right' },
  { title: 'first', align: 'right' },
  { title: 'last', align: 'right' },
  { title: 'sample', elastic: 'wrap' },
];

export function outcomesText(outcomes: Outcomes): string {
  const lines = wrapped(accountingLine(outcomes), width);
  return [...textTable(outcomeColumns, outcomeRows(outcomes), width), ...lines].join('\n');
}

export function outcomesMarkdown(outcomes: Outcomes): string {
  return `${markdownTable(outcomeColumns, outcomeRows(outcomes))}\n\n${accountingLine(outcomes)}`;
}

/** Empty where everything ended ok. */
export function errorsText({ errors }: Outcomes): string {
  if (errors.length === 0) return '';
  return [...textTable(errorColumns, errorRows(errors), width), ...moreLines(errors)].join('\n');
}

/** Empty where everything ended ok. */
export function errorsMarkdown({ errors }: Outcomes): string {
  if (errors.length === 0) return '';
  return [markdownTable(errorColumns, errorRows(errors)), ...moreLines(errors)].join('\n\n');
}

function outcomeRows({ judged, judgedScheduled, all, ended }: Outcomes): string[][] {
  return [
    ...allOutcomes.map((outcome) => [outcome, String(judged[outcome]), String(all[outcome])]),
    ['sum', String(judgedScheduled), String(ended)],
  ];
}

function accountingLine(outcomes: Outcomes): string {
  const { scheduled, ended, sent, inFlightPeak, inFlightPeakAtMs, usersPeak } = outcomes;
  const lost = scheduled - ended;
  const sum =
    (lost === 0 && 'the sum of the outcomes') ||
    (lost > 0 && `${lost} more than ended in an outcome`) ||
    `${-lost} fewer than ended in an outcome`;
  return (
    `Scheduled: ${scheduled}, ${sum}. Sent: ${sent}. ` +
    `At most ${inFlightPeak} in flight (at ${momentText(inFlightPeakAtMs)}) and ${usersPeak} users.`
  );
}

function errorRows(errors: Outcomes['errors']): string[][] {
  return errors
    .slice(0, maxErrors)
    .map(({ task, kind, count, firstMs, lastMs, sample }) => [
      task,
      kind,
      String(count),
      momentText(firstMs),
      momentText(lastMs),
      sample,
    ]);
}

function moreLines(errors: Outcomes['errors']): string[] {
  return errors.length > maxErrors ? [`and ${errors.length - maxErrors} more kinds`] : [];
}
