/** The load generator's own state over the judged phases. It decides which rows of the verdict are valid. */
import { Histogram } from '../histogram.ts';
import type { GeneratorRecord, Interval } from '../log/schema.ts';
import { windowsMs } from '../record/bunching.ts';
import { latenessStepsMs } from '../record/lateness.ts';

export const saturatedUtilisation = 0.9;
const shortestIntervalMs = 100;

/** Whether the requests of one phase were sent when they became ready. */
export interface PhaseOffer {
  /** Sums of squares for each window length (record/bunching.ts). */
  readonly ready: number[];
  readonly started: number[];
  /** µs from ready to started. */
  readonly lag: Histogram;
}

export class GeneratorTotals {
  intervals = 0;
  /** Intervals with an event-loop utilisation of 0.9 or more. */
  saturatedIntervals = 0;
  durationMs = 0;
  /** µs, weighted by time in ms. */
  readonly loopDelay = new Histogram();
  /** From when a request was ready (due, with a free user) to its start, in µs. This machine causes it. */
  readonly lag = new Histogram();
  readonly loopStalls: GeneratorRecord['loopStalls'][number][] = [];
  /** Time that was late at each step (record/lateness.ts), in ms. */
  readonly lateMs: number[] = latenessStepsMs.map(() => 0);
  /** Sum of how late answers were read, at most, in ms. */
  heldMs = 0;
  /** How many answers were read late. */
  heldCount = 0;
  /** The lag of the judged load stream's requests, as a sum in ms. */
  lagMs = 0;
  /** False for a log of an older version, which does not classify requests by lateness. */
  isLatenessKnown = true;
  /** The longest lag or delay of the whole run, in ms. */
  longestLateMs = 0;
  /** Users of the judged load stream × time, in ms. */
  userMs = 0;
  /** By the running number of the phase. */
  readonly offers = new Map<number, PhaseOffer>();
  utilisationMax = 0;
  cpuMax = 0;
  rssMaxBytes = 0;

  /** Adds an interval of any phase, since requests of a judged phase may be answered in the drain. */
  addLongest({ lag, loopDelay }: GeneratorRecord): void {
    this.longestLateMs = Math.max(this.longestLateMs, lag.max / 1000, loopDelay.max / 1000);
  }

  /** `phase`: running number of the interval's phase. */
  add(interval: Pick<Interval, 'generator' | 'startMs' | 'endMs' | 'users'>, phase: number): void {
    const { generator } = interval;
    const durationMs = interval.endMs - interval.startMs;
    this.durationMs += durationMs;
    // A sliver between two borders says nothing about how busy the loop is.
    if (durationMs >= shortestIntervalMs) this.intervals += 1;
    if (durationMs >= shortestIntervalMs && generator.utilisation >= saturatedUtilisation)
      this.saturatedIntervals += 1;
    this.loopDelay.add(generator.loopDelay);
    this.lag.add(generator.lag);
    this.loopStalls.push(...generator.loopStalls);
    generator.lateMs?.forEach((ms, step) => (this.lateMs[step]! += ms));
    this.heldMs += generator.heldMs ?? 0;
    this.heldCount += generator.heldCount ?? 0;
    this.lagMs += generator.lagMs ?? generator.lag.sum / 1000;
    this.userMs += (generator.users ?? interval.users) * durationMs;
    this.isLatenessKnown &&= generator.lateMs !== undefined;
    this.addOffer(generator, phase);
    this.utilisationMax = Math.max(this.utilisationMax, generator.utilisation);
    this.cpuMax = Math.max(this.cpuMax, generator.cpu);
    this.rssMaxBytes = Math.max(this.rssMaxBytes, generator.rssBytes);
  }

  private addOffer({ squares, lag }: GeneratorRecord, phase: number): void {
    let offer = this.offers.get(phase);
    if (offer === undefined) {
      offer = {
        ready: windowsMs.map(() => 0),
        started: windowsMs.map(() => 0),
        lag: new Histogram(),
      };
      this.offers.set(phase, offer);
    }
    squares?.ready.forEach((sum, i) => (offer.ready[i]! += sum));
    squares?.started.forEach((sum, i) => (offer.started[i]! += sum));
    offer.lag.add(lag);
  }
}
