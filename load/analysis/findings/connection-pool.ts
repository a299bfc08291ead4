/** Requests wait for a free connection of the system's pool, or connections are not returned to the pool. */
import type { Evidence, Rule } from './finding.ts';
import { latencyRise, type LoadLevel } from './load-level.ts';
import { cpuCheck, meanOf, pastIn, pastSignal, riseCheck, type Past } from './evidence.ts';

/**
 * If no connection is free but a smaller share of the pool is at work on average, connections are not
 * returned.
 */
const fewAtWork = 0.5;

export const connectionPool: Rule = {
  name: 'connection-pool',
  title: 'the connection pool was exhausted',
  yieldsTo: ['target-cpu'],
  isOfLevels: true,
  find: (at) => {
    const found = exhaustedIn(at.level);
    const below = at.below.at(-1);
    if (found === undefined) return undefined;
    // An empty pool without longer waits has the right size.
    if (below !== undefined && latencyRise(at.level, below) === undefined) return undefined;
    const { name, past, how } = found;
    return {
      signals: [pastSignal(name, past, how)],
      n: past.n,
      window: past.window,
      checks: [riseCheck(at), cpuCheck(at.level)],
      explains: at.level.shareOfLatency(at.level.trend('hop.pool')),
      ...adviceFor(at.level),
    };
  },
};

function exhaustedIn(level: LoadLevel): { name: string; past: Past; how: string } | undefined {
  const waiting = pastIn(level.readings('poolWaiting'), (value) => value > 0);
  if (waiting !== undefined) return { name: 'poolWaiting', past: waiting, how: 'above 0' };
  const available = pastIn(level.readings('poolAvailable'), (value) => value <= 0);
  return available && { name: 'poolAvailable', past: available, how: '0' };
}

function adviceFor(level: LoadLevel): Pick<Evidence, 'recommendation' | 'nextExperiment'> {
  const active = level.readings('poolActive');
  const size = level.readings('poolSize').at(-1)?.value;
  const isLeak = size !== undefined && active.length > 0 && meanOf(active) < fewAtWork * size;
  if (isLeak) {
    return {
      recommendation: `find what keeps connections without using them (${Math.round(meanOf(active))} of ${size} were at work), give them back in every path, and ping them before use`,
      nextExperiment: 'run the same level for longer: a leak empties the pool in time, at any size',
    };
  }
  return {
    recommendation:
      'raise the size of the pool, hold connections for a shorter time, and let waiting for one time out',
    nextExperiment:
      'run the same level with a pool of twice the size: the latency falls if this is it',
  };
}
