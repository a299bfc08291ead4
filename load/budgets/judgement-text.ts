/** A judgement as text, the same in every report. */
import { quantileOf } from '../metrics/definitions.ts';
import {
  changeBesideLimit,
  changeIntervalText,
  figureBesideLimit,
  figureText,
  intervalText,
  momentText,
  shareText,
} from '../metrics/figure-text.ts';
import type { GeneratorLateness, Judgement, Verdict } from './judge.ts';
import { meets } from './limit.ts';
import type { Doubt } from './standing/standing.ts';
import { formatMs } from '../platform/duration.ts';
import { riseText } from './rise-text.ts';

const statusTexts = {
  fail: 'FAIL',
  undecided: 'undecided',
  'no-data': 'no data',
  'not-judged': 'not judged',
  'not-visible': 'not visible',
} as const;

/** `1.23 s`, `∞ (7.0 % not ok)`, `212 ms (ok only)`, `+14 %`, `–`. */
export function observedText({ value, budget, notOkShare = 0 }: Judgement): string {
  const { subject, dimension, limit } = budget;
  if (value === undefined) return '–';
  if (subject.kind === 'rise') return changeBesideLimit(value, limit);
  if (subject.kind === 'stall' && value === 0) return 'none';
  if (value === Infinity) return `∞ (${shareText(notOkShare)} not ok)`;
  const text = figureBesideLimit(value, limit, dimension);
  const isOverOkOnly = subject.kind === 'trend' && quantileOf(subject.statistic) === undefined;
  return isOverOkOnly && notOkShare > 0 ? `${text} (ok only)` : text;
}

/** `1.1–1.3 s`; empty if there is no interval. */
export function judgedIntervalText(judgement: Judgement): string {
  const { interval, budget, samples, needed, rise } = judgement;
  if (rise !== undefined) return changeIntervalText(rise.interval);
  return samples < needed ? '' : intervalText(interval, budget.dimension);
}

/** `1200`, or `12 of 72` if that is too few. */
export function samplesText({ samples, needed }: Judgement): string {
  return samples < needed && needed > 1 ? `${samples} of ${needed}` : String(samples);
}

/** `3.1 s at 0:31`; empty if there is no worst second, or nothing bad happened in it. */
export function worstText({ worst, budget }: Judgement): string {
  const isUpperLimit = budget.op !== '>' && budget.op !== '>=';
  if (worst === undefined || (isUpperLimit && worst.value === 0)) return '';
  return `${figureText(worst.value, budget.dimension)} at ${momentText(worst.startMs)}`;
}

/** `pass`, `marginal`, `FAIL`, `undecided`, `no data`, `not judged`, `not visible`. */
export function statusText({ status, marginal }: Judgement): string {
  if (status === 'pass') return marginal ? 'marginal' : 'pass';
  return statusTexts[status];
}

/** `, missed from 1:20 to 2:05, worst at 1:35`: when the limit was broken; empty if no second shows it. */
function whenText({ worst, budget }: Judgement): string {
  if (worst === undefined) return '';
  const { startMs, endMs, spell } = worst;
  if (budget.subject.kind === 'stall')
    return `, from ${momentText(startMs)} to ${momentText(endMs)}`;
  const missed =
    spell === undefined
      ? ''
      : `, missed from ${momentText(spell.startMs)} to ${momentText(spell.endMs)}`;
  return `${missed}, worst at ${momentText(startMs)}`;
}

/** `p95 is ∞ (7.0 % not ok), limit < 3 s`. For a row that was not judged, what it lacks. */
export function judgementLine(judgement: Judgement): string {
  const { name, status, budget, samples, needed } = judgement;
  if (status === 'pass' || status === 'fail' || status === 'undecided') {
    const rise = riseText(judgement);
    if (rise !== undefined) return `${rise}, limit ${budget.limitText}`;
    return `${name} is ${observedText(judgement)}, limit ${budget.limitText}`;
  }
  const what = budget.subject.kind === 'rise' ? 'minutes' : 'samples';
  return samples === 0 ? `${name} has no ${what}` : `${name} has ${samples} of ${needed} ${what}`;
}

const relief = 'run fewer users, on a quieter machine, or in more slices';
/** A passed row mentions lateness if that is at least this share of the limit. */
const toldShare = 0.1;

/**
 * Says how this machine's lateness affects the rows: a sentence for each row concerned, and one for all
 * rows that lack the same part of the load. docs/validity.md explains both effects.
 */
export function latenessLines({ judgements, lateness }: Verdict): string[] {
  const lines = judgements.map((one) => latenessLine(one, lateness));
  return [...offerLines(judgements), ...lines.filter((text) => text !== undefined)];
}

