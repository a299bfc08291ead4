import { expect, test } from '@playwright/test';
import { selectSeries, outcomesOf } from '../../../load/metrics/result/select.ts';
import type { LoadStreamRequest } from '../../../load/run/plan.ts';
import { between } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { defineUser } from '../../../load/user/define-user.ts';
import {
  runVirtually,
  type SentRequest,
  type System,
  type VirtualOutcome,
} from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';

const system: System = ({ atMs, draws: [drawn] }, clock) => clock.until(atMs + 10 + 200 * drawn);
const user = { thinkTime: between(100, 700) };
const workload = users({ count: 10, spawnRate: 5, duration: '20s' });

/** A stream beside the load whose one task answers after 5 ms of the clock that `during` hands over. */
function probes(name: string, clockOf: () => VirtualClock): LoadStreamRequest {
  const probe = defineUser<unknown, unknown, string, string>({
    system: 'scripted',
    tasks: {
      probe: {
        run: ({ measure }) => {
          const clock = clockOf();
          return measure('probe', () => clock.until(clock.now() + 5));
        },
      },
    },
  });
  return { name, user: probe, workload: arrivals({ rate: 4, duration: '20s' }), judged: false };
}

async function runBeside(...names: readonly string[]): Promise<VirtualOutcome> {
  let known = new VirtualClock();
  const moreStreams = names.map((name) => probes(name, () => known));
  return runVirtually({
    workload,
    system,
    user,
    moreStreams,
    during: (_, clock) => {
      known = clock;
    },
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
