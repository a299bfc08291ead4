/**
 * The load of a system's baseline, as its levels are compared with it: one of this run (`--project=baseline`), else
 * the committed one.
 */
import type { Plan } from '../../metrics/result/result.ts';
import type { LoadLevel } from './load-level.ts';

export interface BaselineLoad {
  readonly system: string;
  /** As a reader says it: `1 user`. */
  readonly level: string;
  /** When it was measured, where that was in another run: UTC, ISO 8601. */
  readonly committedAt?: string;
  /** Over all scheduled requests. */
  readonly p95Ms: number;
  readonly errorRate: number;
  /** Requests per second that ended ok. */
  readonly throughput: number;
  /** What a request of each task took on average, in ms. */
  readonly meanMs: ReadonlyMap<string, number>;
  /** Loads of other tasks, or of another kind of target, are none to compare with. */
  readonly comparableBy: string;
}

const scenario = 'baseline';

/** `undefined` where the load is none of a baseline. */
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

/** What is sent, and to what kind of target. */
export function mixOf(
  tasks: readonly { readonly name: string; readonly weight: number }[],
  targetKind: Plan['target']['kind'],
): string {
  const mix = tasks.map(({ name, weight }) => [name, weight]);
  return JSON.stringify([mix, targetKind]);
}
