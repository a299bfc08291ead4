import { expect, test } from '@playwright/test';
import { scheduledOf } from '../../../load/metrics/outcome.ts';
import type { Result, SeriesTotal } from '../../../load/metrics/result/result.ts';
import { SeriesTotals } from '../../../load/metrics/result/series-totals.ts';
import { between } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { stages } from '../../../load/workload/stages.ts';
import { users } from '../../../load/workload/users.ts';
import { rehearsed } from '../../../load/workload/warm-up.ts';
import { runVirtually, type System } from '../virtual-load.ts';

/** From 20 to 520 ms as drawn, one in fifty fails: whoever asks, and with whomever. */
const system: System = async ({ atMs, draws: [first, second] }, clock) => {
  await clock.until(atMs + 20 + 500 * first);
  if (second < 0.02) throw new Error('drawn to fail');
};

function mergedSeries(results: readonly Result[]): SeriesTotal[] {
  const totals = new SeriesTotals();
  for (const series of results.flatMap((r) => r.series)) {
    const trends = [...series.trends].map(([name, own]) => [name, own.toData()] as const);
    const record = { ...series, errors: [...series.errors] };
    totals.add({ ...record, trends: Object.fromEntries(trends) });
  }
  return totals.all().sort((a, b) => a.phase.localeCompare(b.phase));
}

function figuresOf(series: readonly SeriesTotal[]): unknown {
  return series.map(({ phase, outcomes, trends }) => [
    phase,
    outcomes,
    [...trends].map(([name, own]) => [name, own.count, own.min, own.max, own.buckets()]),
  ]);
}

for (const [name, workload] of [
  ['a closed load', users({ count: 30, spawnRate: 3, duration: '60s' })],
  ['a closed load up and down', stages([9, 9, 2, 2, 9].map((n) => ({ users: n, duration: '9s' })))],
  ['a constant open load', arrivals({ rate: 40, duration: '30s' })],
  [
    'a closed load after a warm-up',
    rehearsed(users({ count: 20, spawnRate: 2, duration: '30s' }), '15s'),
  ],
  ['an open load after a warm-up', rehearsed(arrivals({ rate: 40, duration: '20s' }), '10s')],
  ['a Poisson open load', arrivals({ rate: 40, duration: '30s', process: 'poisson' })],
] as const) {
  for (const count of [4, 7]) {
    test(`${name} in 1 slice and in ${count} has the same merged buckets`, async () => {
      const user = { thinkTime: between(100, 900) };
      const common = { workload, system, user, shortened: true };
      const whole = await runVirtually(common);
      const slices = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));
      const parts = await Promise.all(slices.map((slice) => runVirtually({ ...common, slice })));
      const merged = mergedSeries(parts.map(({ result }) => result));
      expect(figuresOf(merged)).toEqual(figuresOf(mergedSeries([whole.result])));
      const ended = merged.reduce((sum, { outcomes }) => sum + scheduledOf(outcomes), 0);
      expect(ended).toBe(whole.result.scheduled);
      expect(ended).toBeGreaterThan(300);
    });
  }
}
