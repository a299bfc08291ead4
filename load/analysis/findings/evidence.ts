/** Checks that several rules share. */
import { figureText, momentText, shareText } from '../../metrics/figure-text.ts';
import type { Level as Reading, Span } from '../../metrics/result/readings.ts';
import { latencyRise, type LoadLevel } from './load-level.ts';
import type { Check, RuleInput, Signal } from './finding.ts';

/** A figure that exceeds its threshold in fewer of the readings did so only briefly. */
export const leastShare = 0.2;
/** Fewer readings are not enough to judge a level. */
export const leastReadings = 5;
export const busyCpu = 0.9;

export interface Past {
  readonly count: number;
  readonly n: number;
  readonly share: number;
  readonly window: Span;
  readonly highest: number;
}

/** In how many readings the figure exceeded its threshold; `undefined` if there are too few. */
export function pastIn(
  readings: readonly Reading[],
  isPast: (value: number) => boolean,
): Past | undefined {
  const past = readings.filter(({ value }) => isPast(value));
  const [first] = past;
  const share = past.length / readings.length;
  if (first === undefined || readings.length < leastReadings || share < leastShare) {
    return undefined;
  }
  return {
    count: past.length,
    n: readings.length,
    share,
    window: [first.startMs, past.at(-1)!.atMs],
    highest: Math.max(...past.map(({ value }) => value)),
  };
}

export function pastSignal(name: string, { count, n, share, window }: Past, how: string): Signal {
  const text = `${name} was ${how} in ${count} of ${n} readings, first at ${momentText(window[0])}`;
  return { name, value: share, threshold: leastShare, dimension: 'share', text };
}

/** Whether the latency is higher than at the level below. Unknown if there is none. */
export function riseCheck({ level, below }: RuleInput): Check {
  const nearest = below.at(-1);
  if (nearest === undefined) {
    return { text: 'no lower level was measured to compare with', outcome: 'unknown' };
  }
  const rise = latencyRise(level, nearest);
  if (rise === undefined) {
    return {
      text: `the latency is no higher than at ${nearest.name}`,
      outcome: 'speaks against it',
    };
  }
  const { name, fromMs, toMs } = rise;
  const text = `${name} rose from ${ms(fromMs)} at ${nearest.name} to ${ms(toMs)}`;
  return { text, outcome: 'speaks for it', kind: 'rise' };
}

/** Whether the target had CPU left. If it had none, that is the first explanation. */
export function cpuCheck(level: LoadLevel): Check {
  const readings = ['targetCpuPeak', 'targetThread', 'targetThreadWanted'].flatMap((figure) =>
    level.readings(figure),
  );
  if (readings.length === 0) return { text: "the target's CPU was not read", outcome: 'unknown' };
  const highest = Math.max(...readings.map(({ value }) => value));
  const text = `the target's CPU was at ${shareText(Math.min(1, highest))} at most`;
  return { text, outcome: highest < busyCpu ? 'speaks for it' : 'speaks against it' };
}

export function ms(value: number): string {
  return figureText(value, 'time');
}

export function meanOf(readings: readonly Reading[]): number {
  return readings.reduce((sum, { value }) => sum + value, 0) / readings.length;
}
