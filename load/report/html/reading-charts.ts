/** What the monitor read of the system, a chart for each figure. */
import { figures, type Unit } from '../../metrics/definitions.ts';
import type { Dimension } from '../../metrics/figure-text.ts';
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { Result } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';
import type { Span, TimeChart, Value } from './page-data.ts';

/** A system may tell hundreds. */
const mostCharts = 12;
const mostPoints = 1800;

const dimensions: Readonly<Record<Unit, Dimension>> = {
  ms: 'time',
  share: 'share',
  perSecond: 'perSecond',
  count: 'number',
  bytes: 'bytes',
  number: 'number',
};

interface Told {
  readonly name: string;
  readonly source: string;
  readonly at: Span;
  readonly value: number;
}

export function readingCharts({ readings }: Result): TimeChart[] {
  const all = readings.flatMap(toldBy);
  const byFigure = [...groupedBy(all, ({ name }) => name)].slice(0, mostCharts);
  return byFigure.map(([name, told]) => {
    const known = Object.hasOwn(figures, name) ? figures[name as keyof typeof figures] : undefined;
    const every = Math.ceil(told.length / mostPoints);
    const shown = told.filter((_, i) => i % every === 0);
    const values = shown.map(({ value }): Value => Number(value.toPrecision(5)));
    return {
      id: `reading-${name}`,
      title: `The system: ${name}`,
      dimension: known === undefined ? 'number' : dimensions[known.unit],
      spans: shown.map(({ at }) => at),
      lines: [{ name, colour: 'green', values }],
      note: [known?.what, `read at ${[...new Set(told.map(({ source }) => source))].join(', ')}`]
        .filter((text) => text !== undefined)
        .join('; '),
    };
  });
}

function toldBy({ source, fromMs, toMs, gauges = {}, ratios = {} }: Reading): Told[] {
  const at: Span = [Math.round(fromMs), Math.round(toMs)];
  const shares = Object.entries(ratios).filter(([, { whole }]) => whole !== 0);
  return [
    ...Object.entries(gauges).map(([name, value]) => ({ name, source, at, value })),
    ...shares.map(([name, { part, whole }]) => ({ name, source, at, value: part / whole })),
  ];
}
