/** Whether a figure climbs over the judged time, from minute to minute. */
import { blocksNeeded, chanceAccepted, trendIn, type Trend } from '../../analysis/trend.ts';
import { medianOf, type Point } from '../../analysis/theil-sen.ts';
import { rises, type RiseName } from '../../metrics/definitions.ts';
import { minuteMs, minuteOf } from '../../metrics/result/minute-blocks.ts';
import { samplesNeeded } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { figureBehind, judgedSpans } from '../monitored.ts';
import type { Observation } from './observe.ts';
import { levelsIn } from './observe-levels.ts';

export interface Rise extends Trend {
  /** Chance alone would hardly make it. */
  readonly isProven: boolean;
  /** A share of `from`: a smaller change never counts, whatever the limit says. */
  readonly leastChange: number;
}

/** The value is the change over the judged time as a share of where it began. */
export function observeRise(result: Result, metric: RiseName): Observation & { rise?: Rise } {
  const points = metric === 'rise.p95' ? latencyPoints(result) : levelPoints(result, metric);
  const trend = trendIn(points);
  if (trend === undefined) {
    return { value: undefined, samples: points.length, needed: blocksNeeded };
  }
  const { change, interval, blocks, pOfRise, from } = trend;
  const { least } = rises[metric];
  const leastChange = least === 0 ? 0 : from > 0 ? least / from : 0;
  const rise = { ...trend, isProven: pOfRise < chanceAccepted, leastChange };
  return { value: change, interval, samples: blocks, needed: blocksNeeded, rise };
}

/** Minutes with enough requests for a p95; the last one, where it is not cut too short. */
function latencyPoints({ minutes }: Result): Point[] {
  return minutes
    .filter(({ startMs, endMs }) => endMs - startMs >= minuteMs / 2)
    .filter(({ ended }) => ended >= samplesNeeded(0.95))
    .map(({ startMs, endMs, p95Ms }) => ({ x: (startMs + endMs) / 2, y: p95Ms }));
}

/** The median of each minute's readings. */
function levelPoints(result: Result, metric: RiseName): Point[] {
  const minutes = new Map<number, Point[]>();
  for (const { atMs, value } of levelsIn(result, figureBehind(metric), judgedSpans(result))) {
    const minute = minuteOf(result.plan, atMs);
    minutes.set(minute, [...(minutes.get(minute) ?? []), { x: atMs, y: value }]);
  }
  return [...minutes.values()].map((points) => ({
    x: medianOf(points.map(({ x }) => x)),
    y: medianOf(points.map(({ y }) => y)),
  }));
}
