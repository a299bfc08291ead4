/** Runs a whole pair in virtual time against two scripted systems. */
import { PausableClock } from '../../load/executors/pausable-clock.ts';
import type { JudgedPair, PairPlan } from '../../load/paired/pair-log.ts';
import { defaultTolerances, parseTolerances } from '../../load/paired/tolerances.ts';
import { PairRun, type OpenSides, type RoundStart } from '../../load/run/pair-run.ts';
import type { Timer } from '../../load/platform/clock.ts';
import { noThinkTime } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { VirtualClock } from './virtual-clock.ts';
import { noClients, scriptedUser, settled, type SentRequest, type System } from './virtual-load.ts';

export interface VirtualPair {
  readonly base: System;
  readonly head: System;
  readonly workload?: Workload;
  readonly mostRounds?: number;
  readonly roundMs?: number;
  readonly areRestarted?: boolean;
  readonly areAtOnce?: boolean;
  readonly logPath?: string;
  readonly seed?: number;
  /** Called at each start of the sides, instead of starting sides that always work. */
  readonly open?: (start: RoundStart) => Promise<Pick<OpenSides, 'lost'>>;
  readonly during?: (run: PairRun, clock: VirtualClock) => void;
}

/** The requests to each side, in order, with the round's own clock. */
export interface PairOutcome {
  readonly pair: JudgedPair;
  readonly sent: readonly (SentRequest & { readonly side: 'base' | 'head' })[];
  readonly clock: VirtualClock;
}

export const fourUsers = users({
  count: 4,
  spawnRate: 8,
  duration: '15s',
  thinkTime: noThinkTime,
});

export async function runPairVirtually(asked: VirtualPair): Promise<PairOutcome> {
  const { workload = fourUsers, mostRounds = 8, roundMs = 6000, areAtOnce = false } = asked;
  const { areRestarted = true, seed = 1, logPath } = asked;
  const clock = new VirtualClock();
  const sent: (SentRequest & { side: 'base' | 'head' })[] = [];
  const user = scriptedUser(
    clock,
    {
      system: () => Promise.resolve(),
      user: {
        tasks: {
          chat: {
            run: async ({ measure, random, target, user: { number } }) => {
              const draws = [random(), random()] as const;
              const side = target.url.endsWith('head') ? 'head' : 'base';
              const request = { atMs: clock.now(), task: 'chat', userNumber: number, draws };
              await measure('chat', () => {
                sent.push({ ...request, side });
                return asked[side](request, clock);
              });
            },
          },
        },
      },
    },
    [],
  );
  const run = new PairRun({
    plan: planOf({ areRestarted, areAtOnce, mostRounds, roundMs, seed }),
    user,
    workload,
    droppedMs: roundMs / 5,
    seed,
    newClients: noClients,
    watchesLoop: false,
    identity: { ...identity, level: workload.level },
    logPath,
    clock,
    newClock: () => {
      const own = new RoundClock(clock);
      own.resume();
      return own;
    },
    open: async (start) => {
      const { lost } = (await asked.open?.(start)) ?? { lost: () => undefined };
      const [a, b] = start.builds.map((build) => targetOf(build === 'A' ? 'base' : 'head'));
      return { targets: [a!, b!], lost, close: () => Promise.resolve() };
    },
  });
  asked.during?.(run, clock);
  const pair = await settled(clock, run.run());
  return { pair, sent, clock };
}

/**
 * Reads 0 at its start. Its differences are rounded, so without this a timer could fire a moment before
 * the time that was asked for, be set again for the same time, and so on without end.
 */
class RoundClock extends PausableClock {
  private reachedMs = 0;

  override now(): number {
    return Math.max(this.reachedMs, super.now());
  }

  override at(atMs: number, callback: () => void): Timer {
    return super.at(atMs, () => {
      this.reachedMs = Math.max(this.reachedMs, atMs);
      callback();
    });
  }
}

const identity = {
  testId: 'scripted-pair-4-users',
  runId: 'run',
  title: 'scripted',
  system: 'scripted',
  scenario: 'pair',
};

function targetOf(side: 'base' | 'head') {
  return { url: `http://localhost:1/${side}`, kind: 'given' as const, key: undefined };
}

function planOf(given: {
  areRestarted: boolean;
  areAtOnce: boolean;
  mostRounds: number;
  roundMs: number;
  seed: number;
}): PairPlan {
  const { areRestarted, areAtOnce, ...rest } = given;
  return {
    type: 'pair',
    schema: 1,
    testId: identity.testId,
    runId: identity.runId,
    title: identity.title,
    system: identity.system,
    startedAtEpochMs: 0,
    workload: '4 users',
    sides: { kind: 'commands', base: 'base', head: 'head', areRestarted, areAtOnce },
    tolerances: [...parseTolerances(defaultTolerances)],
    machine: { host: 'virtual', cpu: 'virtual', cores: 2 },
    ...rest,
  };
}
