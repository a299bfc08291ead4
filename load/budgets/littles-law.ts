/**
 * Little's law, L = λW, over the judged time: the requests in flight as they were sampled against the
 * time in flight that the requests themselves add up to. The two are counted apart, so where they
 * differ the instrument lost or invented requests or time.
 */
import { scheduledOf } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { isJudged } from '../metrics/result/result.ts';

export interface LittlesLaw {
  /** Mean of the samples. */
  readonly sampledInFlight: number;
  /** Throughput × mean time in flight, ends corrected. */
  readonly computedInFlight: number;
  /** |sampled − computed| / computed. */
  readonly deviation: number;
  /** What sampling alone explains of the deviation, at 99 %. */
  readonly samplingError: number;
  readonly requestsPerUser: number;
}

/** Fewer requests for each user say nothing. */
export const requestsPerUserNeeded = 20;

/** `undefined` where nothing was judged or nothing was in flight. */
export function littlesLaw(result: Result): LittlesLaw | undefined {
  const { timeline } = result;
  const sum = { samples: 0, inFlight: 0, areaMs: 0, durationMs: 0, userMs: 0, ended: 0 };
  timeline.forEach((point, i) => {
    if (!isJudged(result.plan, 0, point.phases[0])) return;
    const durationMs = point.endMs - point.startMs;
    sum.samples += point.inFlightSamples.count;
    sum.inFlight += point.inFlightSamples.sum;
    // What ended brings the time since its own start; of that, the age it had when the interval began
    // lies before it. What is still in flight has spent the rest of its age here.
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
    // Requests in flight vary at most like a Poisson count (variance = mean) where they come one by
    // one; samples that are closer together than a request lasts err less than this.
    samplingError: 2.576 / Math.sqrt(computedInFlight * sum.samples),
    requestsPerUser: (sum.ended * sum.durationMs) / sum.userMs,
  };
}
