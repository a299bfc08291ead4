/** One load on one system by one generator, and the verdicts of budgets near its true figures. */
import { parseBudget } from '../../load/budgets/parse.ts';
import type { Budget } from '../../load/metrics/log/budget.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { between } from '../../load/workload/think-time.ts';
import { spike, users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { runVirtually } from '../../tests/engine/virtual-load.ts';
import { DisturbedClock } from './disturbed-clock.ts';
import type { Disturbance } from './generators.ts';
import { askedOf, meanServiceMs, systems, type ServingSystem } from './systems.ts';

export const models = ['open', 'closed', 'spike'] as const;

export interface Case {
  readonly system: keyof typeof systems;
  readonly model: (typeof models)[number];
  readonly utilisation: number;
}

const durationMs = 30_000;
const population = 20;

export async function twinRun(one: Case, disturbance: Disturbance, seed: number): Promise<Result> {
  const clock = new DisturbedClock(disturbance(durationMs, seed));
  let system: ServingSystem | undefined;
  const { result } = await runVirtually({
    workload: workloadOf(one),
    seed,
    clock,
    shortened: true,
    system: ({ draws: [draw] }) => {
      system ??= systems[one.system].make(clock);
      return askedOf(system, draw, clock);
    },
    request: { watchesLoop: true },
  });
  return result;
}

function workloadOf({ system, model, utilisation }: Case): Workload {
  const ratePerSecond = (utilisation * systems[system].capacity * 1000) / meanServiceMs;
  if (model === 'open') {
    return arrivals({ rate: ratePerSecond, duration: durationMs, process: 'poisson' });
  }
  // A user's think time: rate = users / (think time + response time). It is drawn at random, since users
  // with a constant think time would synchronise with a batching server.
  const meanThinkMs = (population * 1000) / ratePerSecond - meanServiceMs;
  const thinkTime = between(meanThinkMs / 2, meanThinkMs * 1.5);
  const make = model === 'spike' ? spike : users;
  return make({ count: population, spawnRate: 20, duration: durationMs, thinkTime });
}

/** The figures of the rows, and how far a limit is from the true figure. */
export const metrics = [
  ...['p50', 'p95', 'p99', 'max', 'avg', 'service.p95'].map((key) => ({ key, op: '<' as const })),
  { key: 'errorRate', op: '<' as const },
  { key: 'throughput', op: '>' as const },
  { key: 'throughput', op: '<' as const },
];

export const offLimits = [0.5, 0.75, 0.89, 1.12, 1.33, 2] as const;

export function budgetAt(key: string, op: '<' | '>', limit: number): Budget | undefined {
  if (key === 'errorRate') {
    const share = Math.min(0.99, limit);
    return share <= 0 ? undefined : parseBudget({ key, limit: `${op} ${share * 100} %` }, {});
  }
  if (!(limit > 0.001) || !Number.isFinite(limit)) return undefined;
  const unit = key === 'throughput' ? ' /s' : ' ms';
  return parseBudget({ key, limit: `${op} ${limit.toFixed(3)}${unit}` }, {});
}
