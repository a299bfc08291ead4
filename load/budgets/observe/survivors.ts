/**
 * Labels that only successful requests have. A label that is set after the answer is missing on requests
 * without an answer, so a budget on it never sees the failures.
 */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { defined } from '../../platform/defined.ts';
import { carriers, judgedSeries } from './series.ts';

/** Share of the ok requests that may lack a label that is set after the answer. */
const mayLack = 0.1;

/** A sentence for each label of the budget that failed requests of the same name lack. */
export function survivorRemarks(result: Result, budget: Budget): string[] {
  const names = Object.keys(budget.labels).filter((name) => name !== 'request');
  if (names.length === 0) return [];
  const { request } = budget.labels;
  const labels = defined({ request });
  const series = judgedSeries(result, { ...budget, labels });
  return names.flatMap((name) => {
    const has = ({ labels: own }: SeriesTotal): boolean => Object.hasOwn(own, name);
    const all = carriers(series, has);
    const [whole, lacking] = [all, all.filter((one) => !has(one))].map(outcomesOf) as [
      OutcomeCounts,
      OutcomeCounts,
    ];
    const lost = failedIn(lacking);
    // If many ok requests lack it too, the label is meant for only some requests.
    const isOfSome = (lacking.ok ?? 0) > mayLack * (whole.ok ?? 0);
    return lost === 0 || isOfSome ? [] : [remarkOn(name, lost)];
  });
}

function remarkOn(name: string, lost: number): string {
  const those = lost === 1 ? '1 request that failed lacks' : `${lost} requests that failed lack`;
  return (
    `${those} the label "${name}", and no budget on it sees them: label a request before it is sent, ` +
    `as in http.get(path, { labels: { ${name}: … } })`
  );
}

/** Requests that were sent and failed. Iterations that never began have no labels. */
function failedIn(counts: OutcomeCounts): number {
  const { ok = 0, dropped = 0, interrupted = 0 } = counts;
  return scheduledOf(counts) - ok - dropped - interrupted;
}
