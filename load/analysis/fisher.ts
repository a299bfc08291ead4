import { logChoose } from './distributions.ts';

/** So many of so many. */
export interface Share {
  readonly hits: number;
  readonly total: number;
}

/**
 * Fisher's exact test, one-sided: how likely at least as many hits fall on the observed side, were the
 * hits of both spread over all by chance.
 */
export function fisherGreater(observed: Share, baseline: Share): number {
  const all = observed.total + baseline.total;
  const hits = observed.hits + baseline.hits;
  const most = Math.min(hits, observed.total);
  const whole = logChoose(all, observed.total);
  let sum = 0;
  for (let k = observed.hits; k <= most; k++) {
    const term = Math.exp(logChoose(hits, k) + logChoose(all - hits, observed.total - k) - whole);
    sum += term;
    // Beyond the mode the terms only fall: the rest is too small to be seen.
    if (term < sum * 1e-12 && k > (hits * observed.total) / all) break;
  }
  return Math.min(1, sum);
}
