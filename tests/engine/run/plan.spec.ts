import { expect, test } from '@playwright/test';
import { lineSchema } from '../../../load/metrics/log/schema.ts';
import { constant } from '../../../load/workload/think-time.ts';
import { datasetOf } from '../../../load/user/dataset.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';

const workload = users({ count: 3, spawnRate: 3, duration: '5s' });

test('the plan of a run is a line of the log as the schema wants it', async () => {
  const { result } = await runVirtually({ workload, system: answersAfter(50), seed: 7 });
  const text = JSON.stringify(result.plan);
  expect(lineSchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  expect(result.plan).toMatchObject({ type: 'plan', seed: 7, intervalMs: 1000, shortened: false });
});

test('it says what runs: users, think times, sessions, tasks and phases', async () => {
  const { result } = await runVirtually({
    workload,
    system: answersAfter(50),
    deadline: '15s',
    user: { thinkTime: constant('2s'), session: { requests: 50 } },
  });
  expect(result.plan.streams[0]).toMatchObject({
    describedAs: '3 users, spawn rate 3/s, for 5 s',
    thinkTime: '2 s to 2 s',
    session: '50 requests',
    tasks: [{ name: 'chat', weight: 1, deadlineMs: 15_000, toleratesDegraded: false }],
    phases: workload.phases,
  });
});

test('a workload’s own think time is the one that counts, and the open model has none', async () => {
  const own = users({ count: 3, spawnRate: 3, duration: '5s', thinkTime: constant(500) });
  const closed = await runVirtually({ workload: own, system: answersAfter(50) });
  expect(closed.result.plan.streams[0]?.thinkTime).toBe('500 ms to 500 ms');
  const open = arrivals({ rate: 5, duration: '1s' });
  const { result } = await runVirtually({ workload: open, system: answersAfter(50) });
  expect(result.plan.streams[0]?.thinkTime).toBe('none (open model)');
});

test('it says what shapes the requests: the dataset, and what the user states', async () => {
  const none = await runVirtually({ workload, system: answersAfter(50) });
  expect(none.result.plan.streams[0]?.parameters).toBeUndefined();
  const { result } = await runVirtually({
    workload,
    system: answersAfter(50),
    user: { data: datasetOf('rows', 'random', [1, 2]), parameters: { model: 'small' } },
  });
  expect(result.plan.streams[0]?.parameters).toEqual({
    data: expect.stringMatching(/^random, 2 rows, /) as unknown,
    model: 'small',
  });
});

test('it never holds the key of the target', async () => {
  const { result } = await runVirtually({ workload, system: answersAfter(50) });
  expect(JSON.stringify(result.plan)).not.toContain('secret');
});
