/** The instrument's own health over the judged phases: what the validity rules look at. */
import { Histogram } from '../histogram.ts';
import type { GeneratorRecord, Interval } from '../log/schema.ts';

export const saturatedUtilisation = 0.9;
const shortestIntervalMs = 100;

export class GeneratorTotals {
  intervals = 0;
  /** Intervals with an event-loop utilisation of 0.9 or more. */
  saturatedIntervals = 0;
  durationMs = 0;
  /** µs, weighted by time in ms. */
  readonly loopDelay = new Histogram();
  /** µs of schedule lag that this machine caused. */
  readonly lag = new Histogram();
  readonly loopStalls: GeneratorRecord['loopStalls'][number][] = [];
  utilisationMax = 0;
  cpuMax = 0;
  rssMaxBytes = 0;

  add(interval: Pick<Interval, 'generator' | 'startMs' | 'endMs'>): void {
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
    this.utilisationMax = Math.max(this.utilisationMax, generator.utilisation);
    this.cpuMax = Math.max(this.cpuMax, generator.cpu);
    this.rssMaxBytes = Math.max(this.rssMaxBytes, generator.rssBytes);
  }
}
