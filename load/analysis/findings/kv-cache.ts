/**
 * A GPU's memory is exhausted: the KV cache is full, and the server preempts requests or lets them wait.
 * High memory use alone is no evidence, since servers reserve all of it when they start.
 */
import { numberText, shareText, momentText } from '../../metrics/figure-text.ts';
import type { Level as Reading, Span } from '../../metrics/result/readings.ts';
import type { Evidence, Rule, RuleInput, Signal } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { cpuCheck, leastReadings, meanOf, pastIn, riseCheck } from './evidence.ts';

const full = 0.95;
const leastMs = 10_000;
const outOfMemory = /out of memory|\bOOM\b|CUDA error/i;

export const kvCache: Rule = {
  name: 'kv-cache',
  title: 'the KV cache of the GPU was exhausted',
  yieldsTo: [],
  isOfLevels: true,
  find: (at) => {
    const found = partsOf(at.level).map((part) => fullCache(at, part) ?? fullMemory(at, part));
    return found.find((evidence) => evidence !== undefined);
  },
};

/**
 * The system itself (an empty name), then each page with figures of a server or GPUs. A single one may be
 * full.
 */
function partsOf(level: LoadLevel): string[] {
  const names = ['kvCacheUse', 'gpuMemory'].flatMap((figure) =>
    level.tellersOf(figure).map((name) => name.slice(figure.length)),
  );
  return [...new Set(names)];
}

const advice = {
  recommendation:
    'allow fewer sequences at once or a shorter context, quantise the cache, load one model on demand, or add replicas',
  nextExperiment: 'run the same level with half the context length: preemptions end if this is it',
};

function fullCache(at: RuleInput, part: string): Evidence | undefined {
  const { level } = at;
  const name = `kvCacheUse${part}`;
  const readings = level.readings(name);
  const span = longestSpan(readings, ({ value }) => value >= full);
  if (readings.length < leastReadings || span === undefined) return undefined;
  const suffering = preemptions(at, part) ?? waiting(at, part, span);
  if (suffering === undefined) return undefined;
  const text = `${name} was at or above ${shareText(full)} from ${momentText(span[0])} to ${momentText(span[1])}`;
  const highest = Math.max(...readings.map(({ value }) => value));
  const signal = {
    name,
    value: highest,
    threshold: full,
    dimension: 'share',
    text,
  } as const;
  return {
    signals: [signal, suffering],
    n: readings.length,
    window: span,
    checks: [riseCheck(at), cpuCheck(level)],
    ...advice,
  };
}

/** The longest span of consecutive readings above the limit, at least ten seconds long. */
function longestSpan(
  readings: readonly Reading[],
  isPast: (reading: Reading) => boolean,
): Span | undefined {
  let longest: Span | undefined;
  let from: number | undefined;
  for (const reading of readings) {
    if (!isPast(reading)) from = undefined;
    else {
      from ??= reading.atMs;
      const lengthMs = reading.atMs - from;
      if (lengthMs >= leastMs && lengthMs > (longest?.[1] ?? 0) - (longest?.[0] ?? 0)) {
        longest = [from, reading.atMs];
      }
    }
  }
  return longest;
}

/** More preemptions per second than at the level below. */
function preemptions({ level, below }: RuleInput, part: string): Signal | undefined {
  const rate = perSecond(level, part);
  const lower = below.at(-1);
  const before = lower === undefined ? 0 : (perSecond(lower, part) ?? 0);
  if (rate === undefined || !(rate > 0) || rate <= before) return undefined;
  const text = `the server preempted ${numberText(rate)} requests a second (${numberText(before)} below)`;
  return { name: 'preemptions', value: rate, threshold: before, dimension: 'perSecond', text };
}

function perSecond(level: LoadLevel, part: string): number | undefined {
  const counted = level.counted(`preemptions${part}`);
  return counted === undefined || counted.whole === 0 ? undefined : counted.part / counted.whole;
}

/** More requests wait while the cache is full than at the level below. */
function waiting({ level, below }: RuleInput, part: string, [from, to]: Span): Signal | undefined {
  const name = `requestsWaiting${part}`;
  const all = level.readings(name);
  const inside = all.filter(({ atMs }) => atMs >= from && atMs <= to);
  const lower = below.at(-1)?.readings(name) ?? [];
  const before = lower.length === 0 ? 0 : meanOf(lower);
  if (inside.length === 0) return undefined;
  const now = meanOf(inside);
  if (now < 1 || now <= before) return undefined;
  const text = `${numberText(now)} requests waited on average (${numberText(before)} below)`;
  return { name: 'requestsWaiting', value: now, threshold: before, dimension: 'number', text };
}

function fullMemory(at: RuleInput, part: string): Evidence | undefined {
  const name = `gpuMemory${part}`;
  const past = pastIn(at.level.readings(name), (value) => value >= full);
  const errors = at.level.errorsLike(outOfMemory);
  if (past === undefined || errors === 0) return undefined;
  const text = `${name} was at or above ${shareText(full)} in ${past.count} of ${past.n} readings`;
  return {
    signals: [
      { name, value: past.highest, threshold: full, dimension: 'share', text },
      {
        name: 'out-of-memory errors',
        value: errors,
        threshold: 1,
        dimension: 'number',
        text: `${errors} answers reported that memory ran out`,
      },
    ],
    n: past.n,
    window: past.window,
    checks: [riseCheck(at)],
    ...advice,
  };
}
