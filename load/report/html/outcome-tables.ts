/** Tables of the page: how the requests of a load ended, what went wrong, and what else was recorded. */
import type { MetricComparison } from '../../baselines/comparison.ts';
import { momentText } from '../../metrics/figure-text.ts';
import { outcomes } from '../../metrics/outcome.ts';
import { comparisonColumns, comparisonRow } from '../files/regression-analysis.ts';
import type { LoadEntry } from '../files/results-json.ts';
import {
  sharingEvidence,
  sortedWorstFirst,
  subjectText,
  verdictCounts,
} from '../text/comparison-text.ts';
import { metricColumns, metricRow } from '../text/metric-figures.ts';
import { accountingLine } from '../text/outcomes.ts';
import type { Column } from '../text/text-table.ts';
import type { Comparison, Row, Table, Tone } from './page-data.ts';
import { cellOf, columns, figureColumns } from './tables.ts';

export function outcomeTable({ totals }: LoadEntry): Table {
  const { judged, all, judgedScheduled, ended } = totals;
  return {
    columns: [...columns('ended as'), ...figureColumns('judged phases', 'all phases')],
    rows: [
      ...outcomes.map((name): Row => {
        return { cells: [name, cellOf(judged[name], 'number'), cellOf(all[name], 'number')] };
      }),
      { cells: ['sum', cellOf(judgedScheduled, 'number'), cellOf(ended, 'number')] },
    ],
    notes: [accountingLine(totals)],
  };
}

/** A click shows the first second of the kind. */
export function errorTable({ totals }: LoadEntry): Table {
  return {
    columns: [
      ...columns('kind', 'task'),
      ...figureColumns('count', 'first', 'last'),
      ...columns('sample'),
    ],
    rows: totals.errors.map(({ kind, task, count, firstMs, lastMs, sample }) => ({
      cells: [
        kind,
        task,
        cellOf(count, 'number'),
        [momentText(firstMs), firstMs],
        [momentText(lastMs), lastMs],
        sample,
      ],
      at: secondAt(firstMs),
    })),
  };
}

export function secondAt(ms: number): readonly [number, number] {
  const fromMs = Math.floor(ms / 1000) * 1000;
  return [fromMs, fromMs + 1000];
}

export function metricTable({ metrics }: LoadEntry): Table {
  return {
    columns: columnsOf(metricColumns),
    rows: metrics.map((metric) => ({ cells: metricRow(metric) })),
  };
}

function columnsOf(all: readonly Column[]): Table['columns'] {
  return all.map(({ title, align }) => ({ title, isFigure: align === 'right' }));
}

const tones: Readonly<Record<MetricComparison['verdict'], Tone>> = {
  pass: 'good',
  improved: 'good',
  provisional: 'warn',
  inconclusive: 'warn',
  incomparable: 'warn',
  'no-data': 'warn',
  regression: 'bad',
  critical: 'bad',
  saturated: 'bad',
};

/** Undefined if the load was not compared with a baseline. */
export function comparisonOf(all: readonly MetricComparison[]): Comparison | undefined {
  if (all.length === 0) return undefined;
  const sorted = sortedWorstFirst(all);
  const told = sharingEvidence(sorted.filter(({ verdict }) => verdict !== 'pass'));
  return {
    headline: verdictCounts(all),
    table: {
      columns: columnsOf(comparisonColumns.filter(({ title }) => title !== 'test')),
      rows: sorted.map((one) => {
        const [verdict = '', , ...cells] = comparisonRow(one);
        return { cells: [verdict, ...cells], tone: tones[one.verdict] };
      }),
    },
    evidence: told.map(({ one, count }) => {
      const subject = count === 1 ? subjectText(one) : `${one.test}, ${count} metrics`;
      return `${subject}: ${one.verdict.replace('-', ' ')}: ${one.evidence}`;
    }),
  };
}
