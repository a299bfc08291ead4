/** Records a value of a metric of the user's own. */
import type { SeriesBuffer } from '../metrics/record/series-buffer.ts';
import type { MetricDeclaration } from './define-user.ts';

/** Throws where the metric is not declared, or the value is no number. */
export function recordMetric(
  buffer: SeriesBuffer,
  metrics: Readonly<Record<string, MetricDeclaration>>,
  metric: string,
  value: number,
): void {
  const declared = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (declared === undefined) throw new Error(`metric "${metric}" is not declared by the user`);
  if (!Number.isFinite(value)) throw new Error(`metric "${metric}": ${value} is no number`);
  if (declared.kind === 'counter') buffer.addCounter(metric, value);
  else if (declared.kind === 'gauge') buffer.setGauge(metric, value);
  else if (declared.kind === 'rate') buffer.addRate(metric, value !== 0);
  else buffer.addTrend(metric, value);
}
