/** Labels that budgets name and no request carries: a misspelling, which must not look like a gap. */
import type { Result } from '../metrics/result/result.ts';
import { nearestName } from '../platform/nearest-name.ts';
import type { Budget } from './parse.ts';

/** A line for each such label of each budget; none before the first request. */
export function unknownLabels(result: Result, budgets: readonly Budget[]): string[] {
  if (result.series.length === 0) return [];
  const known = labelNames(result);
  return budgets.flatMap(({ line, labels }) =>
    Object.keys(labels)
      .filter((name) => !known.has(name))
      .map((name) => {
        const meant = nearestName(name, known);
        const hint = meant === undefined ? '' : `, did you mean "${meant}"?`;
        const field = line.task === undefined ? line.key : `${line.task}: ${line.key}`;
        const names = [...known].join(', ');
        return `${field}: no request has a label "${name}"${hint}; labels of this run: ${names}`;
      }),
  );
}

/** All requests of the run count, whatever their phase; `request` stands for the request's name. */
function labelNames({ series }: Result): Set<string> {
  return new Set(['request', ...series.flatMap(({ labels }) => Object.keys(labels))]);
}
