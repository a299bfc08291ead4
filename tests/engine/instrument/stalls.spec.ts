import { expect, test } from '@playwright/test';
import { longestOf, stallsIn } from '../../../load/budgets/observe/stall.ts';
import { selectSeries, statisticIn } from '../../../load/metrics/result/select.ts';
import { between } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { judge } from '../../../load/budgets/judge.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { budget } from '../budgets/make-result.ts';
import { answersAfter, background, runVirtually, type System } from '../virtual-load.ts';

/** Answers after `latencyMs`; while frozen nothing gets on, and goes on where it was. */
function frozen(spans: readonly (readonly [number, number])[], latencyMs: number): System {
  return ({ atMs }, clock) => {
    let endMs = atMs + latencyMs;
    for (const [from, to] of spans) {
      if (atMs < to && endMs > from) endMs += to - Math.max(from, atMs);
    }
    return clock.until(endMs);
  };
}

test.describe('200 requests per second for 10 s, answered in 20 ms, and a freeze of 1 s', () => {
  // Due 5 ms apart in the freeze: the j-th waits 1 s − 5j ms, and 20 ms for its answer.
  const [p95, p99] = [540, 940];
  const workload = (maxUsers: number) => arrivals({ rate: 200, duration: '10s', maxUsers });

  test('response times match the closed form', async () => {
    const system = frozen([[5000, 6000]], 20);
    const { result } = await runVirtually({ workload: workload(1000), system });
    const series = selectSeries(result);
    expect(Math.abs(statisticIn(series, 'responseTime', 'p95') / p95 - 1)).toBeLessThan(0.03);
    expect(Math.abs(statisticIn(series, 'responseTime', 'p99') / p99 - 1)).toBeLessThan(0.03);
    expect(statisticIn(series, 'responseTime', 'p50')).toBeCloseTo(20, 0);
  });

  test('service times do not: users who are held up send nothing that could be slow', async () => {
    const system = frozen([[5000, 6000]], 20);
    const { result } = await runVirtually({ workload: workload(99), system });
    const series = selectSeries(result);
    expect(Math.abs(statisticIn(series, 'responseTime', 'p95') / p95 - 1)).toBeLessThan(0.03);
    expect(Math.abs(statisticIn(series, 'responseTime', 'p99') / p99 - 1)).toBeLessThan(0.03);
    expect(statisticIn(series, 'service', 'p95')).toBeCloseTo(20, 0);
  });

  test('against a steady server both agree', async () => {
    const { result } = await runVirtually({ workload: workload(99), system: answersAfter(20) });
    const series = selectSeries(result);
    for (const trend of ['responseTime', 'service']) {
      expect(statisticIn(series, trend, 'p99')).toBeCloseTo(20, 1);
    }
  });

  test('the freeze is a stall, from the fifth request that waits to the first answer', async () => {
    const system = frozen([[5000, 6000]], 20);
    const { result } = await runVirtually({ workload: workload(1000), system });
    // With the one due at 5 s 4 are in flight; the fifth comes at 5.005 s, an answer at 6.005 s.
    expect(stallsIn(result)).toEqual([{ startMs: 5005, endMs: 6005, inFlight: 204 }]);
  });
});

test.describe('a closed model of 100 users through two freezes of 5 s', () => {
  const workload = users({
    count: 100,
    spawnRate: 100,
    duration: '5m',
    thinkTime: between(500, 1500),
  });
  const system = frozen(
    [
      [100_000, 105_000],
      [200_000, 205_000],
    ],
    30,
  );

  test('p99 does not see it: each user lost one request to each', async () => {
    const { result } = await runVirtually({ workload, system });
    expect(statisticIn(selectSeries(result), 'responseTime', 'p99')).toBeCloseTo(30, 0);
  });

  test('the longest stall does', async () => {
    const { result } = await runVirtually({ workload, system });
    const stalls = stallsIn(result).filter(({ startMs, endMs }) => endMs - startMs > 2000);
    expect(stalls).toHaveLength(2);
    const longest = longestOf(stalls)!;
    expect(longest.endMs - longest.startMs).toBeGreaterThan(4500);
    expect(longest.endMs - longest.startMs).toBeLessThan(5030.1);
  });
});

test.describe('a judged load beside quick probes', () => {
  const workload = users({
    count: 20,
    spawnRate: 20,
    duration: '60s',
    thinkTime: between(500, 1500),
  });
  const probing = arrivals({ rate: 4, duration: '60s' });
  const outage = frozen([[30_000, 42_000]], 30);
  const budgets = [budget('longestStall', '< 2 s')];

  test(
    'the probes do not hide that its 20 users are frozen for 12 s',
    { annotation: fault(57) },
    async () => {
      const { result } = await runVirtually({
        workload,
        budgets,
        system: outage,
        moreStreams: (clock) => [background(clock, { workload: probing, system: answersAfter(5) })],
      });
      const { startMs, endMs } = longestOf(stallsIn(result))!;
      expect(startMs).toBeGreaterThan(30_000);
      expect(startMs).toBeLessThan(31_000);
      expect(endMs).toBeGreaterThan(42_000);
      expect(judge(result).judgements).toMatchObject([{ name: 'longestStall', status: 'fail' }]);
    },
  );

  test('probes that are frozen themselves are recorded, and not judged', async () => {
    const { result } = await runVirtually({
      workload,
      budgets,
      system: answersAfter(30),
      moreStreams: (clock) => [background(clock, { workload: probing, system: outage })],
    });
    const longest = longestOf(result.stalls)!;
    expect(longest).toMatchObject({ stream: 1 });
    expect(longest.endMs - longest.startMs).toBeGreaterThan(10_000);
    expect(judge(result).judgements).toMatchObject([{ name: 'longestStall', status: 'pass' }]);
  });
});

test('what only the drain waits for is no stall of the load', async () => {
  const workload = users({ count: 10, spawnRate: 1000, duration: '10s' });
  // Each asks every 100 ms; the last time it takes 20 s, of some or of all.
  const slowFor = (slowest: number): System => {
    return ({ atMs, userNumber }, clock) =>
      clock.until(atMs + (atMs >= 9900 && userNumber < slowest ? 20_000 : 100));
  };
  // Five are left when the other five have their answers, in the drain.
  const late = await runVirtually({ workload, system: slowFor(5) });
  expect(late.result.stalls.map(({ startMs }) => startMs)).toContain(10_009);
  expect(stallsIn(late.result)).toEqual([]);
  // Where all wait before the load ends it is one, at its full length.
  const early = await runVirtually({ workload, system: slowFor(10) });
  const { startMs, endMs } = longestOf(stallsIn(early.result))!;
  expect([startMs, endMs]).toEqual([9909, 29_900]);
});
