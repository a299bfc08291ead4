/**
 * A system that does one thing after the other: at its plateau it gets through as much as one user alone
 * would. Or one that spends its time on packing and unpacking what its tools return.
 */
import { numberText, shareText } from '../../metrics/figure-text.ts';
import { sumOf } from '../../platform/lists.ts';
import { baselineOf, type BaselineLoad } from './baseline-load.ts';
import type { Check, Evidence, Rule, RuleInput } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { cpuCheck, ms, riseCheck } from './evidence.ts';

/** Throughput × time of a single user, at most so far from 1. */
const tolerance = 0.2;
/** With fewer in flight there is nothing to be put in a row. */
const leastInFlight = 2;
const leastSamples = 100;
const packingShare = 0.2;

export const serialised: Rule = {
  name: 'serialised',
  title: 'the system ran its calls one after the other',
  yieldsTo: [
    'connection-pool',
    'target-cpu',
    'kv-cache',
    'llm-capacity',
    'rate-limited',
    'vector-timeout',
  ],
  isOfLevels: true,
  find: (at) => inRow(at) ?? packing(at.level),
};

function inRow(at: RuleInput): Evidence | undefined {
  const { level, alone } = at;
  if (alone === undefined || baselineOf(level) !== undefined) return undefined;
  const aloneMs = timeAlone(level, alone);
  const together = (level.throughput * aloneMs) / 1000;
  const isPlateau = level.inFlight >= leastInFlight && grewNoMore(at);
  if (!isPlateau || !(Math.abs(together - 1) <= tolerance)) return undefined;
  if ((level.outcomes.ok ?? 0) < leastSamples) return undefined;
  const text =
    `${numberText(level.throughput)} calls a second × ${ms(aloneMs)} that one takes alone = ${numberText(together)}, ` +
    `with ${numberText(level.inFlight)} in flight`;
  return {
    signals: [
      { name: 'calls at a time', value: together, threshold: 1, dimension: 'number', text },
    ],
    n: level.outcomes.ok ?? 0,
    checks: [cpuCheck(level), riseCheck(at), ...ageCheck(alone)],
    explains: Math.max(0, 1 - aloneMs / level.meanMs),
    recommendation:
      'let calls run side by side (a worker pool, no lock around the tools), and return smaller results',
    nextExperiment:
      'call one tool alone at the same level: if each is quick by itself, they share a lock',
  };
}

/**
 * What a call of this level takes one user alone: each task as long as there, and as often as here. A few calls are
 * drawn in other proportions than many.
 */
function timeAlone(level: LoadLevel, { meanMs }: BaselineLoad): number {
  const calls = [...level.byTask('service')];
  const n = sumOf(calls, ([, { count }]) => count);
  return sumOf(calls, ([task, { count }]) => count * (meanMs.get(task) ?? NaN)) / n;
}

/** The machine may have been another one then. */
function ageCheck({ committedAt }: BaselineLoad): Check[] {
  if (committedAt === undefined) return [];
  const text = `the time of one user alone is that of the committed baseline (${committedAt.slice(0, 10)})`;
  return [{ text, outcome: 'unknown' }];
}

/**
 * Half as many users again, and hardly more was done. A level at which nothing queued can't show it: then the queue of
 * this one has to say it, half of its users or more.
 */
function grewNoMore({ level, below }: RuleInput): boolean {
  const lower = below.findLast(
    ({ load, inFlight }) => load <= level.load / 1.5 && inFlight >= leastInFlight,
  );
  if (lower !== undefined) return level.throughput <= 1.15 * lower.throughput;
  return level.inFlight >= 0.5 * level.load;
}

function packing(level: LoadLevel): Evidence | undefined {
  const [encode, decode] = ['hop.encode', 'hop.decode'].map((name) => level.trend(name));
  const n = Math.max(encode!.count, decode!.count);
  if (n < leastSamples) return undefined;
  const share = (level.shareOfLatency(encode!) ?? 0) + (level.shareOfLatency(decode!) ?? 0);
  if (share < packingShare) return undefined;
  const text = `${shareText(share)} of the latency went into encoding and decoding`;
  return {
    signals: [
      {
        name: 'encode and decode',
        value: share,
        threshold: packingShare,
        dimension: 'share',
        text,
      },
    ],
    n,
    checks: [cpuNote(level)],
    explains: share,
    recommendation: 'return smaller results, or page them',
    nextExperiment: 'call a tool with a small result at the same level',
  };
}

function cpuNote(level: LoadLevel): Check {
  return { ...cpuCheck(level), outcome: 'speaks for it' };
}
