/** A language model that spends its time on processing prompts. */
import { shareText } from '../../metrics/figure-text.ts';
import { samplesNeeded } from '../../metrics/percentile.ts';
import type { Check, Rule } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { ms } from './evidence.ts';

/**
 * The threshold of both shares: of the wait for the first token in the latency, and of the queue in that
 * wait.
 */
export const halfOf = 0.5;
const leastGrowth = 1.3;
const leastSamples = 20;

export const llmContext: Rule = {
  name: 'llm-context',
  title: 'the model took long to process the prompts',
  yieldsTo: ['kv-cache', 'llm-capacity', 'target-cpu'],
  isOfLevels: false,
  find: ({ level }) => {
    const ttft = ttftShare(level);
    const growth = growthIn(level);
    if (ttft === undefined || ttft.share < halfOf) return undefined;
    if (growth === undefined || growth.toMs < leastGrowth * growth.fromMs) return undefined;
    const { share, n } = ttft;
    return {
      signals: [
        ttftSignal(share),
        {
          name: 'ttft by prompt tokens',
          value: growth.toMs / growth.fromMs,
          threshold: leastGrowth,
          dimension: 'number',
          text: `half of the first tokens came after ${ms(growth.fromMs)} with up to ${growth.from} prompt tokens, and after ${ms(growth.toMs)} with up to ${growth.to}`,
        },
      ],
      n,
      checks: [queueCheck(level)],
      explains: share,
      recommendation: 'use a prefix cache, turn on chunked prefill, and send a shorter context',
      nextExperiment: 'run the same level with prompts of a quarter of the length',
    };
  },
};

export function ttftSignal(share: number) {
  const text = `${shareText(share)} of the latency was the wait for the first token`;
  return { name: 'ttft share', value: share, threshold: halfOf, dimension: 'share', text } as const;
}

/** Over the requests that have a first token; `undefined` if there are too few. */
export function ttftShare(
  level: LoadLevel,
): { readonly share: number; readonly meanMs: number; readonly n: number } | undefined {
  const streamed = level.series.filter(({ trends }) => trends.has('ttft'));
  const [first, whole] = ['ttft', 'service'].map((name) => level.trend(name, streamed));
  if (first!.count < leastSamples) return undefined;
  const meanMs = first!.mean;
  return { share: meanMs / whole!.mean, meanMs, n: first!.count };
}

/**
 * Mean wait in the server's queue, as a share of the time to the first token; `undefined` if it is not
 * reported.
 */
export function queueShare(level: LoadLevel): number | undefined {
  const ttft = ttftShare(level);
  const queued = level.counted('queueSeconds');
  if (ttft === undefined || queued === undefined || queued.whole === 0) return undefined;
  return Math.min(1, (1000 * queued.part) / queued.whole / ttft.meanMs);
}

function queueCheck(level: LoadLevel): Check {
  const share = queueShare(level);
  if (share === undefined) return { text: "the server's queue was not read", outcome: 'unknown' };
  return {
    text: `${shareText(share)} of it was spent in the server's queue`,
    outcome: share < halfOf ? 'speaks for it' : 'speaks against it',
  };
}

function growthIn(level: LoadLevel) {
  const byTokens = level.trendBy('promptTokens', 'ttft');
  const told = byTokens.filter(({ count }) => count >= samplesNeeded(0.5));
  const [least, most] = [told[0], told.at(-1)];
  if (least === undefined || most === undefined || least === most) return undefined;
  return { from: least.upTo, to: most.upTo, fromMs: least.p50, toMs: most.p50 };
}
