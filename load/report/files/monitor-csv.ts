/** `monitor.csv`: what the monitor read in the loads of a run, a row for each moment, on the time of day. */
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { Result } from '../../metrics/result/result.ts';
import { monitorHeader, monitorRow, Ticks } from '../text/monitor-rows.ts';

export const monitorCsvName = 'monitor.csv';

/** Sources that are read together are done within this. */
const togetherMs = 250;

/** The rows of one load, oldest first; its test stands in the last column. */
export function monitorRows({ readings, timeline, plan }: Result): string[] {
  const ticks = new Ticks();
  return momentsIn(readings).map((moment) => {
    const atMs = moment.at(-1)!.toMs;
    const point = timeline.findLast(({ startMs }) => startMs < atMs);
    const tick = ticks.add(moment, plan.startedAtEpochMs, point?.generator);
    return monitorRow(tick, [plan.testId]);
  });
}

/** The file of all rows. */
export function monitorCsv(rows: readonly string[]): string {
  return monitorHeader(['test']) + rows.join('');
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
