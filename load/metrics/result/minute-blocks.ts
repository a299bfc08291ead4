/**
 * The judged time in blocks of a minute, from which trends are computed. Histograms are merged, since
 * percentiles must not be averaged. Of a finished block only the figures are kept.
 */
import { Histogram } from '../histogram.ts';
import type { Interval, Plan } from '../log/schema.ts';
import { addOutcomes, scheduledOf, type OutcomeCounts } from '../outcome.ts';
import { statisticOf } from '../percentile.ts';

export const minuteMs = 60_000;

export interface MinuteBlock {
  readonly startMs: number;
  readonly endMs: number;
  /** Requests of the judged load that ended in the block. */
  readonly ended: number;
  /** p95 of the response time of all that ended; ∞ if more than 5 % did not end ok. */
  readonly p95Ms: number;
  /** p95 of this machine's lateness: the lag of its requests and the delay of its event loop. */
  readonly lateP95Ms: number;
}

/** The requests that ended in an interval. */
export interface Ended {
  readonly outcomes: OutcomeCounts;
  readonly histogram: Histogram;
}

interface OpenBlock {
  readonly index: number;
  readonly startMs: number;
  endMs: number;
  outcomes: OutcomeCounts;
  readonly histogram: Histogram;
  readonly lag: Histogram;
  readonly loopDelay: Histogram;
}

/** The minute of the judged time, from 0. */
function minuteOf({ streams }: Plan, atMs: number): number {
  const startMs = streams[0]?.phases.find(({ judged }) => judged)?.startMs ?? 0;
  return Math.floor((atMs - startMs) / minuteMs);
}

export class MinuteBlocks {
  private readonly plan: Plan;
  private readonly closed: MinuteBlock[] = [];
  private open: OpenBlock | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /** Adds the next interval of the judged time, with the requests that ended in it. */
  add(
    { startMs, endMs, generator }: Pick<Interval, 'startMs' | 'endMs' | 'generator'>,
    ended: Ended | undefined,
  ): void {
    // The timer meets a border only to within a millisecond, so the middle of the interval decides its
    // side.
    const index = minuteOf(this.plan, (startMs + endMs) / 2);
    if (this.open !== undefined && this.open.index !== index) {
      this.closed.push(blockOf(this.open));
      this.open = undefined;
    }
    this.open ??= openBlock(index, startMs);
    this.open.endMs = endMs;
    this.open.lag.add(generator.lag);
    this.open.loopDelay.add(generator.loopDelay);
    if (ended === undefined) return;
    this.open.outcomes = addOutcomes(this.open.outcomes, ended.outcomes);
    this.open.histogram.add(ended.histogram);
  }

  /** All blocks, including the current one, which is shorter. */
  all(): readonly MinuteBlock[] {
    return this.open === undefined ? this.closed : [...this.closed, blockOf(this.open)];
  }
}

function openBlock(index: number, startMs: number): OpenBlock {
  return {
    index,
    startMs,
    endMs: startMs,
    outcomes: {},
    histogram: new Histogram(),
    lag: new Histogram(),
    loopDelay: new Histogram(),
  };
}

function blockOf({ startMs, endMs, outcomes, histogram, lag, loopDelay }: OpenBlock): MinuteBlock {
  const ended = scheduledOf(outcomes);
  const late = [lag, loopDelay].filter(({ count }) => count > 0);
  const lateP95Us = late.reduce((sum, one) => sum + statisticOf(one, 'p95', one.count), 0);
  return {
    startMs,
    endMs,
    ended,
    p95Ms: statisticOf(histogram, 'p95', ended) / 1000,
    lateP95Ms: lateP95Us / 1000,
  };
}
