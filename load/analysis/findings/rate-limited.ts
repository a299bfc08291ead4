/** The system refuses a part of the load with status 429, so the load measures its rate limit. */
import { shareText } from '../../metrics/figure-text.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';
import type { Check, Rule } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { ms } from './evidence.ts';

const leastShare = 0.01;
const fewest = 3;

export const rateLimited: Rule = {
  name: 'rate-limited',
  title: 'the system limited the rate',
  yieldsTo: [],
  isOfLevels: false,
  find: ({ level }) => {
    const { throttled = 0 } = level.outcomes;
    const share = throttled / level.scheduled;
    if (throttled < fewest || share < leastShare) return undefined;
    const text = `${shareText(share)} of the requests were answered 429 (${throttled} of ${level.scheduled})`;
    return {
      signals: [
        { name: 'throttledRate', value: share, threshold: leastShare, dimension: 'share', text },
      ],
      n: level.scheduled,
      checks: [chanceCheck(throttled, level), waitCheck(level)],
      // The limiter delays nothing: a refused request has no latency.
      explains: share,
      recommendation:
        'raise the limit for the key of the test, or state the limit as a budget on throttledRate',
      nextExperiment: 'run the same level with a key without a limit',
    };
  },
};

function chanceCheck(throttled: number, { scheduled }: LoadLevel): Check {
  const [low] = wilsonInterval(throttled, scheduled);
  return low >= leastShare
    ? { text: `at least ${shareText(low)}, beyond chance`, outcome: 'speaks for it' }
    : { text: `it may be as little as ${shareText(low)}`, outcome: 'unknown' };
}

function waitCheck(level: LoadLevel): Check {
  const asked = level.trend('retryAfter');
  return asked.count === 0
    ? { text: 'no answer said how long to wait', outcome: 'speaks for it' }
    : { text: `answers asked to wait ${ms(asked.mean)} on average`, outcome: 'speaks for it' };
}
