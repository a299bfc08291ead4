/**
 * Little's law, L = λW, over the judged time: compares the sampled requests in flight with the time in
 * flight of all requests. The two are measured separately, so a difference means that the load generator
 * lost or invented requests or time.
 */
import { scheduledOf } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { isJudged } from '../metrics/result/result.ts';

export interface LittlesLaw {
  /** Mean of the samples. */
  readonly sampledInFlight: number;
  /** Throughput × mean time in flight, corrected for both ends of the judged time. */
  readonly computedInFlight: number;
  /** |sampled − computed| / computed. */
  readonly deviation: number;
  /** How much of the deviation sampling alone can explain, at 99 %. */
  readonly samplingError: number;
  readonly requestsPerUser: number;
}

/** With fewer requests per user the comparison says nothing. */
export const requestsPerUserNeeded = 20;

/** `undefined` if nothing was judged or nothing was in flight. */
export function littlesLaw(result: Result): LittlesLaw | undefined {
  const { timeline } = result;
  const sum = { samples: 0, inFlight: 0, areaMs: 0, durationMs: 0, userMs: 0, ended: 0 };
  timeline.forEach((point, i) => {
    if (!isJudged(result.plan, 0, point.phases[0])) return;
    const durationMs = point.endMs - point.startMs;
    sum.samples += point.inFlightSamples.count;
    sum.inFlight += point.inFlightSamples.sum;
    // A request that ended counts from its own start, so its age at the beginning of the interval is
    // subtracted. For a request still in flight its age within the interval is added.
    sum.areaMs += point.busyMs - (timeline[i - 1]?.ageMs ?? 0) + point.ageMs;
    sum.durationMs += durationMs;
    sum.userMs += point.users * durationMs;
    sum.ended += scheduledOf(point.tasks['']?.outcomes ?? {});
  });
  if (sum.samples === 0 || sum.areaMs <= 0) return undefined;
  const computedInFlight = sum.areaMs / sum.durationMs;
  const sampledInFlight = sum.inFlight / sum.samples;
  return {
    sampledInFlight,
    computedInFlight,
    deviation: Math.abs(sampledInFlight - computedInFlight) / computedInFlight,
    // Requests in flight vary at most like a Poisson count (variance = mean) if they come one by one.
    // Samples that are closer together than a request lasts are more precise than this.
    samplingError: 2.576 / Math.sqrt(computedInFlight * sum.samples),
    requestsPerUser: (sum.ended * sum.durationMs) / sum.userMs,
  };
}
