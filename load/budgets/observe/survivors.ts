/**
 * Labels that only survivors have: a label that is set once the answer is there is missing on the requests
 * that got none, and a budget on it never sees them.
 */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { carriers, judgedSeries } from './series.ts';

/** So many of those that ended ok may lack a label that is set once they have. */
const mayLack = 0.1;

/** A sentence for each label of the budget that failed requests of the same name lack. */
export function survivorRemarks(result: Result, budget: Budget): string[] {
  const names = Object.keys(budget.labels).filter((name) => name !== 'request');
  if (names.length === 0) return [];
  const { request } = budget.labels;
  const labels = request === undefined ? {} : { request };
  const series = judgedSeries(result, { ...budget, labels });
  return names.flatMap((name) => {
    const has = ({ labels: own }: SeriesTotal): boolean => Object.hasOwn(own, name);
    const all = carriers(series, has);
    const [whole, lacking] = [all, all.filter((one) => !has(one))].map(outcomesOf) as [
      OutcomeCounts,
      OutcomeCounts,
    ];
    const lost = failedIn(lacking);
    // Where ok ones lack it, too, it is a label that only some requests are meant to have.
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

/** What was sent and answered badly, or not at all; what never began has no label of its own. */
function failedIn(counts: OutcomeCounts): number {
  const { ok = 0, dropped = 0, interrupted = 0 } = counts;
  return scheduledOf(counts) - ok - dropped - interrupted;
}
