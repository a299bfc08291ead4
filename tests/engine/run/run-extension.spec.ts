import { expect, test } from '@playwright/test';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { pacing } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { budget } from '../budgets/make-result.ts';
import { answersAfter, runVirtually, stopAt } from '../virtual-load.ts';

test.describe('a steady state that lacks samples', () => {
  const budgets = [budget('p95', '< 2 s')];
  const slow = arrivals({ rate: 1, duration: '50s' });

  test('goes on until there are enough, and says so once', async () => {
    const { result } = await runVirtually({ workload: slow, system: answersAfter(100), budgets });
    // p95 needs 72: with those of 0 to 71 s there are enough, seen a second later.
    expect(outcomesOf(result.series).ok).toBeGreaterThanOrEqual(72);
    expect(result.end?.atMs).toBeLessThanOrEqual(74_100);
    expect(result.notes.filter((note) => note.includes('after its planned end'))).toHaveLength(1);
    const steady = result.series.find(({ phase }) => phase === 'steady state');
    expect(steady?.outcomes.ok).toBeGreaterThanOrEqual(72);
  });

  test('goes on to twice its length at most', async () => {
    const { result } = await runVirtually({
      workload: arrivals({ rate: 1, duration: '20s' }),
      system: answersAfter(100),
      budgets,
    });
    expect(result.end?.atMs).toBe(40_100);
  });

  test('a ramp-up is not doubled', async () => {
    const { result } = await runVirtually({
      workload: users({ count: 2, spawnRate: 0.2, duration: '30s', thinkTime: pacing('7s') }),
      system: answersAfter(100),
      budgets,
    });
    // 10 s of ramp-up, 20 s of steady state, 20 s more.
    expect(result.end?.atMs).toBe(50_000);
  });

  for (const [what, more] of [
    ['where there are enough', { workload: arrivals({ rate: 2, duration: '50s' }) }],
    ['in a run that is shortened on purpose', { shortened: true }],
    ['in a slice, which cannot know', { slice: { index: 1, count: 2 } }],
    ['in a load of somebody’s own length', { workload: { ...slow, isCustom: true } }],
    ['without a budget that needs any', { budgets: [budget('errorRate', '< 1 %')] }],
  ] as const) {
    test(`does not go on ${what}`, async () => {
      const load = { workload: slow, system: answersAfter(100), budgets, ...more };
      const { result } = await runVirtually(load);
      expect(result.end?.atMs).toBeLessThanOrEqual(50_100);
      expect(result.notes).toEqual([]);
    });
  }

  test('an interrupt ends the extension', async () => {
    const { result } = await runVirtually({
      workload: slow,
      system: answersAfter(100),
      budgets,
      during: stopAt(55_050),
    });
    expect(result.end).toMatchObject({ cause: 'interrupted', atMs: 55_100 });
  });
});
