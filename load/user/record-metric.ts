/** Records a value of a metric of the user's own. */
import type { MetricDeclarations } from '../metrics/definitions.ts';
import type { SeriesBuffer } from '../metrics/record/series-buffer.ts';

/** Throws where the metric is not declared, or the value is no number. */
export function recordMetric(
  buffer: SeriesBuffer,
  metrics: MetricDeclarations,
  metric: string,
  value: number,
): void {
  const declared = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (declared === undefined) throw new Error(`metric "${metric}" is not declared by the user`);
  if (!Number.isFinite(value)) throw new Error(`metric "${metric}": ${value} is no number`);
  if (declared.kind === 'counter') buffer.addCounter(metric, value);
  else if (declared.kind === 'gauge') buffer.setGauge(metric, value);
  else if (declared.kind === 'rate') buffer.addRate(metric, value !== 0);
  else if (declared.kind === 'trend') buffer.addTrend(metric, value);
  else throw new Error(`metric "${metric}" is a difference of two others, and is not recorded`);
}
