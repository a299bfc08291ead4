/** Requests that a task sends in parallel belong to its iteration, even if one of them fails. */
import { expect, test } from '@playwright/test';
import { outcomesOf, selectSeries, trendOf } from '../../../load/metrics/result/select.ts';
import type { TaskContext, UserSource } from '../../../load/user/define-user.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { hangs, runVirtually } from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';

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

/** A task that sends a second request when the first chunk of the first has come, after 400 ms. */
function besideStream(clock: VirtualClock): Partial<UserSource<unknown, unknown, string, string>> {
  const run = async ({ measure }: TaskContext<unknown, unknown, string>): Promise<void> => {
    let onFirstChunk = (): void => undefined;
    const firstChunk = new Promise<void>((resolve) => (onFirstChunk = resolve));
    const stream = measure('stream', async () => {
      await clock.until(clock.now() + 400);
      onFirstChunk();
      await clock.until(clock.now() + 400);
    });
    await firstChunk;
    const both = ['beside', 'and beside'].map((name) =>
      measure(name, () => clock.until(clock.now() + 10)),
    );
    await Promise.all([stream, ...both]);
  };
  return { tasks: { both: { run } } };
}

test('what is sent beside a request in flight is due as it is sent: to wait for a chunk is no lag', async () => {
  const { result } = await runVirtually({
    workload: users({ count: 1, spawnRate: 10, duration: '2s' }),
    system: hangs,
    shortened: true,
    user: besideStream,
  });
  for (const request of ['beside', 'and beside']) {
    const series = selectSeries(result, { labels: { request }, phases: 'all' });
    expect(outcomesOf(series)).toEqual({ ok: 2 });
    expect(trendOf(series, 'scheduleLag').max).toBe(0);
    expect(trendOf(series, 'responseTime').max).toBe(10_000);
  }
  expect(result.generator.lag.max).toBe(0);
});

/** Each reading of the clock takes 2 ms, as if each request took that long to prepare. */
class SlowClock extends VirtualClock {
  private looks = 0;

  override now(): number {
    return super.now() + 2 * this.looks++;
  }
}

test('what is sent in one go was all due at once, however long this machine takes for it', async () => {
  const { result } = await runVirtually({
    workload: arrivals({ rate: 1, duration: '1s' }),
    clock: new SlowClock(),
    system: hangs,
    shortened: true,
    user: {
      tasks: {
        many: {
          run: async ({ measure }) => {
            const names = Array.from({ length: 20 }, (_, i) => `${i}`);
            await Promise.all(names.map((name) => measure(name, () => Promise.resolve())));
          },
        },
      },
    },
  });
  expect(result.generator.lag.max).toBeGreaterThanOrEqual(38_000);
});
