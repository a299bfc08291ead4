/**
 * A system that processes one request after the other: its maximum throughput is that of a single user.
 * Or one that spends its time on serialising the results of its tools.
 */
import { numberText, shareText } from '../../metrics/figure-text.ts';
import { sumOf } from '../../platform/lists.ts';
import { baselineOf, type BaselineLoad } from './baseline-load.ts';
import type { Check, Evidence, Rule, RuleInput } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { cpuCheck, ms, riseCheck } from './evidence.ts';

/** How far throughput × time of a single user may be from 1. */
const tolerance = 0.2;
/** With fewer requests in flight nothing can queue. */
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
 * The time of a request with this level's mix of tasks, for a single user. A baseline with few requests
 * may have another mix.
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
 * With half as many users again, throughput hardly rose. If nothing queued at the level below, this
 * level's own queue must show it, with half of its users or more.
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
