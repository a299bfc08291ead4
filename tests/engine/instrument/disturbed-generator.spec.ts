/** A machine that is held up, in virtual time: its lateness makes no row red and hides no red row. */
import { expect, test } from '@playwright/test';
import { DisturbedClock, type Block } from '../../../bench/twins/disturbed-clock.ts';
import { disturbances, type Disturbance } from '../../../bench/twins/generators.ts';
import {
  askedOf,
  systems,
  type NewSystem,
  type ServingSystem,
} from '../../../bench/twins/systems.ts';
import { judge, judgeBudget, type Judgement, type Verdict } from '../../../load/budgets/judge.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { between } from '../../../load/workload/think-time.ts';
import { users } from '../../../load/workload/users.ts';
import { budget } from '../budgets/make-result.ts';
import { runVirtually } from '../virtual-load.ts';

const seeds = [1, 2, 3];
const oneStall: readonly Block[] = [{ startMs: 30_000, endMs: 30_550 }];

interface Load {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly blocks: readonly Block[];
  readonly seed: number;
}

/** Poisson arrivals, sent by a generator whose loop does not turn in the blocks. */
async function measured(load: Load, make: NewSystem, slower = 1): Promise<Result> {
  const clock = new DisturbedClock(load.blocks);
  const { ratePerSecond: rate, durationMs: duration, seed } = load;
  let system: ServingSystem | undefined;
  const { result } = await runVirtually({
    workload: arrivals({ rate, duration, process: 'poisson' }),
    seed,
    clock,
    shortened: true,
    system: ({ draws: [draw] }) => {
      system ??= make(clock);
      // An exponential time is −ln(1 − draw) of its mean: so it is that many times as long.
      return askedOf(system, 1 - (1 - draw) ** slower, clock);
    },
    request: { watchesLoop: true },
  });
  return result;
}

function judged(result: Result, limits: Readonly<Record<string, string>>): Verdict {
  const budgets = Object.entries(limits).map(([key, limit]) => budget(key, limit));
  return judge({ ...result, plan: { ...result.plan, budgets } });
}

test.describe('one stall of 0.55 s in a minute at one server of 10 ms', () => {
  const { make } = systems['M/M/1'];
  const keys = ['p50', 'p95', 'p99', 'avg', 'max', 'service.p95'];
  const row = (result: Result, key: string, limitMs: number): Judgement =>
    judgeBudget(result, budget(key, `< ${limitMs} ms`));
  const minute = (seed: number, blocks: readonly Block[], ratePerSecond = 85): Load => {
    return { ratePerSecond, durationMs: 60_000, blocks, seed };
  };

  test('busy for 0.85 of the time: no row is red that is green without the stall', async () => {
    let beyond = 0;
    for (const seed of seeds) {
      const calm = await measured(minute(seed, []), make);
      const stalled = await measured(minute(seed, oneStall), make);
      for (const key of keys) {
        const { value: calmMs = NaN } = row(calm, key, 1);
        const limitMs = 1.1 * calmMs;
        expect(row(calm, key, limitMs).status).toBe('pass');
        expect(row(calm, key, calmMs / 1.1).status).toBe('fail');
        const { status, value = NaN } = row(stalled, key, limitMs);
        const seen = `seed ${seed}: ${key} is ${value} ms, limit ${limitMs} ms`;
        expect(status, seen).toBe(value < limitMs ? 'pass' : 'undecided');
        if (value >= limitMs) beyond += 1;
      }
      expect(judged(stalled, { p95: '< 1 s' }).verdict).toBe('pass');
    }
    // The stall pushed most of them above their limits.
    expect(beyond).toBeGreaterThan((seeds.length * keys.length) / 2);
  });

  for (const [ratePerSecond, limit] of [
    // p95 of theory, ln 20 / (μ − λ): 200 ms, and at half the speed there is none.
    [85, '< 400 ms'],
    // 52 ms, and 200 ms at half the speed.
    [42.5, '< 100 ms'],
  ] as const) {
    test(`${ratePerSecond}/s: the service itself twice as slow is red in spite of it`, async () => {
      for (const seed of seeds) {
        const slow = await measured(minute(seed, oneStall, ratePerSecond), make, 2);
        const { verdict, judgements } = judged(slow, { p95: limit });
        expect([verdict, judgements[0]?.status], `seed ${seed}`).toEqual(['fail', 'fail']);
        const asFast = await measured(minute(seed, oneStall, ratePerSecond), make);
        expect(judged(asFast, { p95: limit }).verdict, `seed ${seed}`).not.toBe('fail');
      }
    });
  }
});

