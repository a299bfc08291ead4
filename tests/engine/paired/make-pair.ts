/** Pairs made of stated rounds, to be judged and shown. */
import {
  judgedPair,
  type JudgedPair,
  type PairEnd,
  type PairPlan,
} from '../../../load/paired/pair-log.ts';
import type { Round } from '../../../load/paired/round.ts';
import { defaultTolerances, parseTolerances } from '../../../load/paired/tolerances.ts';

export const pairPlan: PairPlan = {
  type: 'pair',
  schema: 1,
  testId: 'shop-pair-4-users',
  runId: 'run',
  title: 'is no slower than its base',
  system: 'shop',
  scenario: 'pair',
  level: '4-users',
  startedAtEpochMs: 0,
  seed: 1,
  workload: '4 users, spawn rate 8/s, for 15 s',
  sides: {
    kind: 'commands',
    base: 'node base.js',
    head: 'node head.js',
    areRestarted: true,
    areAtOnce: false,
  },
  tolerances: [...parseTolerances(defaultTolerances)],
  mostRounds: 40,
  roundMs: 15_000,
  machine: { host: 'here', cpu: 'a CPU', cores: 2 },
};

export const decidedEnd: PairEnd = { type: 'end', cause: 'decided', detail: 'decided', atMs: 1 };

export function makePair(rounds: readonly Round[], more: Partial<PairPlan> = {}): JudgedPair {
  return judgedPair({ plan: { ...pairPlan, ...more }, rounds, end: decidedEnd });
}
