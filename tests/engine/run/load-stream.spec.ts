import { expect, test } from '@playwright/test';
import { selectSeries, outcomesOf } from '../../../load/metrics/result/select.ts';
import { between } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import type { Workload } from '../../../load/workload/workload.ts';
import { budget } from '../budgets/make-result.ts';
import {
  answersAfter,
  background,
  runVirtually,
  type SentRequest,
  type System,
  type VirtualLoad,
  type VirtualOutcome,
} from '../virtual-load.ts';

const system: System = ({ atMs, draws: [drawn] }, clock) => clock.until(atMs + 10 + 200 * drawn);
const user = { thinkTime: between(100, 700) };
const workload = users({ count: 10, spawnRate: 5, duration: '20s' });

async function runBeside(...names: readonly string[]): Promise<VirtualOutcome> {
  const probes = { workload: arrivals({ rate: 4, duration: '20s' }), system: answersAfter(5) };
  return runVirtually({
    workload,
    system,
    user,
    moreStreams: (clock) => names.map((name) => background(clock, { name, ...probes })),
  });
}

function whatUserDid(requests: readonly SentRequest[], userNumber: number): unknown {
  return requests
    .filter((request) => request.userNumber === userNumber)
    .map(({ atMs, draws }) => [atMs, draws]);
}

test('a user does the same whatever else runs', async () => {
  const alone = await runBeside();
  const among = await runBeside('probes', 'more probes');
  expect(alone.requests.length).toBeGreaterThan(100);
  for (const number of [0, 7]) {
    expect(whatUserDid(among.requests, number)).toEqual(whatUserDid(alone.requests, number));
  }
});

test('each stream is counted apart, and the judged one is what is judged', async () => {
  const { result, requests } = await runBeside('probes');
  const judged = outcomesOf(selectSeries(result, { phases: 'all' })).ok;
  const beside = outcomesOf(selectSeries(result, { phases: 'all', stream: 1 })).ok;
  expect([judged, beside]).toEqual([requests.length, 80]);
  expect(result.scheduled).toBe(requests.length + 80);
  expect(result.plan.streams.map(({ name, judged: isJudged }) => [name, isJudged])).toEqual([
    ['main', true],
    ['probes', false],
  ]);
});

test('each interval tells the phase of every stream', async () => {
  const { result } = await runBeside('probes');
  expect(result.timeline[0]?.phases).toEqual(['ramp-up', 'steady state']);
  expect(result.timeline.at(-1)?.phases).toEqual(['drain', 'drain']);
});

test('each interval tells the users and requests in flight of the judged stream alone, too', async () => {
  // Ten users of which each has one request open for 300 of 1000 ms; 40 probes that are never answered.
  const busy: System = ({ atMs }, clock) => clock.until(atMs + 300);
  const open = { workload: arrivals({ rate: 4, duration: '20s' }), system: answersAfter(15_000) };
  const { result } = await runVirtually({
    workload,
    system: busy,
    user: { thinkTime: between(700, 700) },
    moreStreams: (clock) => [background(clock, { name: 'probes', ...open })],
  });
  const { judged, users: all, inFlightPeak } = result.timeline.at(10)!;
  expect(judged?.users).toBe(10);
  expect(judged?.inFlightPeak).toBeGreaterThan(0);
  expect(judged?.inFlightPeak).toBeLessThanOrEqual(10);
  expect([all, inFlightPeak].every((both) => both > 40)).toBe(true);
  const alone = await runVirtually({ workload, system: busy });
  expect(alone.result.timeline.at(10)?.judged).toBeUndefined();
});

test('an arrival that never starts counts for the task that it would have been', async () => {
  const run = (): Promise<void> => new Promise(() => undefined);
  const { result } = await runVirtually({
    workload: arrivals({ rate: 100, duration: '10s', maxUsers: 1, maxBacklog: 0 }),
    system,
    user: { tasks: { often: { weight: 3, run }, rare: { weight: 1, run } } },
  });
  const dropped = Object.fromEntries(result.series.map((s) => [s.task, s.outcomes.dropped ?? 0]));
  expect((dropped['often'] ?? 0) + (dropped['rare'] ?? 0)).toBe(999);
  expect(dropped['often']! / 999).toBeGreaterThan(0.7);
  expect(dropped['often']! / 999).toBeLessThan(0.8);
});

/** When the requests of a load stream in the background went out. */
async function sentBeside(
  probing: Workload,
  load: Omit<VirtualLoad, 'system' | 'moreStreams'>,
): Promise<{ instants: number[]; outcome: VirtualOutcome }> {
  const instants: number[] = [];
  const noted: System = ({ atMs }, clock) => {
    instants.push(atMs);
    return clock.until(atMs + 700);
  };
  const moreStreams: VirtualLoad['moreStreams'] = (clock) => [
    background(clock, { workload: probing, system: noted }),
  ];
  return { outcome: await runVirtually({ ...load, system, moreStreams }), instants };
}

test('a stream in the background ends at its own end, and what it has sent still counts', async () => {
  const minute = users({ count: 2, spawnRate: 2, duration: '60s', thinkTime: between(100, 700) });
  for (const [probing, sent] of [
    [arrivals({ rate: 4, duration: '10s' }), 40],
    // Every 0.7 s, for each of the two from when it begins.
    [users({ count: 2, spawnRate: 1000, duration: '10s' }), 30],
  ] as const) {
    const { instants, outcome } = await sentBeside(probing, { workload: minute });
    expect(Math.max(...instants)).toBeLessThan(10_000);
    const counted = outcomesOf(selectSeries(outcome.result, { phases: 'all', stream: 1 }));
    expect([instants.length, counted]).toEqual([sent, { ok: sent }]);
    const phasesAt = (ms: number): unknown =>
      outcome.result.timeline.find(({ startMs, endMs }) => startMs < ms && endMs > ms)?.phases;
    expect(phasesAt(9500)).toEqual(['steady state', 'steady state']);
    expect(phasesAt(10_500)).toEqual(['steady state', 'drain']);
  }
});

test('one that was to last as long as the judged load goes on with it', async () => {
  const { instants, outcome } = await sentBeside(arrivals({ rate: 4, duration: '10s' }), {
    workload: arrivals({ rate: 5, duration: '10s' }),
    budgets: [budget('p95', '< 1 s')],
  });
  const endedMs = outcome.result.timeline.find(({ phases }) => phases[0] === 'drain')!.startMs;
  expect(endedMs).toBeGreaterThan(12_000);
  expect(Math.max(...instants)).toBeGreaterThan(endedMs - 1000);
});

test('one that would last longer ends with the judged load', async () => {
  const { instants } = await sentBeside(arrivals({ rate: 4, duration: '60s' }), { workload });
  expect(instants).toHaveLength(80);
});
