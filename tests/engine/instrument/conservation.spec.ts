import { expect, test } from '@playwright/test';
import { accountingFaults } from '../../../load/budgets/accounting.ts';
import { outcomes, scheduledOf, type OutcomeCounts } from '../../../load/metrics/outcome.ts';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { between } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { hangs, runVirtually, type System, type VirtualLoad } from '../virtual-load.ts';

/** Answers, fails, is slow or hangs, as drawn. */
const moody: System = async ({ atMs, draws: [first, second] }, clock) => {
  if (second < 0.05) return hangs();
  await clock.until(atMs + (second < 0.2 ? 4000 : 300) * first);
  if (second > 0.9) throw new Error('drawn to fail');
};

const open = arrivals({
  rate: 30,
  duration: '20s',
  process: 'poisson',
  maxUsers: 20,
  maxBacklog: 15,
});
const closed = users({ count: 40, spawnRate: 20, duration: '20s' });

const troubles: readonly [string, Partial<VirtualLoad>][] = [
  ['left to its end', {}],
  ['with deadlines that pass', { deadline: '2s' }],
  ['with deadlines longer than the drain', { deadline: '300s' }],
  ['stopped in the middle', { during: endingAt(7321, 'stop') }],
  ['cut off in the middle', { during: endingAt(7321, 'cut') }],
  ['stopped at once', { during: endingAt(0, 'stop') }],
  ['stopped on the border of an interval', { during: endingAt(8000, 'stop') }],
  ['in sessions of three requests', { user: { session: { requests: 3 } } }],
  ['as one slice of three', { slice: { index: 2, count: 3 } }],
];

function endingAt(ms: number, how: 'stop' | 'cut'): NonNullable<VirtualLoad['during']> {
  return (run, clock) => {
    clock.at(ms, () => {
      run.stop({ cause: 'interrupted', detail: how });
      if (how === 'cut') run.cut();
    });
  };
}

for (const [model, workload] of [
  ['an open load', open],
  ['a closed load', closed],
] as const) {
  for (const [trouble, more] of troubles) {
    test(`${model} ${trouble}: every request is accounted for once`, async () => {
      const user = { thinkTime: between(50, 400), ...(more.user as object | undefined) };
      const load = { workload, system: moody, deadline: '10s', ...more, user };
      const { result, requests } = await runVirtually(load);
      const counts = outcomesOf(result.series);
      expect(scheduledOf(counts)).toBe(result.scheduled);
      expect(requests).toHaveLength(result.sent);
      expect(unsent(counts)).toBeGreaterThanOrEqual(result.scheduled - result.sent);
      expect(result.end).toMatchObject({ scheduled: result.scheduled, sent: result.sent });
      expect(accountingFaults(result).invalid).toEqual([]);
      expect(result.timeline.at(-1)).toMatchObject({ inFlight: 0, backlog: 0 });
      const ok = result.series.flatMap(({ trends }) => trends.get('responseTime')?.count ?? 0);
      expect(ok.reduce((sum, count) => sum + count, 0)).toBe(counts.ok ?? 0);
    });
  }
}

/** Counts the iterations that may have ended without being sent. */
function unsent(counts: OutcomeCounts): number {
  return (counts.dropped ?? 0) + (counts.interrupted ?? 0);
}

test('these loads had every trouble there is', async () => {
  const seen = new Set<string>();
  for (const [, more] of troubles.slice(0, 5)) {
    const load = { workload: open, system: moody, deadline: '10s', ...more };
    const { result } = await runVirtually(load);
    for (const outcome of outcomes) if (outcomesOf(result.series)[outcome]) seen.add(outcome);
  }
  expect([...seen].sort()).toEqual(['dropped', 'failed', 'interrupted', 'ok', 'timeout']);
});
