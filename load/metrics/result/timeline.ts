/** One interval as a point in time, for charts and for finding the worst second. */
import { statistics, type Statistic } from '../definitions.ts';
import { Histogram } from '../histogram.ts';
import type { Interval, SeriesRecord } from '../log/schema.ts';
import { addOutcomes, scheduledOf, type OutcomeCounts } from '../outcome.ts';
import { statisticOf } from '../percentile.ts';
import { latencyData } from '../trend-histogram.ts';

/** Response time statistics (ms) of the requests that ended in one interval. */
export interface IntervalStatistics {
  readonly outcomes: OutcomeCounts;
  readonly ms: Readonly<Record<Statistic, number>>;
}

export interface TimelinePoint {
  readonly startMs: number;
  readonly endMs: number;
  readonly phases: readonly string[];
  readonly users: number;
  readonly inFlight: number;
  readonly inFlightPeak: number;
  /** The judged load stream alone, if others run beside it. */
  readonly judged: Interval['judged'];
  readonly oldestMs: number;
  readonly backlog: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly inFlightSamples: { readonly count: number; readonly sum: number };
  readonly busyMs: number;
  readonly ageMs: number;
  readonly bytesReceived: number;
  /** For all tasks of the judged streams together (key `''`), and for each task. */
  readonly tasks: Readonly<Record<string, IntervalStatistics>>;
  readonly generator: { readonly utilisation: number; readonly loopDelayMaxMs: number };
}

/** Collects an interval's statistics from its series, one by one. */
export class TaskStatistics {
  bytesReceived = 0;
  private readonly sums = new Map<string, { outcomes: OutcomeCounts; histogram: Histogram }>();

  add(record: SeriesRecord): void {
    this.bytesReceived += record.bytesReceived ?? 0;
    if (record.stream !== 0) return;
    for (const task of ['', record.task]) {
      let sum = this.sums.get(task);
      if (sum === undefined) {
        this.sums.set(task, (sum = { outcomes: {}, histogram: new Histogram() }));
      }
      sum.outcomes = addOutcomes(sum.outcomes, record.outcomes);
      const responseTime = latencyData(record.trends?.['responseTime']);
      if (responseTime !== undefined) sum.histogram.add(responseTime);
    }
  }

  /** Over all tasks of the judged streams; `undefined` if no request ended. */
  get all(): { readonly outcomes: OutcomeCounts; readonly histogram: Histogram } | undefined {
    return this.sums.get('');
  }

  byTask(): Record<string, IntervalStatistics> {
    const points = [...this.sums].map(([task, { outcomes, histogram }]) => {
      const scheduled = scheduledOf(outcomes);
      const ms = Object.fromEntries(
        statistics.map((name) => [name, statisticOf(histogram, name, scheduled) / 1000]),
      ) as Record<Statistic, number>;
      return [task, { outcomes, ms }] as const;
    });
    return Object.fromEntries(points);
  }
}

export function timelinePoint(
  interval: Omit<Interval, 'series'>,
  gathered: TaskStatistics,
): TimelinePoint {
  const { startMs, endMs, phases, users, inFlight, inFlightPeak, oldestMs, backlog } = interval;
  const { scheduled, sent, inFlightSamples, busyMs, ageMs, generator } = interval;
  return {
    startMs,
    endMs,
    phases,
    users,
    inFlight,
    inFlightPeak,
    judged: interval.judged,
    oldestMs,
    backlog,
    scheduled,
    sent,
    inFlightSamples,
    busyMs,
    ageMs,
    bytesReceived: gathered.bytesReceived,
    tasks: gathered.byTask(),
    generator: {
      utilisation: generator.utilisation,
      loopDelayMaxMs: generator.loopDelay.max / 1000,
    },
  };
}
