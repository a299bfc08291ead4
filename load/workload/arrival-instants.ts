/**
 * When iterations start in the open model: pure functions of the workload's segments and the draws.
 * Arrival k comes when the integral of the rate reaches x(k): k itself for constant spacing, the sum of
 * k exponential (Poisson) or gamma draws with mean 1 otherwise. So a ramp needs no special case.
 */
import { exponential, gamma, purpose, type DrawKey } from '../platform/random.ts';
import type { ArrivalProcess, OpenWorkload, Segment } from './workload.ts';

const gap = purpose('arrival gap');

/**
 * The planned instants (ms, not yet on the clock's grain) of arrivals 0, 1, 2, …; goes on past the
 * planned end at the last rate, ends only where that rate is 0.
 */
export function* arrivalInstants(workload: OpenWorkload, key: DrawKey): Generator<number, void> {
  const { segments, process } = workload;
  let position = 0;
  // Arrivals passed before the segment, as the integral of the rate.
  let before = 0;
  let x = 0;
  for (let k = 0; ; k++) {
    // A constant process starts with an arrival at once; a random one with a gap.
    if (process !== 'constant') x += gapOf(process, key, k);
    else x = k;
    while (position < segments.length - 1 && x - before >= area(segments[position]!)) {
      before += area(segments[position]!);
      position += 1;
    }
    const atMs = instantWithin(segments[position]!, x - before, position === segments.length - 1);
    if (!Number.isFinite(atMs)) return;
    yield atMs;
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
 * The instant at which the integral of the rate from the segment's start reaches x: the root of
 * from·t + (to − from)·t²/(2T) = x, in the form that stays exact where from or to − from is 0.
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
