/**
 * The baseline load of a system, with which its levels are compared: the one of this run
 * (`--project=baseline`), else the committed one.
 */
import type { Plan } from '../../metrics/result/result.ts';
import type { LoadLevel } from './load-level.ts';

export interface BaselineLoad {
  readonly system: string;
  /** As text: `1 user`. */
  readonly level: string;
  /** When it was measured, if in another run: UTC, ISO 8601. */
  readonly committedAt?: string;
  /** Over all scheduled requests. */
  readonly p95Ms: number;
  readonly errorRate: number;
  /** Ok requests per second. */
  readonly throughput: number;
  /** Mean response time of each task, in ms. */
  readonly meanMs: ReadonlyMap<string, number>;
  /** Only loads with the same key (same tasks, same kind of target) may be compared. */
  readonly comparableBy: string;
}

const scenario = 'baseline';

/** `undefined` if the load is not a baseline. */
export function baselineOf(level: LoadLevel): BaselineLoad | undefined {
  const { plan, name, p95, errorRate, throughput } = level;
  if (plan.scenario !== scenario) return undefined;
  return {
    system: plan.system,
    level: name,
    p95Ms: p95.ms,
    errorRate,
    throughput,
    meanMs: new Map([...level.byTask('service')].map(([task, { mean }]) => [task, mean] as const)),
    comparableBy: mixOf(plan.streams[0]?.tasks ?? [], plan.target.kind),
  };
}

export function isOfOneUser({ level }: BaselineLoad): boolean {
  return level === '1 user';
}

/** The key of a load: what is sent, and to what kind of target. */
export function mixOf(
  tasks: readonly { readonly name: string; readonly weight: number }[],
  targetKind: Plan['target']['kind'],
): string {
  const mix = tasks.map(({ name, weight }) => [name, weight]);
  return JSON.stringify([mix, targetKind]);
}
