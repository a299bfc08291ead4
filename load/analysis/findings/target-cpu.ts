/**
 * The target has no CPU left: on its machine, on the single core of a single-threaded program, or within
 * its container's limit.
 */
import type { Evidence, Rule, Signal } from './finding.ts';
import type { LoadLevel } from './load-level.ts';
import { busyCpu, pastIn, pastSignal, riseCheck, type Past } from './evidence.ts';

/** The least share of its periods in which a container was throttled. */
const throttledShare = 0.25;

const told: readonly { figure: string; limit: number; what: string; advice: string }[] = [
  {
    figure: 'cpuThrottled',
    limit: throttledShare,
    what: `at or above ${100 * throttledShare} % of its periods`,
    advice: 'raise the CPU limit of its container, or add replicas',
  },
  {
    figure: 'targetStopped',
    limit: 1,
    what: 'true (the process was stopped)',
    advice: 'find what stops the process (a debugger, a supervisor, a frozen container)',
  },
  {
    figure: 'targetCpuPeak',
    limit: busyCpu,
    what: `at or above ${100 * busyCpu} % of its machine`,
    advice: 'profile it under this load and optimise the hot code, or give it more cores',
  },
  {
    figure: 'targetThread',
    limit: busyCpu,
    what: `at or above ${100 * busyCpu} % of one core`,
    advice:
      'profile it under this load: one thread does all the work, so more cores help only with more processes',
  },
  {
    figure: 'targetThreadWanted',
    limit: busyCpu,
    what: `at or above ${100 * busyCpu} % of one core, without getting it`,
    advice: 'stop the other processes on its machine, or give it more cores',
  },
  {
    figure: 'nodeCpu',
    limit: busyCpu,
    what: `at or above ${100 * busyCpu} % of the machine`,
    advice: 'profile what runs on that machine, or give it more cores',
  },
];

export const targetCpu: Rule = {
  name: 'target-cpu',
  title: "the target's CPU was saturated",
  yieldsTo: [],
  isOfLevels: true,
  find: (at) => {
    for (const { figure, limit, what, advice } of told) {
      for (const name of at.level.tellersOf(figure)) {
        const past = pastIn(at.level.readings(name), (value) => value >= limit);
        if (past !== undefined) return evidence(at, past, pastSignal(name, past, what), advice);
      }
    }
    return undefined;
  },
};

function evidence(
  at: Parameters<Rule['find']>[0],
  past: Past,
  signal: Signal,
  recommendation: string,
): Evidence {
  return {
    signals: [signal],
    n: past.n,
    window: past.window,
    checks: [riseCheck(at), hostCheck(at.level)],
    recommendation,
    nextExperiment: 'run the same level with twice the CPU: the latency falls if this is it',
  };
}

/** Other processes on the same machine may have used it. */
function hostCheck(level: LoadLevel) {
  const [host, own] = ['hostCpu', 'targetCpuPeak'].map((figure) => level.readings(figure));
  const gap = Math.max(...host!.map(({ value }, i) => value - (own![i]?.value ?? value)));
  if (host!.length === 0 || own!.length === 0) {
    return { text: 'other processes on its machine were not read', outcome: 'unknown' } as const;
  }
  const isCrowded = gap > 0.5;
  return {
    text: isCrowded
      ? 'other processes took more than half of its machine'
      : 'other processes took less than half of its machine',
    outcome: isCrowded ? 'speaks against it' : 'speaks for it',
  } as const;
}
