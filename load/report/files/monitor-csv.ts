/** `monitor.csv`: the monitor's readings in the loads of a run, one row per moment, with the time of day. */
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { IntervalDetail } from '../../metrics/result/details.ts';
import type { Result } from '../../metrics/result/result.ts';
import {
  furtherColumns,
  monitorHeader,
  monitorRow,
  Ticks,
  type Tick,
} from '../text/monitor-rows.ts';

export const monitorCsvName = 'monitor.csv';

/** Readings within this time of each other belong to one moment. */
const togetherMs = 250;

/** One moment of a load. */
export interface MonitorMoment {
  readonly tick: Tick;
  readonly test: string;
}

/** The moments of one load, oldest first. */
export function monitorMoments(
  { readings, plan }: Result,
  details: readonly IntervalDetail[],
): MonitorMoment[] {
  const ticks = new Ticks();
  return momentsIn(readings).map((moment) => {
    const atMs = moment.at(-1)!.toMs;
    const point = details.findLast(({ startMs }) => startMs < atMs);
    return {
      tick: ticks.add(moment, plan.startedAtEpochMs, point?.generator),
      test: plan.testId,
    };
  });
}

/** One row each, with the test in the last column. */
export function monitorCsv(moments: readonly MonitorMoment[]): string {
  const further = furtherColumns(moments.map(({ tick }) => tick));
  const rows = moments.map(({ tick, test }) => monitorRow(tick, further, [test]));
  return monitorHeader(further, ['test']) + rows.join('');
}

function momentsIn(readings: readonly Reading[]): Reading[][] {
  const moments: Reading[][] = [];
  for (const reading of [...readings].sort((a, b) => a.toMs - b.toMs)) {
    const last = moments.at(-1);
    if (last !== undefined && reading.toMs - last[0]!.toMs < togetherMs) last.push(reading);
    else moments.push([reading]);
  }
  return moments;
}
