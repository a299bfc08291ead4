/**
 * A language model whose requests wait in its queue: it has too little capacity, independent of the
 * prompts.
 */
import { shareText } from '../../metrics/figure-text.ts';
import type { Rule } from './finding.ts';
import { halfOf, queueShare, ttftShare, ttftSignal } from './llm-context.ts';
import { cpuCheck, riseCheck } from './evidence.ts';

export const llmCapacity: Rule = {
  name: 'llm-capacity',
  title: 'requests queued for the model',
  yieldsTo: ['kv-cache', 'target-cpu', 'rate-limited'],
  isOfLevels: true,
  find: (at) => {
    const ttft = ttftShare(at.level);
    const queue = queueShare(at.level);
    if (ttft === undefined || ttft.share < halfOf) return undefined;
    if (queue === undefined || queue < halfOf) return undefined;
    const text = `${shareText(queue)} of that was spent in the server's queue`;
    return {
      signals: [
        ttftSignal(ttft.share),
        { name: 'queue share', value: queue, threshold: halfOf, dimension: 'share', text },
      ],
      n: ttft.n,
      checks: [riseCheck(at), cpuCheck(at.level)],
      explains: ttft.share * queue,
      recommendation: 'add replicas, or let the server run more sequences at once',
      nextExperiment: 'run the same level with twice the sequences at once',
    };
  },
};
