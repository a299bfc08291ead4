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

/**
 * A mark by which a later run finds the comment of an earlier one with the same name and replaces it. It
 * ends the name, so that no name is the beginning of another.
 */
export function pairCommentMark(name = ''): string {
  // Anything else could end the comment that holds it.
  const plain = name.replaceAll(/[^\p{L}\p{N}._/]+/gu, ' ').trim();
  return plain === '' ? '<!-- loadwright pair -->' : `<!-- loadwright pair: ${plain} -->`;
}

export const pairCommentHeading = '## Load: head against base';

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
    `${level} ${markdownText(`${plan.testId}: ${plan.title}`)}`,
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
    pairCommentHeading,
    ...sorted.map((pair) => pairMarkdown(pair, '###')),
  ]);
}
