/** Pairs of slow services, such as chats: their answers take longer than the shortest turn. */
import { expect, test } from '@playwright/test';
import { noThinkTime } from '../../../load/workload/think-time.ts';
import { users } from '../../../load/workload/users.ts';
import type { System } from '../virtual-load.ts';
import { runPairVirtually } from '../virtual-pair.ts';

function takes(meanMs: number): System {
  return ({ atMs, draws: [draw] }, clock) => clock.until(atMs + meanMs * (0.8 + 0.4 * draw));
}

function chats(count: number) {
  return users({ count, spawnRate: count, duration: '15s', thinkTime: noThinkTime });
}

for (const [count, meanMs] of [
  [50, 2000],
  [50, 8000],
  [50, 12_000],
] as const) {
  test(`${count} users with answers of ${meanMs / 1000} s find a head that is slower`, async () => {
    const { pair } = await runPairVirtually({
      base: takes(meanMs),
      head: takes(1.3 * meanMs),
      workload: chats(count),
      roundMs: 15_000,
    });
    const { verdict, faults } = pair.verdict;
    expect({ verdict, faults }).toEqual({ verdict: 'slower', faults: [] });
    const p50 = pair.verdict.metrics.find(({ metric }) => metric === 'p50')!;
    expect(Math.expm1(p50.difference!)).toBeCloseTo(0.3, 1);
  });
}

test('four users with answers of 8 s are told in the first round what to set, and it helps', async () => {
  const four = { base: takes(8000), head: takes(8000 * 1.3), workload: chats(4) };
  const { pair } = await runPairVirtually({ ...four, roundMs: 15_000 });
  expect(pair.verdict.verdict).toBe('invalid');
  expect(pair.rounds.length).toBe(1);
  expect(pair.end!.atMs).toBeLessThan(150_000);
  const [told] = pair.verdict.faults;
  expect(told).toMatch(
    /^round 1 was too short: base was sent \d+ and head \d+ of the 72 requests that p95 needs/,
  );
  const asked = Number(/set round: '(\d+)s'/.exec(told!)![1]);
  const longer = await runPairVirtually({ ...four, roundMs: 1000 * asked });
  const { verdict, faults } = longer.pair.verdict;
  expect({ verdict, faults }).toEqual({ verdict: 'slower', faults: [] });
});

test('turns that do not count have no overruns', async () => {
  const { pair } = await runPairVirtually({
    base: takes(3000),
    head: takes(3000),
    workload: chats(50),
    roundMs: 15_000,
    mostRounds: 2,
  });
  for (const { sides } of pair.rounds) {
    expect(sides.map(({ overruns }) => overruns)).toEqual([0, 0]);
    expect(sides[0].unanswered.length).toBe(sides[1].unanswered.length);
  }
});
