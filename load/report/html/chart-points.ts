/** The points of a chart over time: each stands for one or more intervals. */
import type { IntervalDetail } from '../../metrics/result/details.ts';
import type { TimelinePoint } from '../../metrics/result/result.ts';
import { sumOf } from '../../platform/lists.ts';
import { cellValue } from './tables.ts';
import type { Colour, Line, TimeChart, Value } from './page-data.ts';

export type Point = TimelinePoint & { readonly detail: IntervalDetail | undefined };
export type Group = readonly Point[];

export type MakeLine = (
  name: string,
  colour: Colour,
  valueOf: (group: Group) => number | null,
  more?: Partial<Line>,
) => Line;
export type Chart = Omit<TimeChart, 'spans'>;

export function highest(group: Group, pick: (point: Point) => number): number {
  return group.reduce((most, point) => Math.max(most, pick(point)), 0);
}

/** `null` if none is known. */
export function highestKnown(
  group: Group,
  pick: (point: Point) => number | undefined,
): number | null {
  const known = group.map(pick).filter((value) => value !== undefined && !Number.isNaN(value));
  return known.length === 0 ? null : Math.max(...(known as number[]));
}

export function perSecond(group: Group, count: (point: Point) => number): number {
  const [fromMs, toMs] = [group[0]!.startMs, group.at(-1)!.endMs];
  return (sumOf(group, count) * 1000) / (toMs - fromMs);
}

export function toValue(value: number | null): Value {
  const known = cellValue(value);
  return typeof known === 'number' ? Number(known.toPrecision(4)) : known;
}
