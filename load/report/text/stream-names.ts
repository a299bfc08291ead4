/** What other tools call the figures of a stream: the same letters stand for different things. */
import { markdownTable } from './markdown.ts';
import type { MetricFigure } from './metric-figures.ts';
import type { Column } from './text-table.ts';

const columns: readonly Column[] = [
  { title: 'here' },
  { title: 'vLLM bench' },
  { title: 'AIPerf' },
  { title: 'GuideLLM' },
];

const rows: readonly string[][] = [
  ['interToken (inter-token latency)', 'TPOT', 'ITL', 'ITL'],
  ['chunkGap (chunk gap)', 'ITL', 'ICL', '–'],
  ['– ((end − start) / output tokens)', '–', '–', 'TPOT'],
];

/** Empty where no stream was measured. */
export function streamNamesMarkdown(metrics: readonly MetricFigure[]): string {
  const isMeasured = metrics.some(({ metric }) => metric === 'interToken' || metric === 'chunkGap');
  return isMeasured ? markdownTable(columns, rows) : '';
}
