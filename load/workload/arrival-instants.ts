/**
 * Open model: when iterations start. Pure functions of the workload's segments and the draws.
 * Arrival k comes when the integral of the rate reaches x(k). For constant spacing x(k) is k, else the
 * sum of k exponential (Poisson) or gamma draws with mean 1. So a ramp needs no special case.
 */
import { sumOf } from '../platform/lists.ts';
import { exponential, gamma, purpose, type DrawKey } from '../platform/random.ts';
import { levelAt, steeredFrom, untilMoment } from './steered-course.ts';
import type { ArrivalProcess, OpenWorkload, Segment } from './workload.ts';

const gap = purpose('arrival gap');

/**
 * The planned instants of arrivals 0, 1, 2, … in ms, not rounded to the clock's resolution. After the
 * planned end they go on at the last rate. The rate may be changed from a moment on: later arrivals then
 * come when the integral of the new rate reaches x(k).
 */
export class ArrivalInstants {
  private readonly workload: OpenWorkload;
  private readonly key: DrawKey;
  private segments: readonly Segment[];
  private position = 0;
  /** Arrivals planned before the current segment, as the integral of the rate. */
  private before = 0;
  private k = 0;
  private x = 0;
  /** When the next arrival is planned; ∞ if there are no more, because the last rate is 0. */
  atMs = 0;
  /** How often the rate was changed. */
  changes = 0;

  constructor(workload: OpenWorkload, key: DrawKey) {
    this.workload = workload;
    this.key = key;
    this.segments = workload.segments;
    this.place();
  }

  advance(): void {
    this.k += 1;
    this.place();
  }

  /**
   * Changes the rate from `atMs` on, until the planned end. Returns the rate that was planned for that
   * moment.
   */
  steer(atMs: number, level: number): number {
    const { segments, position } = this;
    const rate = levelAt(segments, atMs);
    this.changes += 1;
    // The next arrival may be planned far ahead, or be late. The integral continues from the later of
    // both.
    const reached = segments.findIndex(({ endMs }) => atMs < endMs);
    const first = reached < 0 ? position : Math.min(position, reached);
    this.before -= sumOf(segments.slice(first, position), area);
    this.segments = [
      ...untilMoment(segments.slice(first), atMs),
      ...steeredFrom(segments, atMs, { level, risePerSecond: Infinity }),
    ];
    this.position = 0;
    this.pass();
    return rate;
  }

  /** Draws the next arrival. */
  private place(): void {
    const { process } = this.workload;
    // A constant process starts with an arrival at once, a random one with a gap.
    if (process !== 'constant') this.x += gapOf(process, this.key, this.k);
    else this.x = this.k;
    this.pass();
  }

  private pass(): void {
    const { segments } = this;
    const last = segments.length - 1;
    while (this.position < last && this.x - this.before >= area(segments[this.position]!)) {
      this.before += area(segments[this.position]!);
      this.position += 1;
    }
    const { position } = this;
    this.atMs = instantWithin(segments[position]!, this.x - this.before, position === last);
  }
}

function gapOf(process: Exclude<ArrivalProcess, 'constant'>, key: DrawKey, k: number): number {
  return process === 'poisson' ? exponential(key, k, gap) : gamma(process.gamma, key, k, gap);
}

/** Arrivals in the segment: the integral of its rate. */
function area({ startMs, endMs, from, to }: Segment): number {
  return ((from + to) / 2) * ((endMs - startMs) / 1000);
}

/**
 * The instant at which the integral of the rate from the segment's start reaches x. It is the root of
 * from·t + (to − from)·t²/(2T) = x, in the form that stays exact when from or to − from is 0.
 */
function instantWithin(segment: Segment, x: number, isLast: boolean): number {
  const { startMs, endMs, from, to } = segment;
  const lengthS = (endMs - startMs) / 1000;
  if (isLast && x >= area(segment)) return endMs + ((x - area(segment)) / to) * 1000;
  if (x === 0) return startMs;
  const slope = (to - from) / lengthS;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * x));
  return startMs + ((2 * x) / (from + root)) * 1000;
}
