/** A load after its warm-up: slow requests of the cold system are in no figure, and the report says so. */
import { expect, test } from '@playwright/test';
import { judge } from '../../../load/budgets/judge.ts';
import { outcomesOf, selectSeries } from '../../../load/metrics/result/select.ts';
import { statisticsIn } from '../../../load/report/text/statistics.ts';
import { pacing } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { rehearsed } from '../../../load/workload/warm-up.ts';
import { budget } from '../budgets/make-result.ts';
import { runVirtually, type System } from '../virtual-load.ts';

/** Fails at first, then answers slowly, and is warm after ten seconds. */
const coldAtFirst: System = async ({ atMs }, clock) => {
  await clock.until(atMs + (atMs < 10_000 ? 3000 : 100));
  if (atMs < 3000) throw new Error('not there yet');
};
const budgets = [budget('p95', '< 1 s'), budget('errorRate', '< 1 %'), budget('avg', '< 1 s')];

for (const [model, workload] of [
  ['closed', users({ count: 10, spawnRate: 10, duration: '31s', thinkTime: pacing('1s') })],
  ['open', arrivals({ rate: 10, duration: '30s' })],
] as const) {
  test(`the ${model} model fails cold, and passes after a warm-up of the same load`, async () => {
    const common = { system: coldAtFirst, budgets };
    const cold = await runVirtually({ ...common, workload });
    expect(judge(cold.result).verdict).toBe('fail');

    const { result, requests } = await runVirtually({
      ...common,
      workload: rehearsed(workload, '15s'),
    });
    const verdict = judge(result);
    expect(verdict.verdict).toBe('pass');
    const judged = selectSeries(result, { stream: 0 });
    expect(outcomesOf(judged)).toEqual({ ok: 300 });
    expect(outcomesOf(selectSeries(result, { phases: 'all' })).failed).toBeGreaterThan(0);
    const { elsewhere } = statisticsIn(result, verdict);
    expect(elsewhere[0]).toEqual({
      phase: 'warm-up',
      requests: requests.filter(({ atMs }) => atMs < 15_000).length,
    });
  });
}
