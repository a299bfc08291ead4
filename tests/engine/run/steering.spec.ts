/** A load that is steered while it runs: exact instants, in virtual time, with the real executors. */
import { expect, test } from '@playwright/test';
import { judgedLoad } from '../../../load/budgets/judged-load.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { outcomesOf, selectSeries, statisticIn } from '../../../load/metrics/result/select.ts';
import { groupedBy } from '../../../load/platform/lists.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { custom } from '../../../load/workload/custom.ts';
import { rehearsed } from '../../../load/workload/warm-up.ts';
import { budget } from '../budgets/make-result.ts';
import { answersAfter, runVirtually, type SentRequest, type System } from '../virtual-load.ts';
import { expectWhole, steered, tenPerSecond, tenUsers, user } from './steered-load.ts';

/** How many virtual users there were at the end of each second. */
function usersOf({ timeline }: Result): number[] {
  return timeline.filter(({ endMs }) => endMs % 1000 === 0).map(({ users }) => users);
}

function instantsOf(requests: readonly SentRequest[]): number[] {
  return requests.map(({ atMs }) => atMs);
}

test.describe('closed model', () => {
  test('more users come at the spawn rate of the plan', async () => {
    const { result, requests } = await steered(tenUsers, [[5000, '{"users": 25}']]);
    // The file is read at second 5.45: the 11th user comes then, the 25th 1.4 s later.
    expect(usersOf(result).slice(3, 9)).toEqual([10, 10, 16, 25, 25, 25]);
    expect(result.stages).toEqual([{ atMs: 5450, of: 'users', from: 10, to: 25 }]);
    expect(new Set(requests.map(({ userNumber }) => userNumber)).size).toBe(25);
    expectWhole(result, requests);
  });

  test('of fewer the latest leave: who thinks at once, who waits for an answer with that', async () => {
    const slow: System = ({ atMs, userNumber }, clock) =>
      clock.until(atMs + (userNumber === 9 ? 3000 : 100));
    const { result, requests } = await steered(tenUsers, [[5000, '{"users": 4}']], {
      system: slow,
    });
    // The tenth has asked at 4.8 s, and has its answer at 7.8 s.
    expect(usersOf(result).slice(4, 9)).toEqual([10, 5, 5, 4, 4]);
    expect(outcomesOf(result.series)).toEqual({ ok: requests.length });
    const later = requests.filter(({ atMs }) => atMs > 5450);
    expect(new Set(later.map(({ userNumber }) => userNumber))).toEqual(new Set([0, 1, 2, 3]));
    expectWhole(result, requests);
  });

  test('down and up again, in the ramp and after it, none is lost and none doubled', async () => {
    const { result, requests } = await steered(
      custom({ LOAD_USERS: 20, LOAD_SPAWN_RATE: '4/s', LOAD_DURATION: '30s' }),
      [
        [2000, '{"users": 6}'],
        [5000, '{"users": 12}'],
        [5900, '{"users": 3}'],
        [9000, '{"users": 8}'],
        [20_000, '{"users": 8}'],
        [21_000, '{"users": 1}'],
      ],
    );
    const steps = result.stages.map(({ atMs, from, to }) => [atMs, Number(from.toFixed(3)), to]);
    expect(steps).toEqual([
      [2450, 9.8, 6],
      [5450, 6, 12],
      [6450, 10, 3],
      [9450, 3, 8],
      [21_450, 8, 1],
    ]);
    const counts = usersOf(result);
    const at = [2, 3, 6, 7, 9, 10, 12, 20, 22, 28].map((second) => counts[second - 1]);
    expect(at).toEqual([8, 6, 9, 3, 3, 6, 8, 8, 1, 1]);
    // Each user sends once a second, never twice within one.
    const byUser = groupedBy(requests, ({ userNumber }) => userNumber);
    for (const own of byUser.values()) {
      const instants = instantsOf(own);
      expect(instants.every((atMs, i) => i === 0 || atMs - instants[i - 1]! >= 1000)).toBe(true);
    }
    expectWhole(result, requests);
  });

  test('who is called back while still at work goes on, and waits as long as it would have', async () => {
    const { requests } = await steered(
      custom({ LOAD_USERS: 2, LOAD_SPAWN_RATE: '2/s', LOAD_DURATION: '20s' }),
      [
        [3000, '{"users": 1}'],
        [4000, '{"users": 2}'],
      ],
      { system: answersAfter(5000) },
    );
    const second = requests.filter(({ userNumber }) => userNumber === 1);
    // Removed at 3.45 s and added again at 4.45 s, while its first answer is still to come.
    expect(instantsOf(second).slice(0, 2)).toEqual([500, 6400]);
  });

  test('sessions that begin after a rise are users of their own', async () => {
    const { requests } = await steered(tenUsers, [[5000, '{"users": 30}']], {
      user: { ...user, session: { requests: 2 } },
    });
    const counts = new Map<number, number>();
    for (const { userNumber } of requests) {
      counts.set(userNumber, (counts.get(userNumber) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBe(2);
    expect(counts.size).toBeGreaterThan(150);
  });

  test('the response time counts from when a request was due, before and after', async () => {
    const { result } = await steered(tenUsers, [[5000, '{"users": 40}']]);
    const series = selectSeries(result);
    expect(statisticIn(series, 'responseTime', 'max')).toBeCloseTo(100, 0);
    expect(statisticIn(series, 'scheduleLag', 'max')).toBe(0);
  });
});

test.describe('open model', () => {
  test('from the change on arrivals are due at the new rate, and the one under way keeps its share', async () => {
    const { result, requests } = await steered(tenPerSecond, [[5000, '{"rate": 20}']]);
    const instants = instantsOf(requests);
    expect(instants.filter((atMs) => atMs <= 5450)).toEqual(
      Array.from({ length: 55 }, (_, k) => k * 100),
    );
    // Half of the gap of 100 ms had passed: the other half takes 25 ms.
    expect(instants.slice(55, 58)).toEqual([5475, 5525, 5575]);
    expect(instants.at(-1)).toBeLessThan(20_000);
    expect(result.stages).toEqual([{ atMs: 5450, of: 'rate', from: 10, to: 20 }]);
    expectWhole(result, requests);
  });

  test('at a lower rate the next one comes later, and no earlier', async () => {
    const { result, requests } = await steered(tenPerSecond, [[5000, '{"rate": "30/min"}']]);
    const later = instantsOf(requests).filter((atMs) => atMs > 5400);
    expect(later).toEqual([6450, 8450, 10_450, 12_450, 14_450, 16_450, 18_450]);
    expectWhole(result, requests);
  });

  test('a random process keeps its draws: twice the rate is half the gaps', async () => {
    const poisson = {
      ...arrivals({ rate: 10, duration: '20s', process: 'poisson' }),
      isCustom: true,
    };
    const [plain, twice] = await Promise.all([
      steered(poisson, []),
      steered(poisson, [[5000, '{"rate": 20}']]),
    ]);
    const before = instantsOf(plain.requests).filter((atMs) => atMs <= 5450);
    expect(instantsOf(twice.requests).slice(0, before.length)).toEqual(before);
    const expected = instantsOf(plain.requests)
      .slice(before.length)
      .map((atMs) => 5450 + (atMs - 5450) / 2);
    const found = instantsOf(twice.requests).slice(before.length, before.length + expected.length);
    expect(found.every((atMs, k) => Math.abs(atMs - expected[k]!) <= 1)).toBe(true);
    expectWhole(twice.result, twice.requests);
  });

  test('waits are the system’s and counted from the new due times, also where nobody is free', async () => {
    const one = { ...arrivals({ rate: 1, duration: '20s', maxUsers: 1 }), isCustom: true };
    const { result, requests } = await steered(one, [[5000, '{"rate": 10}']], {
      system: answersAfter(500),
    });
    // One user answers two a second: of ten that are due each waits 0.4 s more than the one before.
    expect(statisticIn(selectSeries(result), 'responseTime', 'max')).toBeGreaterThan(10_000);
    expectWhole(result, requests);
  });
});

test('a load that is steered is judged as any, by what it had sent and answered', async () => {
  const budgets = [budget('p95', '< 50 ms'), budget('errorRate', '< 1 %')];
  const { result } = await steered(tenUsers, [[5000, '{"users": 30}']], { budgets });
  const { verdict, judgements, steered: isSteered } = judgedLoad(result).verdict;
  expect({ verdict, isSteered }).toEqual({ verdict: 'fail', isSteered: true });
  expect(judgements.map(({ status }) => status)).toEqual(['fail', 'pass']);
});

test('its stop drains, and says what it was', async () => {
  const { result, requests } = await steered(tenUsers, [[5000, '{"stop": true}']], {
    system: answersAfter(400),
  });
  expect(Math.max(...instantsOf(requests))).toBeLessThan(5450);
  expect(outcomesOf(result.series)).toEqual({ ok: requests.length });
  expect(result.end).toMatchObject({
    cause: 'interrupted',
    detail: 'it was stopped by control.json',
  });
});

test('what was in the file before the load is none of its own, and the same again changes nothing', async () => {
  const { result } = await steered(tenUsers, [
    [-1, '{"users": 3}'],
    [4000, '{ "users": 10 }'],
    [6000, '{"users": 12}'],
    [9000, '{"users":  12}'],
  ]);
  expect(result.stages.map(({ to }) => to)).toEqual([12]);
});

test('in the warm-up a change waits until the load begins', async () => {
  const { result } = await steered(rehearsed(tenUsers, '5s'), [[1000, '{"users": 3}']]);
  expect(result.stages).toMatchObject([{ atMs: 5450, to: 3 }]);
});

test('without a word it sends what the same load without steering sends', async () => {
  for (const workload of [tenUsers, tenPerSecond]) {
    const [watched, plain] = await Promise.all([
      steered(workload, []),
      runVirtually({ workload, user, system: answersAfter(100) }),
    ]);
    expect(watched.requests).toEqual(plain.requests);
    expect(watched.result.end).toEqual(plain.result.end);
  }
});
