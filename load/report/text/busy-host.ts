/** A note on a machine whose processors were busy all the time, for which no figure of the load is at fault. */
import { shareText } from '../../metrics/figure-text.ts';
import { judgedPoints, type Result } from '../../metrics/result/result.ts';
import { sumOf } from '../../platform/lists.ts';

const busyShare = 0.95;

/**
 * Empty unless the processors of the monitored machine were busy for 95 % of the judged time. It is the
 * machine that sends the load, and often that of the system, too.
 */
export function busyHostNotes(result: Result): string[] {
  const points = judgedPoints(result);
  const [fromMs, toMs] = [points[0]?.startMs ?? 0, points.at(-1)?.endMs ?? 0];
  const read = result.readings.flatMap(({ ratios, ...reading }) => {
    const cpu = ratios?.['hostCpu'];
    return cpu !== undefined && reading.toMs > fromMs && reading.fromMs < toMs ? [cpu] : [];
  });
  const whole = sumOf(read, (one) => one.whole);
  const share = whole === 0 ? 0 : sumOf(read, ({ part }) => part) / whole;
  if (share < busyShare) return [];
  return [
    `the processors of this machine were busy for ${shareText(share)} of the judged time: ` +
      'the system, if it runs here, and the load generator waited for them',
  ];
}

/** All notes of a load, as every report has them. */
export function notesOf(result: Result): string[] {
  return [...result.notes, ...busyHostNotes(result)];
}
