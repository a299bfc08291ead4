/** What a pair shows in the reports of others, and how our own reporter finds it again. */
import type { TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { resolve } from 'node:path';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { pairDifferenceOption, pairSidesOption } from '../charts/pair-charts.ts';
import { drawSvg, pictureType } from '../charts/pictures.ts';
import { pairMarkdown } from '../files/pair-comment.ts';
import { pairSentence, pairText } from '../text/pair-text.ts';

const logAttachment = { name: 'pair log', contentType: 'application/x-ndjson' } as const;
const textAttachment = { name: 'pair', contentType: 'text/plain' } as const;

type Sink = Pick<TestInfo, 'attachments' | 'annotations'>;

/** The log, by path and before anything is in it: of a worker that was killed it has what was written. */
export function attachPairLog({ attachments }: Sink, path: string): void {
  attachments.push({ ...logAttachment, path: resolve(path) });
}

export function attachPair({ attachments, annotations }: Sink, pair: JudgedPair): void {
  annotations.push({ type: 'pair', description: pairSentence(pair) });
  attachments.push({ ...textAttachment, body: Buffer.from(pairText(pair)) });
  const markdown = Buffer.from(pairMarkdown(pair));
  attachments.push({ name: 'pair.md', contentType: 'text/markdown', body: markdown });
}

/** Once nothing runs any more: drawing takes the processor. */
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

/** A pair as it is found among a test's attachments; without a text where its worker died. */
export interface AttachedPair {
  readonly logPath: string;
  readonly text: string | undefined;
}

export function attachedPairs(attachments: TestResult['attachments']): AttachedPair[] {
  const texts = attachments
    .filter(({ name, contentType }) => name === 'pair' && contentType === 'text/plain')
    .map(({ body }) => body?.toString());
  return attachments
    .filter(({ name }) => name === logAttachment.name)
    .flatMap(({ path }, i) => (path === undefined ? [] : [{ logPath: path, text: texts[i] }]));
}
