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
import type { Stall } from '../../metrics/log/schema.ts';
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

/** The whole verdict; its first line is the headline. Lines are at most 100 characters wide. */
export function verdictTable(verdict: Verdict, result: Result): string {
  return paragraphs([
    wrapped(headline(verdict), width),
    budgetLines(verdict).map(({ text }) => text),
    list('From minute to minute:', riseLines(verdict)),
    list('Of single budgets:', remarkLines(verdict)),
    ...reasonLines(verdict),
    list('Flags:', [...faultTexts(verdict.flags), ...result.plan.flags]),
    errorLines(result),
    stallLines(result),
    list('Notes:', result.notes),
    closingLines(verdict),
  ]);
}

/** What besides the budgets decided: a list for each kind, empty where there is none. */
export function reasonLines(verdict: Verdict): string[][] {
  const { invalid, reasons } = verdict;
  return [
    list('Invalid, no verdict on the target:', faultTexts(invalid)),
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
  const isMarginal = judgements.some(({ marginal }) => marginal);
  const isHidden = judgements.some(({ status }) => status === 'not-visible');
  const footnotes = [
    judgements.some(isDefault) && '* default budget',
    isMarginal && 'marginal: passes, but the interval crosses the limit',
    isHidden && 'not visible: this target does not tell it',
  ].filter((note) => note !== false);
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
  const more = errors.length - maxErrorKinds;
  const table = textTable(errorColumns, errors.slice(0, maxErrorKinds).map(errorRow), width);
  return more > 0 ? [...table, `and ${more} more kinds`] : table;
}

function stallLines(result: Result): string[] {
  const stalls = stallsIn(result);
  const lines = longestStalls(stalls, maxStalls).map(({ startMs, endMs, inFlight }) => {
    const span = `${momentText(startMs)}–${momentText(endMs)}`;
    return `${formatMs(endMs - startMs)} at ${span}, ${inFlight} in flight`;
  });
  const more = stalls.length - lines.length;
  if (more > 0) lines.push(`and ${more} shorter ones`);
  return list('Stalls (5 or more in flight, no progress):', lines);
}

/** At most so many, in the order of time. */
export function longestStalls(stalls: readonly Stall[], most: number): Stall[] {
  const byLength = [...stalls].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  return byLength.slice(0, most).sort((a, b) => a.startMs - b.startMs);
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
  const lines = items.flatMap((item) => wrapped(`- ${item}`, width - 2));
  return [title, ...lines.map((line) => `  ${line}`)];
}

export function faultTexts(faults: readonly InstrumentFault[]): string[] {
  return faults.map(({ text }) => text);
}