/** Answers after a constant time at a limited rate; then refuses. */
function answering(serviceMs: number, goods = Infinity): NewSystem {
  return (clock) => {
    let served = 0;
    return {
      serve(_, done) {
        clock.atTheSystem(clock.now() + serviceMs, () => {
          done(served++ < goods ? undefined : 'shed');
        });
      },
    };
  };
}

test.describe('a generator that is held 9 of every 20 ms', () => {
  const under = async (make: NewSystem, limits: Readonly<Record<string, string>>) => {
    const outcomes = seeds.map(async (seed) => {
      const blocks = disturbances['blocked 9 ms of every 20 ms'](10_000, seed);
      const load = { ratePerSecond: 100, durationMs: 10_000, blocks, seed };
      return judged(await measured(load, make), limits).verdict;
    });
    return [...new Set(await Promise.all(outcomes))];
  };

  test('a budget of 5 ms on a server of 1 ms is not decided, one of 100 ms is met', async () => {
    expect(await under(answering(1), { p95: '< 5 ms' })).toEqual(['invalid']);
    expect(await under(answering(1), { p95: '< 100 ms' })).toEqual(['pass']);
  });

  test('a budget of 5 ms on a server of 300 ms is broken', async () => {
    expect(await under(answering(300), { p95: '< 5 ms' })).toEqual(['fail']);
  });

  test('503 on everything after 20 answers is red', async () => {
    const limits = { p95: '< 100 ms', errorRate: '< 1 %' };
    expect(await under(answering(1, 20), limits)).toEqual(['fail']);
    expect(await under(answering(1), limits)).toEqual(['pass']);
  });
});

test.describe('20 users who come back after half a second', () => {
  const sentBy = async (disturbance: Disturbance, meanServiceMs: number) => {
    const clock = new DisturbedClock(disturbance(60_000, 1));
    const thinkTime = between(400, 600);
    const { result } = await runVirtually({
      workload: users({ count: 20, spawnRate: 100, duration: '60s', thinkTime }),
      clock,
      shortened: true,
      system: ({ draws: [draw] }) =>
        new Promise((resolve) => {
          clock.atTheSystem(clock.now() + meanServiceMs * (0.5 + draw), () => {
            clock.at(clock.now(), () => {
              resolve(undefined);
            });
          });
        }),
      request: { watchesLoop: true },
    });
    return { sent: result.sent, lostShare: judge(result).lateness.lostShare };
  };

  for (const kind of ['blocked 9 ms of every 20 ms', 'stalls of 3 s, one a minute'] as const) {
    for (const serviceMs of [50, 3000]) {
      test(`${kind}, answers of ${serviceMs} ms: as much of the load is lost as is told`, async () => {
        const calm = await sentBy(disturbances.none, serviceMs);
        const held = await sentBy(disturbances[kind], serviceMs);
        const lost = 1 - held.sent / calm.sent;
        expect(calm.lostShare).toBe(0);
        // One request more or less at the end of the load changes the share.
        expect(held.lostShare).toBeGreaterThan(lost - 1.5 / calm.sent);
        expect(held.lostShare).toBeLessThan(lost + 0.01);
      });
    }
  }
});
