/** Searches that take long, and longer in larger collections. */
import { defined } from '../../platform/defined.ts';
import type { Check, Evidence, Rule, RuleInput } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { cpuCheck, ms } from './evidence.ts';

const slowMs = 500;
/** How many times longer a search may take during indexing. */
const slowerThanQuiet = 1.5;
/** The least ratio of the largest to the smallest collections, at the median. */
const leastGrowth = 1.3;
const leastSamples = 20;

export const vectorSearch: Rule = {
  name: 'vector-search',
  title: 'the vector search was slow',
  yieldsTo: ['vector-timeout', 'target-cpu'],
  isOfLevels: true,
  find: (at) => {
    const p95 = searchP95(at.level);
    const growth = growthIn(at.level);
    if (p95 === undefined || growth === undefined || growth.factor < leastGrowth) return undefined;
    const quiet = at.below.find(isWithoutIndexing);
    const quietMs = quiet && searchP95(quiet);
    const threshold = Math.min(slowMs, slowerThanQuiet * (quietMs ?? Infinity));
    return p95 > threshold ? evidence(at, p95, threshold, growth) : undefined;
  },
};

function evidence(
  { level }: RuleInput,
  p95: number,
  threshold: number,
  { fromMs, toMs, from, to }: Growth,
): Evidence {
  const searched = level.trend('hop.search');
  const text = `searches took ${ms(p95)} at p95`;
  const grown = `the median search took ${ms(fromMs)} in collections up to ${from}, and ${ms(toMs)} in collections up to ${to}`;
  const dimension = 'time';
  return defined({
    signals: [
      { name: 'search.p95', value: p95, threshold, dimension, text },
      {
        name: 'search by size',
        value: toMs / fromMs,
        threshold: leastGrowth,
        dimension: 'number',
        text: grown,
      },
    ] as const,
    n: searched.count,
    checks: [cpuCheck(level), poolCheck(level)],
    explains: level.shareOfLatency(searched),
    recommendation:
      'build the index (HNSW or the like), index the fields that are filtered by, quantise the vectors, and keep them in memory',
    nextExperiment: 'run the same level on a collection of a tenth of the size',
  });
}

/** In ms, as reported by the store or the service in front of it, over answered searches. */
export function searchP95(level: LoadLevel): number | undefined {
  const searched = level.trend('hop.search');
  if (searched.count >= leastSamples) return searched.p95;
  const read = level.readings('searchP95');
  return read.length === 0 ? undefined : Math.max(...read.map(({ value }) => value));
}

interface Growth {
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly factor: number;
}

function growthIn(level: LoadLevel): Growth | undefined {
  const bySize = level.trendBy('collectionSize', 'hop.search');
  const told = bySize.filter(({ count }) => count >= leastSamples);
  const [least, most] = [told[0], told.at(-1)];
  if (least === undefined || most === undefined || least === most) return undefined;
  const [fromMs, toMs] = [least.p50, most.p50];
  return { from: least.upTo, to: most.upTo, fromMs, toMs, factor: toMs / fromMs };
}

function isWithoutIndexing(level: LoadLevel): boolean {
  return level.series.every(({ request }) => !/index/i.test(request));
}

function poolCheck(level: LoadLevel): Check {
  const waited = level.trend('hop.pool');
  if (waited.count === 0)
    return { text: 'waits for a connection were not reported', outcome: 'unknown' };
  const share = level.shareOfLatency(waited) ?? 0;
  return {
    text: `requests waited ${ms(waited.mean)} for a connection on average`,
    outcome: share < 0.5 ? 'speaks for it' : 'speaks against it',
  };
}
