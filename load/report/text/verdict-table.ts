/** A verdict as plain text: what a failed `expect` shows and what the end of a run prints. */
import { formatMs } from '../../platform/duration.ts';
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import {
  headline,
  judgedIntervalText,
  latenessLines,
  observedText,
  samplesText,
  statusText,
  worstText,
} from '../../budgets/judgement-text.ts';
import { riseText } from '../../budgets/rise-text.ts';
import { momentText, shareText } from '../../metrics/figure-text.ts';
import type { InstrumentFault } from '../../budgets/instrument-fault.ts';
import { requestsPerUserNeeded } from '../../budgets/littles-law.ts';
import { stallsIn } from '../../budgets/observe/stall.ts';
import type { Result } from '../../metrics/result/result.ts';
import { errorsIn, selectSeries } from '../../metrics/result/select.ts';
import { textRows, textTable, wrapped, type Column } from './text-table.ts';

const width = 100;
const maxErrorKinds = 10;
const maxStalls = 5;

const budgetColumns: readonly Column[] = [
  { title: 'status' },
  { title: 'metric', elastic: 'wrap' },
  { title: 'limit' },
  { title: 'observed' },
  { title: '95 % interval' },
  { title: 'samples', align: 'right' },
  { title: 'worst second' },
];

const errorColumns: readonly Column[] = [
  { title: 'error' },
  { title: 'count', align: 'right' },
  { title: 'first', align: 'right' },
  { title: 'last', align: 'right' },
  { title: 'sample', elastic: 'cut' },
];

/** The whole verdict; its first line is the headline. Lines are at most 100 characters wide. */
export function verdictTable(verdict: Verdict, result: Result): string {
  const sections = [
    wrapped(headline(verdict), width),
    budgetLines(verdict).map(({ text }) => text),
    list('From minute to minute:', riseLines(verdict)),
    list('Of single budgets:', remarkLines(verdict)),
    ...reasonLines(verdict),
    list('Flags:', [...verdict.flags.map(findingText), ...result.plan.flags]),
    errorLines(result),
    stallLines(result),
    list('Notes:', result.notes),
    closingLines(verdict),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** What besides the budgets decided: a list for each kind, empty where there is none. */
export function reasonLines(verdict: Verdict): string[][] {
  const { invalid, reasons } = verdict;
  return [
    list('Invalid, no verdict on the target:', invalid.map(findingText)),
    list("This machine's lateness:", latenessLines(verdict)),
    list('Reasons:', reasons),
  ];
}

/** What climbed over the run and what did not, a sentence each. */
export function riseLines({ judgements }: Pick<Verdict, 'judgements'>): string[] {
  return judgements.map(riseText).filter((text) => text !== undefined);
}

/** What a reader must know of single figures, a sentence each; told once where it is of several budgets. */
export function remarkLines({ judgements }: Pick<Verdict, 'judgements'>): string[] {
  const names = new Map<string, string[]>();
  for (const { name, remarks = [] } of judgements) {
    for (const remark of remarks) names.set(remark, [...(names.get(remark) ?? []), name]);
  }
  return [...names].map(([remark, of]) => `${of.join(', ')}: ${remark}`);
}

/** A line of a table; the first line of a budget begins with the status of its judgement. */
export interface TableLine {
  readonly text: string;
  readonly judgement?: Judgement;
}

/** The table of budgets, with what its marks mean. */
export function budgetLines({ judgements }: Verdict): TableLine[] {
  if (judgements.length === 0) return [];
  const footnotes: string[] = [];
  if (judgements.some(isDefault)) footnotes.push('* default budget');
  if (judgements.some(({ marginal }) => marginal)) {
    footnotes.push('marginal: passes, but the interval crosses the limit');
  }
  if (judgements.some(({ status }) => status === 'not-visible')) {
    footnotes.push('not visible: this target does not tell it');
  }
  const [titles = [], ...rows] = textRows(budgetColumns, judgements.map(budgetRow), width);
  const lines = rows.flatMap(([first = '', ...others], i) => [
    { text: first, judgement: judgements[i]! },
    ...plainLines(others),
  ]);
  const notes = footnotes.length === 0 ? [] : [footnotes.join('; ')];
  return [...plainLines(titles), ...lines, ...plainLines(notes)];
}

export function plainLines(texts: readonly string[]): TableLine[] {
  return texts.map((text) => ({ text }));
}

function budgetRow(judgement: Judgement): string[] {
  const { name, budget } = judgement;
  return [
    statusText(judgement),
    name,
    `${budget.limitText}${isDefault(judgement) ? ' *' : ''}`,
    observedText(judgement),
    judgedIntervalText(judgement),
    samplesText(judgement),
    worstText(judgement),
  ];
}

function isDefault({ budget }: Judgement): boolean {
  return budget.isDefault === true;
}

function errorLines(result: Result): string[] {
  const errors = [...errorsIn(selectSeries(result))].sort((a, b) => b.count - a.count);
  if (errors.length === 0) return [];
  const rows = errors
    .slice(0, maxErrorKinds)
    .map(({ kind, count, firstMs, lastMs, sample }) => [
      kind,
      String(count),
      momentText(firstMs),
      momentText(lastMs),
      sample,
    ]);
  const more = errors.length - maxErrorKinds;
  const table = textTable(errorColumns, rows, width);
  return more > 0 ? [...table, `and ${more} more kinds`] : table;
}

function stallLines(result: Result): string[] {
  const stalls = stallsIn(result);
  const longest = [...stalls]
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, maxStalls)
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ startMs, endMs, inFlight }) => {
      const span = `${momentText(startMs)}–${momentText(endMs)}`;
      return `${formatMs(endMs - startMs)} at ${span}, ${inFlight} in flight`;
    });
  const more = stalls.length - longest.length;
  if (more > 0) longest.push(`and ${more} shorter ones`);
  return list('Stalls (5 or more in flight, no progress):', longest);
}

/** How many budgets were judged, first; then how the instrument agrees with itself. */
export function closingLines(verdict: Verdict): string[] {
  const { judgedCount, totalCount, shortened, interrupted, littlesLaw } = verdict;
  const marks = [shortened && 'shortened run', interrupted && 'interrupted'].filter(Boolean);
  const mark = marks.length > 0 ? ` (${marks.join(', ')})` : '';
  const lines = [`${judgedCount} of ${totalCount} budgets judged${mark}`];
  if (littlesLaw !== undefined) {
    const { sampledInFlight, computedInFlight, deviation, requestsPerUser } = littlesLaw;
    const tooFew = requestsPerUser < requestsPerUserNeeded ? ', too few requests a user' : '';
    lines.push(
      `Little's law: ${sampledInFlight.toFixed(2)} in flight as sampled, ` +
        `${computedInFlight.toFixed(2)} as computed (${shareText(deviation)} apart${tooFew})`,
    );
  }
  return lines;
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [title, ...items.flatMap((item) => wrapped(`- ${item}`, width - 2)).map(indented)];
}

function indented(line: string): string {
  return `  ${line}`;
}

function findingText({ text }: InstrumentFault): string {
  return text;
}