/** Only the sentences that say why a row is undecided. */
function doubtLines(verdict: Verdict): string[] {
  const judgements = verdict.judgements.filter(({ status }) => status === 'undecided');
  return latenessLines({ ...verdict, judgements });
}

function offerLines(judgements: readonly Judgement[]): string[] {
  const rows = new Map<string, string[]>();
  for (const { name, doubt } of judgements) {
    const why = doubt && notOfferedText(doubt);
    if (why !== undefined) rows.set(why, [...(rows.get(why) ?? []), name]);
  }
  return [...rows].map(([why, names]) => `${why}: ${names.join(', ')} not decided; ${relief}`);
}

function notOfferedText(doubt: Doubt): string | undefined {
  if (doubt.cause === 'notOffered') {
    // Rounded down, so that a value that is too small does not read as large enough.
    const sent = shareText(Math.floor((1 - doubt.lostShare) * 1000) / 1000);
    const needed = shareText(1 - doubt.limit);
    return `this machine was late, so its users made only ${sent} of the load, where ${needed} is needed`;
  }
  if (doubt.cause === 'late') return undefined;
  return (
    `this machine sent 5 % of the requests of the ${doubt.phase} more than ` +
    `${formatMs(doubt.lagP95Ms)} late, spread out although they were due at once`
  );
}

function latenessLine(judgement: Judgement, lateness: GeneratorLateness): string | undefined {
  const { status, budget, doubt, range } = judgement;
  const { subject, dimension, op, limit } = budget;
  const late = `this machine was up to ${formatMs(lateness.longestMs)} late`;
  const figure = figureAndLimit(judgement);
  if (doubt?.cause === 'late') {
    return `${figure}, but ${late}, and ${withoutLateness(judgement)}: not decided; ${relief}`;
  }
  const isUpperTime = dimension === 'time' && (op === '<' || op === '<=');
  const isTold = isUpperTime && subject.kind === 'trend' && lateness.p99Ms >= toldShare * limit;
  if (!isTold) return undefined;
  if (status === 'pass') return `${figure} although ${late}: that can only have made it slower`;
  if (status !== 'fail' || range === undefined) return undefined;
  return `${figure}: ${late}, and without that it is still at least ${figureBesideLimit(range.least, limit, dimension)}`;
}

/** `p95 1.2 s meets the limit of < 2 s`, `p95 105 ms misses the limit of < 100 ms`. */
function figureAndLimit(judgement: Judgement): string {
  const { name, budget, value = NaN } = judgement;
  const rise = riseText(judgement);
  if (rise !== undefined) return `${rise}, limit ${budget.limitText}`;
  const verb = meets(value, budget) ? 'meets' : 'misses';
  return `${name} ${observedText(judgement)} ${verb} the limit of ${budget.limitText}`;
}

/** The end of the range on the other side of the limit. */
function withoutLateness({ value = NaN, range, budget }: Judgement): string {
  const { least, most } = range ?? { least: value, most: value };
  const end = meets(least, budget) === meets(value, budget) ? most : least;
  const isUnknown = budget.subject.kind === 'trend' && end === 0;
  if (isUnknown) return 'too few requests were untouched by that';
  return `without that it could be ${figureBesideLimit(end, budget.limit, budget.dimension)}`;
}

const unaskedText = 'Not judged: nobody called expect(result).toMeetBudget()';

/** The verdict in one line. Its beginning must not change: Allure's categories match on it. */
export function headline(verdict: Verdict): string {
  if (verdict.isUnasked === true) return unaskedText;
  const titles = {
    pass: 'Budgets met',
    fail: 'Budget not met',
    'no-data': 'No data',
    invalid: 'Invalid instrument',
  };
  const [first = '', ...others] = headlineParts(verdict);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  // An outage is reported even if the load generator was not in order.
  const besides = verdict.verdict === 'invalid' ? verdict.reasons : [];
  const also = besides.length === 0 ? '' : `; besides, ${besides.join(', and ')}`;
  return `${titles[verdict.verdict]}: ${first}${more}${also}`;
}

function headlineParts(verdict: Verdict): readonly string[] {
  const { judgements, reasons, invalid, judgedCount, totalCount } = verdict;
  if (verdict.verdict === 'pass') {
    const open = totalCount - judgedCount;
    return [
      open === 0 ? `all ${totalCount}` : `${judgedCount} of ${totalCount}, ${open} not judged`,
    ];
  }
  if (verdict.verdict === 'invalid') {
    return [...invalid.map(({ text }) => text), ...doubtLines(verdict)];
  }
  if (verdict.verdict === 'fail') {
    const broken = judgements.filter(({ status }) => status === 'fail');
    return [...broken.map((one) => judgementLine(one) + whenText(one)), ...reasons];
  }
  const lacking = judgements.filter(({ status }) => status === 'no-data');
  return [...reasons, ...lacking.map(judgementLine)];
}
