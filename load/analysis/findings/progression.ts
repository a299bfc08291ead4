/**
 * How a system's latency, errors and throughput go from level to level: each against the lowest level and against the
 * load of one user alone, and the level at which it bends.
 */
import { laddersIn } from './ladders.ts';
import { latencyRise, type LoadLevel } from './load-level.ts';

/** Shares are 0.5 for half as much again; points are a difference of two shares. */
export interface Change {
  readonly p95: number;
  readonly errorPoints: number;
  readonly throughput: number;
}

export interface Step {
  readonly testId: string;
  readonly level: string;
  /** Virtual users, or arrivals per second. */
  readonly load: number;
  readonly p50Ms: number;
  /** Over all scheduled requests; ∞ where more than 5 % did not end ok. */
  readonly p95Ms: number;
  readonly errorRate: number;
  /** Requests per second that ended ok, and of them those that met all limits, where there are limits. */
  readonly throughput: number;
  readonly goodput: number | undefined;
  readonly againstLowest: Change;
  readonly againstBaseline: Change | undefined;
}

export interface Progression {
  readonly system: string;
  /** Ascending; two levels at least. */
  readonly steps: readonly Step[];
  /** The first level whose latency is clearly up against the one below; `undefined` where none is. */
  readonly bend:
    { readonly level: string; readonly testId: string; readonly below: string } | undefined;
}

export function progressionsIn(loads: readonly LoadLevel[]): Progression[] {
  return laddersIn(loads).flatMap(({ steps, alone }) => {
    const levels = steps.filter((level) => level !== alone && isSteady(level));
    const [lowest] = levels;
    // Runs of one level, such as --repeat-each makes, are no way from level to level.
    if (lowest === undefined || levels.every(({ load }) => load === lowest.load)) return [];
    const bent = levels.findIndex((level, i) => {
      const below = levels[i - 1];
      return below !== undefined && latencyRise(level, below) !== undefined;
    });
    return [
      {
        system: lowest.plan.system,
        steps: levels.map((level) => stepOf(level, lowest, alone)),
        bend: bent < 0 ? undefined : bendOf(levels[bent]!, levels[bent - 1]!),
      },
    ];
  });
}

/** A spike is judged from its first user on: its figures are of no level. */
function isSteady(level: LoadLevel): boolean {
  const phases = level.plan.streams[0]?.phases ?? [];
  return phases.every(({ judged, name }) => !judged || name === 'steady state');
}

function bendOf(level: LoadLevel, below: LoadLevel): Progression['bend'] {
  return { level: level.name, testId: level.plan.testId, below: below.name };
}

function stepOf(level: LoadLevel, lowest: LoadLevel, alone: LoadLevel | undefined): Step {
  return {
    testId: level.plan.testId,
    level: level.name,
    load: level.load,
    p50Ms: level.p50.ms,
    p95Ms: level.p95.ms,
    errorRate: level.errorRate,
    throughput: level.throughput,
    goodput: level.goodPerSecond(),
    againstLowest: changeOf(level, lowest),
    againstBaseline: alone && changeOf(level, alone),
  };
}

function changeOf(level: LoadLevel, other: LoadLevel): Change {
  return {
    p95: level.p95.ms / other.p95.ms - 1,
    errorPoints: level.errorRate - other.errorRate,
    throughput: level.throughput / other.throughput - 1,
  };
}
