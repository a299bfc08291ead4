/** Where the time of the answers was spent, hop by hop (`Server-Timing`), stacked over the time of the load. */
import type { IntervalDetail } from '../../metrics/result/details.ts';
import { defined } from '../../platform/defined.ts';
import type { Colour, Line, TimeChart } from './page-data.ts';

type Group = readonly { readonly detail: IntervalDetail | undefined }[];
type MakeLine = (name: string, colour: Colour, valueOf: (group: Group) => number | null) => Line;

/** For the hops in order, the largest first. */
const hopColours: readonly Colour[] = ['blue', 'orange', 'green', 'purple', 'vermilion', 'sky'];

/** `undefined` if no answer states a hop. */
export function hopsChart(
  line: MakeLine,
  details: readonly IntervalDetail[],
): Omit<TimeChart, 'spans'> | undefined {
  const sums = new Map<string, number>();
  for (const [hop, ms] of details.flatMap(({ hops }) => [...(hops?.ms ?? [])])) {
    sums.set(hop, (sums.get(hop) ?? 0) + ms);
  }
  const names = [...sums].sort(([, a], [, b]) => b - a).map(([hop]) => hop);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, hopColours.length);
  const more = names.length - shown.length;
  const told = (group: Group) => group.flatMap(({ detail }) => detail?.hops ?? []);
  const lines = shown.map((name, i) =>
    line(name, hopColours[i]!, (group) => meanOf(told(group), ({ ms }) => ms.get(name) ?? 0)),
  );
  const rest = line('the rest', 'faint', (group) =>
    meanOf(told(group), ({ wholeMs, ms }) =>
      Math.max(0, wholeMs - shown.reduce((sum, name) => sum + (ms.get(name) ?? 0), 0)),
    ),
  );
  return defined({
    id: 'hops',
    title: 'Where the time of an answer goes',
    dimension: 'time' as const,
    isStacked: true,
    lines: [...lines, rest],
    note: `Mean of the answers in the time of a point, as they state it (Server-Timing); the rest is time that no answer accounts for${
      more > 0 ? `, ${more} more hops included` : ''
    }.`,
  });
}

function meanOf<T>(all: readonly T[], of: (one: T) => number): number | null {
  if (all.length === 0) return null;
  return all.reduce((sum, one) => sum + of(one), 0) / all.length;
}
