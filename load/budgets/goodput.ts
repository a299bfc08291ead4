/**
 * Goodput: the requests that met all stated limits (for each metric the loosest percentile limit that
 * applies to the request). Histograms do not show it, so each request is checked when it is counted.
 */
import { quantileOf, trends, type TrendName } from '../metrics/definitions.ts';
import type { Budget } from '../metrics/log/budget.ts';
import type { Sample } from '../metrics/record/sample.ts';
import { meets } from './limit.ts';
import { streamOf } from './observe/series.ts';

/** Whether a request is good; `undefined` if no limit applies to it, as for one that never streams. */
export type IsGood = (sample: Sample) => boolean | undefined;

/** Every request has a value of these metrics, or fails before it has one. */
const ofEachRequest: readonly string[] = ['responseTime', 'service'];

/** The check of a request; `undefined` if no budget needs it, so that requests are not checked at all. */
export function goodputOf(budgets: readonly Budget[]): IsGood | undefined {
  if (!budgets.some(asksForGoodput)) return undefined;
  const byMetric = new Map<TrendName, Budget[]>();
  for (const budget of [...budgets.filter(isLimit)].sort(loosestFirst)) {
    const metric = budget.subject.metric as TrendName;
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), budget]);
  }
  return (sample) => {
    let good: boolean | undefined;
    for (const [metric, limits] of byMetric) {
      const limit = limits.find((one) => appliesTo(one, sample));
      if (limit === undefined) continue;
      if (sample.outcome !== 'ok') {
        if (ofEachRequest.includes(metric)) return false;
        continue;
      }
      for (const value of valuesOf(sample, metric)) {
        if (!meets(value, limit)) return false;
        good = true;
      }
    }
    return good;
  };
}

/** Throws if there is a budget on goodput and no limit that says what is good. */
export function refuseEmptyGoodput(budgets: readonly Budget[]): void {
  const asking = budgets.find(asksForGoodput);
  if (asking === undefined || budgets.some(isLimit)) return;
  throw new Error(
    `budgets["${asking.key}"]: no limit says which requests are good; accepted: beside it an upper limit ` +
      `on a percentile, such as p95: '< 2 s' or 'ttft.p95': '< 1 s'`,
  );
}

function asksForGoodput({ subject }: Budget): boolean {
  return subject.metric === 'goodput' || subject.metric === 'goodputPerSecond';
}

/** Whether a budget is one of the limits that make a request good. */
export function isLimit({ subject, op }: Budget): boolean {
  if (subject.kind !== 'trend' || !Object.hasOwn(trends, subject.metric)) return false;
  return quantileOf(subject.statistic) !== undefined && (op === '<' || op === '<=');
}

function loosestFirst(a: Budget, b: Budget): number {
  return b.limit - a.limit || Number(b.op === '<=') - Number(a.op === '<=');
}

function appliesTo(budget: Budget, { series, labels: own = {} }: Sample): boolean {
  const { task, labels } = budget;
  if (streamOf(budget) !== series.stream) return false;
  if (task !== undefined && task !== series.task) return false;
  return Object.entries(labels).every(
    ([name, value]) => (name === 'request' ? series.request : own[name]) === value,
  );
}

function valuesOf(sample: Sample, metric: TrendName): readonly number[] {
  const { scheduledAtMs, startedAtMs, endedAtMs, values = [] } = sample;
  if (metric === 'responseTime') return [endedAtMs - scheduledAtMs];
  if (metric === 'service') return [endedAtMs - startedAtMs];
  if (metric === 'scheduleLag') return [startedAtMs - scheduledAtMs];
  return values.filter(([name]) => name === metric).map(([, value]) => value);
}
