/** The open model: iterations start at a stated rate, however long the answers take. */
import { z } from 'zod';
import { formatMs, type DurationText, type RateText } from '../platform/duration.ts';
import { duration, optionsOf, parseWorkload, rate, rateOrZero, userCount } from './edge.ts';
import { chain } from './stages.ts';
import { phasesOf, withWarmUp, type ArrivalProcess, type OpenWorkload } from './workload.ts';

interface ArrivalCommon {
  /** `constant` (default), `poisson`, or `{ gamma: shape }`: a shape below 1 gives bursts (CV = 1/√shape). */
  readonly process?: ArrivalProcess;
  /** Maximum number of virtual users at once. Default 1000. */
  readonly maxUsers?: number;
  /** Maximum number of arrivals that wait for a free user before one is dropped. Default 1000. */
  readonly maxBacklog?: number;
}

/**
 * A constant rate of iterations for a stated time.
 * @example
 * const steady: ConstantArrivals = { rate: '50/s', duration: '2m', warmUp: '10s' };
 * arrivals(steady);
 */
export interface ConstantArrivals extends ArrivalCommon {
  readonly rate: RateText | number;
  readonly duration: DurationText | number;
  /** Runs before the rest at the same rate; its requests are discarded. */
  readonly warmUp?: DurationText | number;
}

/**
 * A rate that runs from one value to the next.
 *
 * @example
 * const rising: RampingArrivals = {
 *   stages: [
 *     { rate: '50/s', duration: '1m' },
 *     { rate: '50/s', duration: '5m' },
 *   ],
 * };
 * arrivals(rising);
 */
export interface RampingArrivals extends ArrivalCommon {
  /** Rate at the start. Default 0. */
  readonly from?: RateText | number;
  /**
   * Each stage runs in a straight line from the rate before to its own. A stage with the same rate holds
   * it, and is judged.
   */
  readonly stages: readonly {
    readonly rate: RateText | number;
    readonly duration: DurationText | number;
  }[];
}

const process = z.union(
  [z.enum(['constant', 'poisson']), optionsOf({ gamma: z.number().min(0.01).max(1000) })],
  { error: 'accepted: "constant", "poisson" or { gamma: shape } with a shape from 0.01 to 1000' },
);
const common = {
  process: process.default('constant'),
  maxUsers: userCount.default(1000),
  maxBacklog: z.number().int().min(0).max(10_000_000).default(1000),
};
const constantSchema = optionsOf({ ...common, rate, duration, warmUp: duration.optional() });
const rampingSchema = optionsOf({
  ...common,
  from: rateOrZero.default(0),
  stages: z.array(optionsOf({ rate: rateOrZero, duration })).min(1),
});

/**
 * An open model at a constant or ramping rate. Throws with the field where a value is wrong.
 *
 * @example
 * arrivals({ rate: '50/s', duration: '2m', process: 'poisson' });
 * arrivals({ stages: [{ rate: '50/s', duration: '1m' }, { rate: '50/s', duration: '5m' }] });
 */
export function arrivals(options: ConstantArrivals | RampingArrivals): OpenWorkload {
  return 'stages' in options ? ramping(options) : constantRate(options);
}

function constantRate(options: ConstantArrivals): OpenWorkload {
  const parsed = parseWorkload('arrivals', constantSchema, options);
  const { rate: perSecond, duration: durationMs, warmUp } = parsed;
  const own = chain(perSecond, [{ to: perSecond, durationMs }]);
  const warm = warmUp === undefined ? undefined : withWarmUp(own, warmUp, perSecond);
  const phases = phasesOf(warm?.segments.slice(1) ?? own, false);
  return {
    ...open(parsed),
    segments: warm?.segments ?? own,
    phases: warm === undefined ? phases : [warm.phase, ...phases],
    level: `${levelText(perSecond)}-per-s`,
    describedAs: `${levelText(perSecond)} arrivals/s (${processText(parsed.process)}) for ${formatMs(durationMs)}`,
  };
}

function ramping(options: RampingArrivals): OpenWorkload {
  const parsed = parseWorkload('arrivals', rampingSchema, options);
  const steps = parsed.stages.map(({ rate: to, duration: durationMs }) => ({ to, durationMs }));
  const segments = chain(parsed.from, steps);
  const phases = phasesOf(segments, false);
  const peak = Math.max(parsed.from, ...steps.map(({ to }) => to));
  if (peak === 0 || !phases.some(({ judged }) => judged)) {
    const why = 'none holds its rate (same as the stage before), so none is judged';
    throw new Error(`arrivals.stages: ${why}`);
  }
  const course = steps.map(({ to, durationMs }) => `${levelText(to)}/s in ${formatMs(durationMs)}`);
  return {
    ...open(parsed),
    segments,
    phases,
    level: `${levelText(peak)}-per-s`,
    describedAs: `arrivals (${processText(parsed.process)}) from ${levelText(parsed.from)}/s to ${course.join(', ')}`,
  };
}

function open(parsed: { process: ArrivalProcess; maxUsers: number; maxBacklog: number }) {
  const { process: spacing, maxUsers, maxBacklog } = parsed;
  return { model: 'open', kind: 'arrivals', process: spacing, maxUsers, maxBacklog } as const;
}

function levelText(perSecond: number): string {
  return String(Number(perSecond.toPrecision(4)));
}

function processText(spacing: ArrivalProcess): string {
  return typeof spacing === 'string' ? spacing : `gamma, shape ${spacing.gamma}`;
}
