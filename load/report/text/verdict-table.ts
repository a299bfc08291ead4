/** A verdict as plain text, for the message of a failed `expect` and the end of a run. */
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
import { streamOf } from '../../budgets/observe/series.ts';
import { stallsIn } from '../../budgets/observe/stall.ts';
import type { Result } from '../../metrics/result/result.ts';
import { errorsIn, selectSeries } from '../../metrics/result/select.ts';
import type { Stall } from '../../metrics/log/schema.ts';
import { leftOut, mostRows, worstOf } from './bounds.ts';
import { notesOf } from './busy-host.ts';
import { likelyCauses } from './likely-cause.ts';
import { errorRow } from './outcomes.ts';
import {
  figures,
  paragraphs,
  textRows,
  textTable,
  words,
  wrapped,
  type Column,
} from './text-table.ts';

const width = 100;
const maxErrorKinds = 10;
const maxStalls = 5;
/** In the brief form. */
const fewItems = 3;
const fewRows = 10;

export const budgetColumns: readonly Column[] = [
  ...words('status'),
  { title: 'metric', elastic: 'wrap' },
  ...words('limit', 'observed', '95 % interval'),
  ...figures('samples'),
  ...words('worst second'),
];

const errorColumns: readonly Column[] = [
  ...words('error'),
  ...figures('count', 'first', 'last'),
  { title: 'sample', elastic: 'cut' },
];

/** The whole verdict; its first line is the headline. Lines have at most 100 characters. */
export function verdictTable(verdict: Verdict, result: Result): string {
  const groups = verdictGroups(verdict, result);
  return paragraphs(groups.map((lines) => lines.map(({ text }) => text)));
}

/** The lines in groups, some of which may be empty. */
export function verdictGroups(verdict: Verdict, result: Result): TableLine[][] {
  return [
    plainLines(headlineLines(verdict)),
    budgetLines(verdict),
    ...[
      causeLines(verdict, result),
      list('From minute to minute:', riseLines(verdict)),
      list('Of single budgets:', remarkLines(verdict)),
      ...reasonLines(verdict),
      list('Flags:', faultTexts(verdict.flags)),
      errorLines(result, maxErrorKinds),
      stallLines(result, maxStalls),
      list('Notes:', notesOf(result)),
      closingLines(verdict),
    ].map(plainLines),
  ];
}

/**
 * The most important lines of a red load, at most `most`. The rest is in the other reports. With many
 * rows, those that passed are only counted.
 */
export function briefVerdictGroups(verdict: Verdict, result: Result): TableLine[][] {
  const few = (title: string, items: readonly string[]): string[] => list(title, firstOf(items));
  return [
    plainLines(headlineLines(verdict)),
    budgetLines(verdict, fewRows),
    ...[
      causeLines(verdict, result),
      few('Invalid, no verdict on the target:', faultTexts(verdict.invalid)),
      few("This machine's lateness:", latenessLines(verdict)),
      few('Reasons:', verdict.reasons),
      errorLines(result, fewItems),
      few('From minute to minute:', riseLines(verdict)),
      few('Of single budgets:', remarkLines(verdict)),
      few('Flags:', faultTexts(verdict.flags)),
      stallLines(result, 1),
      closingLines(verdict).slice(0, 1),
    ].map(plainLines),
  ];
}

/** Usually one. */
export function headlineLines(verdict: Verdict): string[] {
  return wrapped(headline(verdict), width);
}

function causeLines(verdict: Verdict, result: Result): string[] {
  const flags = result.plan.flags.join('; ');
  return [
    ...likelyCauses(result, verdict).map((cause) => `Likely cause: ${cause}`),
    ...(flags === '' ? [] : [`Switched on: ${flags}`]),
  ].flatMap((line) => wrapped(line, width));
}

function firstOf(items: readonly string[]): string[] {
  return [...items.slice(0, fewItems), ...leftOut(items, fewItems)];
}

/** Reasons for the verdict besides the budgets: a list for each kind, possibly empty. */
export function reasonLines(verdict: Verdict): string[][] {
  const { invalid, reasons } = verdict;
  return [
    list('Invalid, no verdict on the target:', faultTexts(invalid)),
    list("This machine's lateness:", latenessLines(verdict)),
    list('Reasons:', reasons),
  ];
}

/** Says which figures rose over the run and which did not, a sentence each. */
export function riseLines({ judgements }: Pick<Verdict, 'judgements'>): string[] {
  return judgements.map(riseText).filter((text) => text !== undefined);
}

