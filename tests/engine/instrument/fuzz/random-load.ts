/** A random load that is determined by its seed: model, users, system, machine, budgets, and how it ends. */
import { DisturbedClock } from '../../../../bench/twins/disturbed-clock.ts';
import { disturbances } from '../../../../bench/twins/generators.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { arrivals } from '../../../../load/workload/arrivals.ts';
import { stages } from '../../../../load/workload/stages.ts';
import { spike, users } from '../../../../load/workload/users.ts';
import type { Workload } from '../../../../load/workload/workload.ts';
import type { VirtualClock } from '../../virtual-clock.ts';
import { background, type System, type VirtualLoad } from '../../virtual-load.ts';
import { Draws } from './draws.ts';
import { randomBudgets } from './random-budgets.ts';
import { randomSystem } from './random-system.ts';
import { randomUser } from './random-user.ts';

export interface RandomLoad {
  readonly load: Omit<VirtualLoad, 'clock' | 'slice' | 'logPath'>;
  /** A new clock for each run of it. */
  readonly newClock: () => VirtualClock;
  /** The kind of machine. `none`: it is never late. */
  readonly disturbance: keyof typeof disturbances;
  /**
   * The number of slices in which each request is the same as in one process; `undefined` if something is
   * shared.
   */
  readonly slices: number | undefined;
  /** How many requests reached a system since the last call. */
  readonly takeReached: () => number;
}

export function randomLoad(seed: number): RandomLoad {
  const draws = new Draws(seed, 'load');
  let reached = 0;
  const counted =
    (system: System): System =>
    (request, clock) => {
      reached += 1;
      return system(request, clock);
    };
  const sharesUsers = draws.chance(0.3);
  const workload = randomWorkload(draws, sharesUsers);
  const isOpen = workload.model === 'open';
  const mayAbort = draws.chance(0.15);
  const hasOnset = workload.phases.some(({ name }) => name === 'onset');
  const isWhole = mayAbort || (sharesUsers && isOpen) || draws.chance(0.25);
  const disturbance = draws.of(
    draws.chance(0.4) ? (['none'] as const) : keysOf(disturbances).slice(1),
  );
  const probes = counted(randomSystem(new Draws(seed, 'probes')));
  const hasProbes = draws.chance(0.3);
  const system = counted(randomSystem(new Draws(seed, 'system')));
  const load = {
    workload,
    system,
    user: randomUser(new Draws(seed, 'user'), system, { isSliced: !isWhole, isOpen }),
    budgets: randomBudgets(new Draws(seed, 'budgets'), { hasOnset, mayAbort }),
    seed,
    shortened: !isWhole || draws.chance(0.5),
    moreStreams: hasProbes ? (clock: VirtualClock) => [probing(clock, probes)] : undefined,
    during: randomEnd(draws),
    // Watching a loop that is never late takes as much time and always shows the same.
    request: { watchesLoop: disturbance !== 'none' || draws.chance(0.2) },
  };
  return {
    load: defined(load),
    newClock: () => new DisturbedClock(disturbances[disturbance](longestMs, seed)),
    disturbance,
    slices: isWhole ? undefined : draws.whole(1, 4),
    takeReached: () => {
      const count = reached;
      reached = 0;
      return count;
    },
  };
}

/** How long machines are disturbed. */
const longestMs = 60_000;

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(record) as K[];
}

function probing(clock: VirtualClock, system: System) {
  return background(clock, { workload: arrivals({ rate: 5, duration: '4s' }), system });
}

function randomWorkload(draws: Draws, sharesUsers: boolean): Workload {
  const count = draws.whole(1, 14);
  const duration = draws.whole(2500, 6000);
  const rate = draws.scaled(2, 60);
  const process = draws.of(['constant', 'poisson', { gamma: 0.3 }] as const);
  const shared = sharesUsers
    ? { maxUsers: draws.whole(1, 8), maxBacklog: draws.whole(0, 20) }
    : { maxUsers: 10_000 };
  const warmUp = draws.maybe(0.3, { duration: '2s', users: 1 } as const);
  const common = { count, spawnRate: draws.whole(8, 30), duration };
  switch (draws.of(['users', 'spike', 'stages', 'arrivals', 'ramp'] as const)) {
    case 'users':
      return users(defined({ ...common, warmUp }));
    case 'spike':
      return spike({ ...common, duration: duration + 5000 });
    case 'stages': {
      const course = [count, count, draws.whole(0, count), 2, 2];
      return stages(course.map((level) => ({ users: level, duration: duration / 4 })));
    }
    case 'arrivals':
      return arrivals(defined({ rate, duration, process, ...shared, warmUp: warmUp?.duration }));
    case 'ramp': {
      const course = [rate, rate, rate / 3].map((one) => ({ rate: one, duration: duration / 3 }));
      return arrivals({ stages: course, process, ...shared });
    }
  }
}

/** Mostly runs to its end; else it is interrupted, possibly without the drain. */
function randomEnd(draws: Draws): VirtualLoad['during'] {
  const how = draws.of(['never', 'never', 'never', 'stopped', 'cut'] as const);
  const atMs = draws.of([0, draws.whole(1, 7) * 1000, draws.between(0, 9000)]);
  if (how === 'never') return undefined;
  return (run, clock) => {
    clock.at(atMs, () => {
      run.stop({ cause: 'interrupted', detail: 'Ctrl-C' });
      if (how === 'cut') run.cut();
    });
  };
}
