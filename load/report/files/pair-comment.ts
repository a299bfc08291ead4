/** A pair as Markdown: for the run's summary, and for the comment on a pull request. */
import type { JudgedPair } from '../../paired/pair-log.ts';
import type { PairVerdictName } from '../../paired/pair-verdict.ts';
import {
  markdownList,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../text/markdown.ts';
import { pairColumns, pairNotes, pairRows, pairSentence } from '../text/pair-text.ts';

export const pairCommentName = 'pair-comment.md';

/** A mark by which a later run finds the comment of an earlier one and replaces it. */
export const pairCommentMark = '<!-- loadwright pair -->';

const signs: Readonly<Record<PairVerdictName, string>> = {
  slower: '🔴',
  invalid: '🟣',
  undecided: '🟡',
  faster: '🟢',
  'no difference': '🟢',
};

export function pairMarkdown(pair: JudgedPair, level = '##'): string {
  const { plan, verdict } = pair;
  return markdownParagraphs([
    `${level} ${markdownText(plan.testId)}`,
    `**${signs[verdict.verdict]} ${markdownText(pairSentence(pair))}**`,
    markdownTable(pairColumns, pairRows(pair)),
    markdownSection('', markdownList(pairNotes(pair))),
  ]);
}

/** All pairs of a run in one comment, the worst first. */
export function pairComment(pairs: readonly JudgedPair[]): string {
  const order = Object.keys(signs);
  const sorted = [...pairs].sort(
    (a, b) => order.indexOf(a.verdict.verdict) - order.indexOf(b.verdict.verdict),
  );
  return markdownParagraphs([
    pairCommentMark,
    '## Load: head against base',
    ...sorted.map((pair) => pairMarkdown(pair, '###')),
  ]);
}
