/** The distribution of the response times in the judged phases, for all tasks and for each. */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { shareText } from '../../metrics/figure-text.ts';
import { logBarEdgeMs, logBarOf } from '../../metrics/log-bars.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { outcomesOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import { limitsOf } from '../charts/chart-data.ts';
import { latencyFigures } from '../text/latency-figures.ts';
import type { Distribution } from './page-data.ts';
import { counted } from '../../platform/words.ts';

const mostTasks = 20;

export function distributionsOf(load: JudgedLoad): Distribution[] {
  const names = (load.plan.streams[0]?.tasks ?? []).map(({ name }) => name);
  const tasks = names.length > 1 ? names.slice(0, mostTasks) : [];
  return [undefined, ...tasks].flatMap((task) => distributionOf(load, task) ?? []);
}

/** Undefined if no request was scheduled. */
function distributionOf(load: JudgedLoad, task: string | undefined): Distribution | undefined {
  const series = selectSeries(load, { task });
  const scheduled = scheduledOf(outcomesOf(series));
  if (scheduled === 0) return undefined;
  const ok = outcomesOf(series).ok ?? 0;
  const { ms, percentilesMs } = latencyFigures(series, scheduled);
  const told = { p50: ms.p50, p95: ms.p95, p99: ms.p99, 'p99.9': percentilesMs['99.9%'] };
  const others = scheduled - ok;
  const besides = `${others} did not end ok (${shareText(others / scheduled)}) and count as slower than any of these`;
  return {
    name: task ?? 'all tasks',
    bars: barsOf(trendOf(series, 'responseTime').buckets()),
    percentiles: Object.entries(told).flatMap(([name, value]) =>
      value === null || value === Infinity ? [] : [{ name, ms: value }],
    ),
    limits: limitsOf(load, (budget) => budget.task === task).map(({ limitMs, label }) => ({
      at: limitMs,
      label,
    })),
    note: `${counted(ok, 'request')} of the judged phases ended ok${others === 0 ? '' : `; ${besides}`}.`,
  };
}

function barsOf(buckets: readonly (readonly [number, number])[]): Distribution['bars'] {
  const counts = new Map<number, number>();
  for (const [micros, count] of buckets) {
    const bar = logBarOf(micros);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  return [...counts].map(([bar, count]) => {
    return { lowMs: logBarEdgeMs(bar), highMs: logBarEdgeMs(bar + 1), count };
  });
}
