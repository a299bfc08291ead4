/**
 * How a system's latency, errors and throughput change from level to level, each compared with the lowest
 * level and with the system's baseline, and the level at which latency begins to rise.
 */
import { defined } from '../../platform/defined.ts';
import { baselineOf, type BaselineLoad } from './baseline-load.ts';
import { laddersIn } from './ladders.ts';
import { latencyRise, type LoadLevel } from './load-level.ts';

/** Shares: 0.5 is +50 %. Points: a difference of two shares. */
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
  /** Over all scheduled requests; ∞ if more than 5 % did not end ok. */
  readonly p95Ms: number;
  readonly errorRate: number;
  /** Ok requests per second; and those that met all limits, if there are limits. */
  readonly throughput: number;
  readonly goodput: number | undefined;
  readonly againstLowest: Change;
  readonly againstBaseline: Change | undefined;
}

export interface Progression {
  readonly system: string;
  /** The baseline with which the steps are compared, besides the lowest step. */
  readonly baseline: Pick<BaselineLoad, 'level' | 'committedAt'> | undefined;
  /** Ascending, at least two levels. */
  readonly steps: readonly Step[];
  /** The first level whose latency is clearly above that of the level below; `undefined` if there is none. */
  readonly bend:
    { readonly level: string; readonly testId: string; readonly below: string } | undefined;
}

/** `baselines`: those of other runs, for systems that have none in this run. */
export function progressionsIn(
  loads: readonly LoadLevel[],
  baselines: readonly BaselineLoad[] = [],
): Progression[] {
  return laddersIn(loads, baselines).flatMap(({ steps, baseline }) => {
    const levels = steps.filter((level) => baselineOf(level) === undefined && isSteady(level));
    const [lowest] = levels;
    // Repeated runs of one level (--repeat-each) are not a progression.
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

/** A spike is judged from its first user on, so its figures belong to no single level. */
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
