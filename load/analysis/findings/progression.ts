/**
 * How a system's latency, errors and throughput go from level to level: each against the lowest level and against the
 * system's baseline, and the level at which it bends.
 */
import { defined } from '../../platform/defined.ts';
import { baselineOf, type BaselineLoad } from './baseline-load.ts';
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
  /** What the steps are told against besides the lowest. */
  readonly baseline: Pick<BaselineLoad, 'level' | 'committedAt'> | undefined;
  /** Ascending; two levels at least. */
  readonly steps: readonly Step[];
  /** The first level whose latency is clearly up against the one below; `undefined` where none is. */
  readonly bend:
    { readonly level: string; readonly testId: string; readonly below: string } | undefined;
}

/** `baselines`: those of other runs, for systems of which this one has none. */
export function progressionsIn(
  loads: readonly LoadLevel[],
  baselines: readonly BaselineLoad[] = [],
): Progression[] {
  return laddersIn(loads, baselines).flatMap(({ steps, baseline }) => {
    const levels = steps.filter((level) => baselineOf(level) === undefined && isSteady(level));
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
        baseline: baseline && defined({ level: baseline.level, committedAt: baseline.committedAt }),
        steps: levels.map((level) => stepOf(level, lowest, baseline)),
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

function stepOf(level: LoadLevel, lowest: LoadLevel, baseline: BaselineLoad | undefined): Step {
  return {
    testId: level.plan.testId,
    level: level.name,
    load: level.load,
    p50Ms: level.p50.ms,
    p95Ms: level.p95.ms,
    errorRate: level.errorRate,
    throughput: level.throughput,
    goodput: level.goodPerSecond(),
    againstLowest: changeOf(level, {
      p95Ms: lowest.p95.ms,
      errorRate: lowest.errorRate,
      throughput: lowest.throughput,
    }),
    againstBaseline: baseline && changeOf(level, baseline),
  };
}

function changeOf(
  level: LoadLevel,
  other: Pick<BaselineLoad, 'p95Ms' | 'errorRate' | 'throughput'>,
): Change {
  return {
    p95: level.p95.ms / other.p95Ms - 1,
    errorPoints: level.errorRate - other.errorRate,
    throughput: level.throughput / other.throughput - 1,
  };
}
