/** The verdict as a picture: what stands above the charts of a load. */
import type { Verdict } from '../../budgets/judge.ts';
import { headline } from '../../budgets/judgement-text.ts';
import { colours, pictureSize } from './chart-style.ts';
import { visible, wrapped } from '../text/text-table.ts';
import { budgetLines, closingLines, reasonLines } from '../text/verdict-table.ts';

const { width } = pictureSize;
const margin = 24;
const lineHeight = 21;
/** Characters of a line; the widest of the usual monospaced fonts takes 0.602 em each. */
const characters = 100;
const monospaced = `font-family="Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="15"`;
const sans = 'font-family="Arial, Helvetica, sans-serif" font-weight="bold" font-size="19"';
const maxLines = 80;

/** Each verdict and status is told by its words; the colour only helps. */
const verdictColours: Readonly<Record<Verdict['verdict'], string>> = {
  pass: '#116329',
  fail: '#a40e26',
  'no-data': '#7a4b00',
  invalid: '#6639ba',
};
const statusColours: Readonly<Record<string, string>> = {
  pass: verdictColours.pass,
  FAIL: verdictColours.fail,
  marginal: verdictColours['no-data'],
};

export function budgetsPicture(verdict: Verdict, testId: string): string {
  const colour = verdictColours[verdict.verdict];
  const title = wrapped(headline(verdict), 88);
  const body = bodyOf(verdict);
  const top = margin + 22 * title.length + 10;
  const height = top + lineHeight * body.length + margin;
  const titleLines = title.map((text, i) =>
    textAt(text, margin + 16 + 22 * i, `${sans} fill="${colour}"`),
  );
  const bodyLines = body.map((text, i) => bodyLine(text, top + 16 + lineHeight * i));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(visible(`${testId}: budgets`))}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    `<rect width="8" height="${height}" fill="${colour}"/>`,
    ...titleLines,
    ...bodyLines,
    '</svg>',
    '',
  ].join('\n');
}

function bodyOf(verdict: Verdict): string[] {
  const sections = [
    budgetLines(verdict),
    ...reasonLines(verdict),
    closingLines(verdict).slice(0, 1),
  ];
  const lines = sections.filter((one) => one.length > 0).flatMap((one) => ['', ...one]);
  if (lines.length <= maxLines) return lines.slice(1);
  return [...lines.slice(1, maxLines), '…', '', ...closingLines(verdict).slice(0, 1)];
}

/** A line of text; the status that begins one of the table has its colour. */
function bodyLine(text: string, y: number): string {
  const [status] = /^(pass|FAIL|marginal)(?= )/.exec(text) ?? [''];
  const first =
    status === ''
      ? ''
      : `<tspan font-weight="bold" fill="${statusColours[status]}">${status}</tspan>`;
  const rest = escaped(Array.from(text).slice(status.length, characters).join(''));
  return `<text x="${margin}" y="${y}" ${monospaced} fill="${colours.ink}" xml:space="preserve">${first}${rest}</text>`;
}

function textAt(text: string, y: number, style: string): string {
  return `<text x="${margin}" y="${y}" ${style} xml:space="preserve">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
