/** The monitor's readings of the system: a chart for each figure that changed, and the others as text. */
import { figures, type Unit } from '../../metrics/definitions.ts';
import { figureText, type Dimension } from '../../metrics/figure-text.ts';
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { Result } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';
import type { Span, TimeChart, Value } from './page-data.ts';

/** A system may report hundreds of figures. */
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

/** `drawn`: ids of existing charts, whose figures are always included. */
export function readingCharts(
  { readings }: Result,
  drawn: ReadonlySet<string> = new Set(),
): TimeChart[] {
  const moved = figuresRead(readings).filter(
    ([name, told]) => drawn.has(idOf(name)) || !isStill(told),
  );
  return moved.slice(0, mostCharts).map(([name, told]) => {
    const known = definitionOf(name);
    const every = Math.ceil(told.length / mostPoints);
    const shown = told.filter((_, i) => i % every === 0);
    const values = shown.map(({ value }): Value => Number(value.toPrecision(5)));
    return {
      id: idOf(name),
      title: `${told.every(({ source }) => source === 'host') ? 'This machine' : 'The system'}: ${name}`,
      dimension: dimensionOf(name),
      spans: shown.map(({ at }) => at),
      lines: [{ name, colour: 'green', values }],
      note: [known?.what, `read at ${[...new Set(told.map(({ source }) => source))].join(', ')}`]
        .filter((text) => text !== undefined)
        .join('; '),
    };
  });
}

function idOf(name: string): string {
  return `reading-${name}`;
}

/** `openConnections 0`, for each figure with one value all the time, for which a chart shows nothing. */
export function stillReadings({ readings }: Result): string[] {
  return figuresRead(readings)
    .filter(([, told]) => isStill(told))
    .map(([name, [first]]) => `${name} ${figureText(first!.value, dimensionOf(name))}`);
}

function figuresRead(readings: readonly Reading[]): (readonly [string, readonly Told[]])[] {
  return [...groupedBy(readings.flatMap(toldBy), ({ name }) => name)];
}

function isStill(told: readonly Told[]): boolean {
  return told.every(({ value }) => value === told[0]!.value);
}

function definitionOf(name: string): (typeof figures)[keyof typeof figures] | undefined {
  return Object.hasOwn(figures, name) ? figures[name as keyof typeof figures] : undefined;
}

function dimensionOf(name: string): Dimension {
  const known = definitionOf(name);
  return known === undefined ? 'number' : dimensions[known.unit];
}

function toldBy({ source, fromMs, toMs, gauges = {}, ratios = {} }: Reading): Told[] {
  const at: Span = [Math.round(fromMs), Math.round(toMs)];
  const shares = Object.entries(ratios).filter(([, { whole }]) => whole !== 0);
  return [
    ...Object.entries(gauges).map(([name, value]) => ({ name, source, at, value })),
    ...shares.map(([name, { part, whole }]) => ({ name, source, at, value: part / whole })),
  ];
}
