/**
 * What the console tells of a load when it has ended. A load that is not green is told in at most `mostLines`
 * lines: who reads them wants to know what broke and why, and finds the rest in the reports.
 */
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import { statusText } from '../../budgets/judgement-text.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { isGreen } from '../../budgets/judge.ts';
import type { Colour, ConsoleLine } from './console-line.ts';
import { figureTexts, type LoadTexts } from './load-texts.ts';
import type { ReportSection } from './report-section.ts';
import { accountingLine, outcomesIn } from './outcomes.ts';
import { statisticsIn } from './statistics.ts';
import { statisticsLines } from './statistics-table.ts';
import { wrapped } from './text-table.ts';
import { briefVerdictGroups, verdictGroups, type TableLine } from './verdict-table.ts';

const width = 120;
const mostLines = 32;
const mostTasks = 5;
/** A part of the reports that only some loads have may take so many of them. */
const mostOfSection = 8;

export const verdictColours: Readonly<Record<Verdict['verdict'], Colour>> = {
  pass: 'green',
  fail: 'red',
  'no-data': 'yellow',
  invalid: 'magenta',
};

/** A load that is told: by a process that judged it, or by the attachments of its test. */
export interface ToldLoad {
  readonly name: string;
  readonly texts: LoadTexts;
  readonly lines: readonly ConsoleLine[];
  readonly isGreen: boolean;
}

interface Manner {
  /** A green load is its first line, another one its verdict. */
  readonly isQuiet: boolean;
  /** Another reporter tells the verdict of one that is red. */
  readonly isToldElsewhere: boolean;
}

/** What the end of a test tells of one of its loads: the verdict stands last, where the eye is. */
export function consoleLoad(load: ToldLoad, { isQuiet, isToldElsewhere }: Manner): ConsoleLine[] {
  const { name, texts, lines, isGreen: green } = load;
  const [headline = ''] = texts.budgets.split('\n');
  if (isQuiet && (green || isToldElsewhere)) return plainConsoleLines(`\n${name}: ${headline}`);
  const figures = figureTexts(texts).map(plainConsoleLines);
  const elsewhere = [texts.statistics, headline].map(plainConsoleLines);
  const whole = isQuiet ? [texts.budgets, texts.baseline].map(plainConsoleLines) : undefined;
  const red = isToldElsewhere ? elsewhere : [lines, plainConsoleLines(texts.baseline)];
  const told = whole ?? (green ? [...figures, lines] : red);
  const filled = told.filter((group) => group.some(({ text }) => text !== ''));
  return [{ text: '' }, ...withGaps([[{ text: name }], ...filled]), { text: '' }];
}

function plainConsoleLines(text: string): ConsoleLine[] {
  return text.split('\n').map((line) => ({ text: line }));
}

/** The verdict where it is green, else all there is to be told; without the load's name. */
export function consoleLines(
  load: JudgedLoad,
  sections: readonly ReportSection[] = [],
): ConsoleLine[] {
  const { verdict } = load;
  if (isGreen(verdict)) return withGaps(colouredGroups(verdict, verdictGroups(verdict, load)));
  const table = statisticsLines(statisticsIn(load, verdict), mostTasks);
  const [head = [], budgets = [], ...others] = colouredGroups(
    verdict,
    briefVerdictGroups(verdict, load),
  );
  const own = sections.map((section) => section.text(load)).filter((text) => text !== '');
  const beside = own.map((text) => cutLines(plainConsoleLines(text), mostOfSection));
  const accounting = wrapped(accountingLine(outcomesIn(load)), width);
  const figures = [...table, ...accounting].map((text) => ({ text }));
  return cutLines(withGaps([figures, head, budgets, ...beside, ...others]), mostLines);
}

function cutLines(lines: readonly ConsoleLine[], most: number): ConsoleLine[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most - 1), { text: '… and more in the reports' }];
}

function colouredGroups(
  verdict: Verdict,
  [head = [], ...groups]: readonly (readonly TableLine[])[],
): ConsoleLine[][] {
  const colour = verdictColours[verdict.verdict];
  const headline = head.map(({ text }) => ({ text, marked: text, colour }));
  return [headline, ...groups.map((lines) => lines.map(consoleLine))];
}

/** A row of budgets has the colour of its status on its first word. */
function consoleLine({ text, judgement }: TableLine): ConsoleLine {
  const colour = judgement && statusColour(judgement);
  return judgement === undefined || colour === undefined
    ? { text }
    : { text, marked: statusText(judgement), colour };
}

/** What was not judged has none. */
function statusColour({ status, marginal }: Judgement): Colour | undefined {
  if (status === 'pass') return marginal ? 'yellow' : 'green';
  if (status === 'fail') return 'red';
  if (status === 'undecided') return 'magenta';
  return status === 'no-data' ? 'yellow' : undefined;
}

/** An empty line between the groups, and none for those that are empty. */
function withGaps(groups: readonly (readonly ConsoleLine[])[]): ConsoleLine[] {
  return groups
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : [{ text: '' }, ...lines]));
}
