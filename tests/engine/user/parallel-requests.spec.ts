/** Requests that a task sends in parallel belong to its iteration, also where one of them fails. */
import { expect, test } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../../load/metrics/result/select.ts';
import { users } from '../../../load/workload/users.ts';
import { runVirtually } from '../virtual-load.ts';

const workload = users({ count: 1, spawnRate: 10, duration: '1s' });

test('an iteration ends when the last of them has ended', async () => {
  const { result } = await runVirtually({
    workload,
    system: () => Promise.resolve(),
    shortened: true,
    user: (clock) => ({
      tasks: {
        both: {
          deadline: '5s',
          run: async ({ measure }) => {
            const fast = measure('fast', () => Promise.reject(new Error('no')));
            const slow = measure('slow', () => clock.until(clock.now() + 300));
            await Promise.all([fast, slow]);
          },
        },
      },
    }),
  });
  const slow = outcomesOf(selectSeries(result, { labels: { request: 'slow' }, phases: 'all' }));
  const fast = outcomesOf(selectSeries(result, { labels: { request: 'fast' }, phases: 'all' }));
  // One after another, 300 ms each, and the last drains: none is cut off, none overlaps the next.
  expect(slow).toEqual({ ok: 4 });
  expect(fast).toEqual({ failed: 4 });
});

test('the next iteration keeps its due time', async () => {
  const { requests } = await runVirtually({
    workload: users({ count: 1, spawnRate: 10, duration: '2s' }),
    system: (_, clock) => clock.until(clock.now() + 100),
    shortened: true,
  });
  expect(requests.map(({ atMs }) => atMs).slice(0, 4)).toEqual([0, 100, 200, 300]);
});
