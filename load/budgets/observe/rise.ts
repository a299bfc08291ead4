/** Whether a figure rises over the judged time, minute by minute. */
import { blocksNeeded, chanceAccepted, trendIn } from '../../analysis/trend.ts';
import { medianPoints, type Point } from '../../analysis/theil-sen.ts';
import { rises, type RiseDefinition } from '../../metrics/definitions.ts';
import type { RiseSubject } from '../../metrics/log/budget.ts';
import { minuteMs } from '../../metrics/result/minute-blocks.ts';
import { samplesNeeded } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import type { BudgetOn, Observation } from './observation.ts';
import { judgedSpans, levelsIn } from '../../metrics/result/readings.ts';

/** The value is the change over the judged time, relative to its start. */
export function observeRise(result: Result, { subject }: BudgetOn<RiseSubject>): Observation {
  const { least, figure }: RiseDefinition = rises[subject.metric];
  const points =
    figure === undefined
      ? latencyPoints(result)
      : medianPoints(levelsIn(result, figure, judgedSpans(result)), minuteMs);
  const trend = trendIn(points);
  if (trend === undefined) {
    return { value: undefined, samples: points.length, needed: blocksNeeded };
  }
  const { change, interval, blocks, pOfRise, from } = trend;
  const leastChange = least === 0 ? 0 : from > 0 ? least / from : 0;
  const rise = { ...trend, isProven: pOfRise < chanceAccepted, leastChange };
  return { value: change, interval, samples: blocks, needed: blocksNeeded, rise };
}

/** Minutes with enough requests for a p95. The last one counts only if it is long enough. */
function latencyPoints({ minutes }: Result): Point[] {
  return minutes
    .filter(({ startMs, endMs }) => endMs - startMs >= minuteMs / 2)
    .filter(({ ended }) => ended >= samplesNeeded(0.95))
    .map(({ startMs, endMs, p95Ms }) => ({ x: (startMs + endMs) / 2, y: p95Ms }));
}
