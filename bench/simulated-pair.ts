/**
 * Rounds of a pair in virtual time: two services with a queue each receive the same arrivals in turns (A
 * B B A) on one machine whose noise affects both. Each is a new process in every round.
 */
import {
  drawKey,
  exponential,
  normal,
  purpose,
  uniform,
  type DrawKey,
} from '../load/platform/random.ts';

/** The factor by which the machine slows a request, by the time in the run and the side. */
export type MachineNoise = (key: DrawKey, round: number, ms: number, side: 0 | 1) => number;

export interface PairConditions {
  readonly name: string;
  readonly utilisation: number;
  /** Standard deviation of the logarithm of a log-normal service time; exponential if absent. */
  readonly sigma?: number;
  readonly noise?: MachineNoise;
  /** Standard deviation of the speed between processes of one build. */
  readonly processes?: number;
  /** Share of requests that fail, on either side. */
  readonly errorRate?: number;
  /** The factor by which side B's whole answers take longer. */
  readonly stretched?: number;
}

/** The differences of side B from side A in one round. */
export interface RoundDifferences {
  readonly p50: number;
  readonly p95: number;
  readonly errorRate: number;
  readonly requests: number;
}

const meanMs = 10;
const slotMs = 500;
const slotHeadMs = 100;
/** Time of a side in a round on its own clock; the first part is dropped. */
const sideMs = 7500;
const droppedMs = 1500;
const roundMs = 2 * sideMs;

const arriving = purpose('simulated arrival');
const serving = [purpose('simulated service A'), purpose('simulated service B')] as const;
const failing = [purpose('simulated failure A'), purpose('simulated failure B')] as const;
const processDraw = purpose('simulated process');
/** Distance between the draws of consecutive rounds. */
const drawsPerRound = 10_000;

export function simulatedRound(
  conditions: PairConditions,
  key: DrawKey,
  round: number,
): RoundDifferences {
  const [a, b] = ([0, 1] as const).map((side) => simulatedSide(conditions, key, round, side)) as [
    SideFigures,
    SideFigures,
  ];
  return {
    p50: Math.log(b.p50 / a.p50),
    p95: Math.log(b.p95 / a.p95),
    errorRate: b.errorRate - a.errorRate,
    requests: a.requests,
  };
}

interface SideFigures {
  readonly p50: number;
  readonly p95: number;
  readonly errorRate: number;
  readonly requests: number;
}

function simulatedSide(
  conditions: PairConditions,
  key: DrawKey,
  round: number,
  side: 0 | 1,
): SideFigures {
  const { utilisation, noise = () => 1, processes = 0, errorRate = 0, stretched = 1 } = conditions;
  const speed = Math.exp(processes * normal(key, 2 * round + side, processDraw, 0));
  const slower = side === 1 ? speed * stretched : speed;
  const times: number[] = [];
  let failed = 0;
  let atMs = 0;
  let freeAtMs = 0;
  for (let i = round * drawsPerRound; ; i++) {
    atMs += (exponential(key, i, arriving) * meanMs) / utilisation;
    if (atMs >= sideMs) break;
    const machine = noise(key, round, wallMs(atMs, side), side);
    freeAtMs = Math.max(freeAtMs, atMs) + serviceMs(conditions, key, i, side) * machine;
    if (atMs < droppedMs || atMs % slotMs < slotHeadMs) continue;
    const isFailed = errorRate > 0 && uniform(key, i, failing[side]) < errorRate;
    if (isFailed) failed += 1;
    times.push(isFailed ? Infinity : (freeAtMs - atMs) * slower);
  }
  times.sort((x, y) => x - y);
  const at = (q: number): number => times[Math.ceil(q * times.length) - 1]!;
  return {
    p50: at(0.5),
    p95: at(0.95),
    errorRate: failed / times.length,
    requests: times.length,
  };
}

function serviceMs({ sigma }: PairConditions, key: DrawKey, index: number, side: 0 | 1): number {
  if (sigma === undefined) return exponential(key, index, serving[side]) * meanMs;
  return meanMs * Math.exp(sigma * normal(key, index, serving[side], 0) - sigma ** 2 / 2);
}

/** The moment of the round at which a side's own clock reads `ownMs`: turns are A B B A. */
function wallMs(ownMs: number, side: 0 | 1): number {
  const slot = Math.floor(ownMs / slotMs);
  const isFirst = (slot % 2 === 0) === (side === 0);
  return (2 * slot + (isFirst ? 0 : 1)) * slotMs + (ownMs % slotMs);
}

const spell = purpose('simulated spell of noise');
const struck = purpose('simulated side that is struck');
const spellMs = 2000;

/** The machine becomes slower and faster, over minutes and over seconds. */
export const drifting: MachineNoise = (_, round, ms) => {
  const minutes = (round * roundMs + ms) / 60_000;
  return 1.3 + 0.3 * Math.sin(minutes) + 0.1 * Math.sin(20 * minutes);
};

/** Two seconds in ten, at random, everything takes three times as long. */
export const bursty: MachineNoise = (key, round, ms) => {
  const index = Math.floor((round * roundMs + ms) / spellMs);
  return uniform(key, index, spell) < 0.2 ? 3 : 1;
};

/** In one round of five, one of the sides, drawn at random, is half as fast again. */
export const oneSided: MachineNoise = (key, round, _, side) => {
  if (uniform(key, round, spell) >= 0.2) return 1;
  return uniform(key, round, struck) < 0.5 === (side === 0) ? 1.5 : 1;
};

export function simulatedKey(conditions: PairConditions, seed: number): DrawKey {
  return drawKey(seed, conditions.name);
}
