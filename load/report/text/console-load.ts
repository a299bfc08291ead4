/**
 * The console's text about a finished load. A load that is not green gets at most `mostLines` lines: what
 * broke and why. The rest is in the reports.
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
/** Maximum lines of a section that only some loads have. */
const mostOfSection = 8;

export const verdictColours: Readonly<Record<Verdict['verdict'], Colour>> = {
  pass: 'green',
  fail: 'red',
  'no-data': 'yellow',
  invalid: 'magenta',
};

/** A load to print, from the process that judged it or from its test's attachments. */
export interface ToldLoad {
  readonly name: string;
  readonly texts: LoadTexts;
  readonly headline: string;
  readonly lines: readonly ConsoleLine[];
  readonly isGreen: boolean;
}

interface Manner {
  /** Prints only the first line of a green load, and the verdict of another one. */
  readonly isQuiet: boolean;
  /** Another reporter prints the verdict of a red load. */
  readonly isToldElsewhere: boolean;
}

/** The text of one load at the end of a test. The verdict is the last line, where readers look first. */
export function consoleLoad(load: ToldLoad, { isQuiet, isToldElsewhere }: Manner): ConsoleLine[] {
  const { name, texts, headline, lines, isGreen: green } = load;
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

/** The verdict for a green load, else all details; without the load's name. */
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

/** In a row of budgets, the first word has the colour of its status. */
function consoleLine({ text, judgement }: TableLine): ConsoleLine {
  const colour = judgement && statusColour(judgement);
  return judgement === undefined || colour === undefined
    ? { text }
    : { text, marked: statusText(judgement), colour };
}

/** A row that was not judged has no colour. */
function statusColour({ status, marginal }: Judgement): Colour | undefined {
  if (status === 'pass') return marginal ? 'yellow' : 'green';
  if (status === 'fail') return 'red';
  if (status === 'undecided') return 'magenta';
  return status === 'no-data' ? 'yellow' : undefined;
}

/** An empty line between groups, with empty groups left out. */
function withGaps(groups: readonly (readonly ConsoleLine[])[]): ConsoleLine[] {
  return groups
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : [{ text: '' }, ...lines]));
}
