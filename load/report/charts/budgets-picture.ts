/** The verdict as a picture, shown above the charts of a load. */
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import { headline, statusText } from '../../budgets/judgement-text.ts';
import { colours, pictureSize } from './chart-style.ts';
import { visible, wrapped } from '../text/text-table.ts';
import {
  budgetLines,
  closingLines,
  plainLines,
  reasonLines,
  type TableLine,
} from '../text/verdict-table.ts';

export const budgetsPictureName = 'budgets';

const { width } = pictureSize;
const margin = 24;
const lineHeight = 21;
/** Characters per line. The widest of the usual monospaced fonts takes 0.602 em for each. */
const characters = 100;
const monospaced = `font-family="Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="15"`;
const sans = 'font-family="Arial, Helvetica, sans-serif" font-weight="bold" font-size="19"';
const maxLines = 80;

/** Each verdict and status is also given in words; the colour only helps. */
const verdictColours: Readonly<Record<Verdict['verdict'], string>> = {
  pass: '#116329',
  fail: '#a40e26',
  'no-data': '#7a4b00',
  invalid: '#6639ba',
};

export function budgetsPicture(verdict: Verdict, testId: string): string {
  const colour = verdictColours[verdict.verdict];
  const title = wrapped(headline(verdict), 88);
  const body = bodyOf(verdict);
  const top = margin + 22 * title.length + 10;
  const height = top + lineHeight * body.length + margin;
  const style = `${sans} fill="${colour}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(visible(`${testId}: budgets`))}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    `<rect width="8" height="${height}" fill="${colour}"/>`,
    ...title.map((text, i) => textAt(escaped(text), margin + 16 + 22 * i, style)),
    ...body.map((line, i) => bodyLine(line, top + 16 + lineHeight * i)),
    '</svg>',
    '',
  ].join('\n');
}

function bodyOf(verdict: Verdict): TableLine[] {
  const closing = plainLines(closingLines(verdict).slice(0, 1));
  const sections = [budgetLines(verdict), ...reasonLines(verdict).map(plainLines), closing];
  const lines = sections
    .filter((one) => one.length > 0)
    .flatMap((one) => [...plainLines(['']), ...one]);
  if (lines.length <= maxLines) return lines.slice(1);
  return [...lines.slice(1, maxLines), ...plainLines(['…', '']), ...closing];
}

/** A line of text. The status at the beginning of a table's line has its colour. */
function bodyLine({ text, judgement }: TableLine, y: number): string {
  const colour = judgement && colourOf(judgement);
  const status = judgement === undefined || colour === undefined ? '' : statusText(judgement);
  const first = status === '' ? '' : `<tspan font-weight="bold" fill="${colour}">${status}</tspan>`;
  const rest = escaped(Array.from(text).slice(status.length, characters).join(''));
  return textAt(first + rest, y, `${monospaced} fill="${colours.ink}"`);
}

/** A row that was not judged has no colour. */
function colourOf({ status, marginal }: Judgement): string | undefined {
  if (status === 'fail') return verdictColours.fail;
  if (status === 'undecided') return verdictColours.invalid;
  if (status === 'pass') return verdictColours[marginal ? 'no-data' : 'pass'];
  return undefined;
}

function textAt(content: string, y: number, style: string): string {
  return `<text x="${margin}" y="${y}" ${style} xml:space="preserve">${content}</text>`;
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => entities[mark as keyof typeof entities]);
}
