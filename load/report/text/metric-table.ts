/** The table of recorded metrics, as plain text and as Markdown; empty where there are none. */
import { markdownTable } from './markdown.ts';
import type { MetricFigure } from './metric-figures.ts';
import { textTable, type Column } from './text-table.ts';

const width = 120;
const figureNames = ['value', 'avg', 'p50', 'p95', 'p99', 'max'];

const columns: readonly Column[] = [
  { title: 'metric', elastic: 'wrap' },
  { title: 'kind' },
  ...['samples', ...figureNames].map((title) => ({ title, align: 'right' as const })),
];

export function metricsText(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0 ? '' : textTable(columns, metrics.map(rowOf), width).join('\n');
}

export function metricsMarkdown(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0 ? '' : markdownTable(columns, metrics.map(rowOf));
}

function rowOf({ metric, kind, samples, figures }: MetricFigure): string[] {
  return [metric, kind, String(samples), ...figureNames.map((name) => figures[name]?.text ?? '')];
}
