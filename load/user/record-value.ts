/** Records values of a user's own metrics, by the kind that the user declared. */
import { nearestName } from '../platform/nearest-name.ts';
import type { MetricDeclarations } from '../metrics/definitions.ts';
import type { SeriesBuffer } from '../metrics/record/series-buffer.ts';

/**
 * `bufferOf` is called only after all checks. Throws if the metric is not declared or the value is not a
 * number.
 */
export function recordValue(
  metrics: MetricDeclarations,
  metric: string,
  value: number,
  bufferOf: () => SeriesBuffer,
): void {
  const declared = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (declared === undefined) throw new Error(undeclared(metric, metrics));
  if (!Number.isFinite(value)) throw new Error(`metric "${metric}": ${value} is no number`);
  if (declared.kind === 'difference') {
    throw new Error(`metric "${metric}" follows from two others: it is not recorded`);
  }
  const buffer = bufferOf();
  if (declared.kind === 'counter') buffer.addCounter(metric, value);
  else if (declared.kind === 'gauge') buffer.setGauge(metric, value);
  else if (declared.kind === 'rate') buffer.addRate(metric, value !== 0);
  else buffer.addOwnTrend(metric, value);
}

function undeclared(metric: string, metrics: MetricDeclarations): string {
  const names = Object.keys(metrics);
  const nearest = nearestName(metric, names);
  const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
  const known = names.length === 0 ? 'none' : names.join(', ');
  return `metric "${metric}" is not declared by the user${hint}; metrics of this user: ${known}`;
}