/** Remarks on single figures, a sentence each. A remark on several budgets is given once. */
export function remarkLines({ judgements }: Pick<Verdict, 'judgements'>): string[] {
  const names = new Map<string, string[]>();
  for (const { name, remarks = [] } of judgements) {
    for (const remark of remarks) names.set(remark, [...(names.get(remark) ?? []), name]);
  }
  return [...names].map(([remark, of]) => `${of.join(', ')}: ${remark}`);
}

/** A line of a table. The first line of a budget begins with the status of its judgement. */
export interface TableLine {
  readonly text: string;
  readonly judgement?: Judgement;
}

/**
 * The table of budgets, with the meaning of its marks. If there are more than `most` rows, those that
 * were met are left out first.
 */
export function budgetLines(verdict: Pick<Verdict, 'judgements'>, most = mostRows): TableLine[] {
  const judgements = worstOf(verdict.judgements, isMet, most);
  if (judgements.length === 0) return [];
  const more = verdict.judgements.length - judgements.length;
  const isMarginal = judgements.some(({ marginal }) => marginal);
  const isHidden = judgements.some(({ status }) => status === 'not-visible');
  const footnotes = [
    judgements.some(isDefault) && '* default budget',
    isMarginal && 'marginal: passes, but its interval crosses the limit',
    isHidden && 'not visible: this target does not report it',
    more > 0 && `${more} more rows are in the reports`,
  ].filter((note) => note !== false);
  const [titles = [], ...rows] = textRows(budgetColumns, judgements.map(budgetRow), width);
  const lines = rows.flatMap(([first = '', ...others], i) => [
    { text: first, judgement: judgements[i]! },
    ...plainLines(others),
  ]);
  const notes = footnotes.length === 0 ? [] : [footnotes.join('; ')];
  return [...plainLines(titles), ...lines, ...plainLines(notes)];
}

/** Whether a row may be left out if there is not enough room. */
export function isMet({ status }: Pick<Judgement, 'status'>): boolean {
  return status === 'pass' || status === 'not-visible';
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

function errorLines(result: Result, most: number): string[] {
  const streams = new Set([0, ...result.plan.budgets.map(streamOf)]);
  const series = [...streams].flatMap((stream) => selectSeries(result, { stream }));
  const errors = [...errorsIn(series)].sort((a, b) => b.count - a.count);
  if (errors.length === 0) return [];
  const more = errors.length - most;
  const table = textTable(errorColumns, errors.slice(0, most).map(errorRow), width);
  return more > 0 ? [...table, `and ${more} more kinds`] : table;
}

function stallLines(result: Result, most: number): string[] {
  const stalls = stallsIn(result);
  const lines = longestStalls(stalls, most).map(({ startMs, endMs, inFlight }) => {
    const span = `${momentText(startMs)}–${momentText(endMs)}`;
    return `${formatMs(endMs - startMs)} at ${span}, ${inFlight} in flight`;
  });
  const more = stalls.length - lines.length;
  if (more > 0) lines.push(`and ${more} shorter ones`);
  return list('Stalls (5 or more in flight, no progress):', lines);
}

/** At most `most`, in order of time. */
export function longestStalls(stalls: readonly Stall[], most: number): Stall[] {
  const byLength = [...stalls].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  return byLength.slice(0, most).sort((a, b) => a.startMs - b.startMs);
}

/** How many budgets were judged, first; then whether the load generator's counts agree. */
export function closingLines(verdict: Verdict): string[] {
  const { judgedCount, totalCount, shortened, steered, interrupted, littlesLaw } = verdict;
  const marks = [
    shortened && 'shortened run',
    steered && 'steered',
    interrupted && 'interrupted',
  ].filter(Boolean);
  const mark = marks.length > 0 ? ` (${marks.join(', ')})` : '';
  // The headline of a pass says it already.
  const isTold = verdict.verdict === 'pass' && mark === '' && verdict.isUnasked !== true;
  const lines = isTold ? [] : [`${judgedCount} of ${totalCount} budgets judged${mark}`];
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
  const shown = [...items.slice(0, mostRows), ...leftOut(items)];
  const lines = shown.flatMap((item) => wrapped(`- ${item}`, width - 2));
  return [title, ...lines.map((line) => `  ${line}`)];
}

export function faultTexts(faults: readonly InstrumentFault[]): string[] {
  return faults.map(({ text }) => text);
}
