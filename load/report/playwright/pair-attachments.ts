/** The attachments of a pair for reports, and how the suite's own reporter reads them. */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { resolve } from 'node:path';
import type { JudgedPair, PairPlan } from '../../paired/pair-log.ts';
import { pairMetadata, pairOutcome, pairOutcomeName, planned } from '../allure/pair-metadata.ts';
import { pairDifferenceOption, pairSidesOption } from '../charts/pair-charts.ts';
import { drawSvg, pictureType } from '../charts/pictures.ts';
import { pairMarkdown } from '../files/pair-comment.ts';
import { pairSentence, pairText } from '../text/pair-text.ts';

const logAttachment = { name: 'pair log', contentType: 'application/x-ndjson' } as const;
const textAttachment = { name: 'pair', contentType: 'text/plain' } as const;

type Sink = Pick<TestInfo, 'attachments' | 'annotations'>;

/**
 * Announces the pair before its first round, with its log by path and while it is still empty. So reports
 * also get what a killed worker had written.
 */
export function announcePair(
  { attachments, annotations }: Sink,
  plan: PairPlan,
  logPath: string,
): void {
  const earlier = pairsBegun(attachments);
  attachments.push(pairMetadata(plan, earlier));
  for (const { name, value } of planned(plan, earlier)) {
    annotations.push({ type: name, description: value });
  }
  attachments.push({ ...logAttachment, path: resolve(logPath) });
}

export function attachPair({ attachments, annotations }: Sink, pair: JudgedPair): void {
  annotations.push({ type: 'pair', description: pairSentence(pair) });
  const earlier = attachments.filter(({ name }) => name === pairOutcomeName).length;
  attachments.push(pairOutcome(pair, earlier));
  attachments.push({ ...textAttachment, body: Buffer.from(pairText(pair)) });
  const markdown = Buffer.from(pairMarkdown(pair));
  attachments.push({ name: 'pair.md', contentType: 'text/markdown', body: markdown });
}

/** Call it when nothing runs any more, since drawing needs the processor. */
export async function attachPairPictures(
  { attachments }: Sink,
  pairs: readonly JudgedPair[],
): Promise<void> {
  for (const pair of pairs.filter(({ rounds }) => rounds.length > 0)) {
    const pictures = {
      'both sides': pairSidesOption(pair),
      ...Object.fromEntries(
        pair.plan.tolerances.map(({ metric }) => [
          `head against base, ${metric}`,
          pairDifferenceOption(pair, metric),
        ]),
      ),
    };
    try {
      for (const [name, option] of Object.entries(pictures)) {
        attachments.push({
          name,
          contentType: pictureType,
          body: Buffer.from(await drawSvg(option)),
        });
      }
    } catch (error) {
      const body = Buffer.from(`Not drawn: ${String(error)}`);
      attachments.push({ name: 'charts', contentType: 'text/plain', body });
    }
  }
}

/** The texts of a test's pairs that came to their end. */
export function pairTexts(attachments: TestResult['attachments']): string[] {
  return attachments
    .filter(({ name, contentType }) => name === 'pair' && contentType === 'text/plain')
    .flatMap(({ body }) => body?.toString() ?? []);
}

/** How many pairs a test has begun. */
export function pairsBegun(attachments: TestResult['attachments']): number {
  return attachments.filter(isPairLog).length;
}

function isPairLog({ name }: { readonly name: string }): boolean {
  return name === logAttachment.name;
}
