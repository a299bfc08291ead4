/** A vector store that times out under load and did not at a lower level. */
import { shareText } from '../../metrics/figure-text.ts';
import type { Check, Rule, RuleInput } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { searchP95 } from './vector-search.ts';
import { ms } from './evidence.ts';

const leastShare = 0.005;
const fewest = 3;
/** If the store's p95 is above this, the store itself is slow; otherwise searches wait in front of it. */
const slowSearchMs = 500;

export const vectorTimeout: Rule = {
  name: 'vector-timeout',
  title: 'the vector store timed out under load',
  yieldsTo: [],
  isOfLevels: true,
  find: (at) => {
    const { level, below } = at;
    const rate = level.rate('vectorTimeoutRate');
    if (rate === undefined || rate.hits < fewest) return undefined;
    const share = rate.hits / level.scheduled;
    const before = below.map((lower) => lower.rate('vectorTimeoutRate')?.hits ?? 0);
    if (share < leastShare || before.some((hits) => hits > 0)) return undefined;
    const isStore = (searchP95(level) ?? Infinity) > slowSearchMs;
    const text = `${shareText(share)} of the requests reported a vector-store timeout (${rate.hits} of ${level.scheduled})`;
    return {
      signals: [
        {
          name: 'vectorTimeoutRate',
          value: share,
          threshold: leastShare,
          dimension: 'share',
          text,
        },
      ],
      n: level.scheduled,
      checks: [lowerCheck(at), searchCheck(level)],
      explains: Math.min(1, share),
      recommendation: isStore
        ? 'add replicas of the store, pause indexing while it is asked, and keep deadlines'
        : 'raise the size of the connection pool to the store, or send fewer searches at a time: the store itself answers quickly',
      nextExperiment: isStore
        ? 'run the same level without indexing'
        : 'run the same level with twice the connections to the store',
    };
  },
};

function lowerCheck({ below }: RuleInput): Check {
  const nearest = below.at(-1);
  return nearest === undefined
    ? { text: 'no lower level was measured to compare with', outcome: 'unknown' }
    : { text: `there was none up to ${nearest.name}`, outcome: 'speaks for it' };
}

function searchCheck(level: LoadLevel): Check {
  const p95 = searchP95(level);
  if (p95 === undefined) {
    return { text: 'the search time of the store was not reported', outcome: 'unknown' };
  }
  const isSlow = p95 > slowSearchMs;
  return {
    text: `searches that were answered took the store ${ms(p95)} at p95, so ${isSlow ? 'the store itself is slow' : 'too many searches wait in front of the store'}`,
    outcome: 'speaks for it',
  };
}
