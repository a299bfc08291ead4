/**
 * Workloads are validated plain data: when load comes and in which phases. Durations are milliseconds
 * from the start of the load, rates are per second. Start reading here. users.ts, stages.ts and
 * arrivals.ts make workloads; active-spans.ts (closed model) and arrival-instants.ts (open model) compute
 * when users and arrivals start; slice.ts computes the share of this process.
 */
import type { Phase } from '../metrics/log/schema.ts';
import { formatMs, parseDurationMs } from '../platform/duration.ts';
import type { ThinkTime } from './think-time.ts';

/** A stretch in which a level (users, or arrivals per second) changes in a straight line. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  readonly from: number;
  readonly to: number;
}

/** How a level runs over the time of a load. */
export interface Course {
  readonly segments: readonly Segment[];
}

interface Common extends Course {
  /** A text for readers: `100 users, spawn rate 10/s, for 10 min`. */
  readonly describedAs: string;
  /** The part of a test's id that names the level: `100-users`, `200-per-s`. */
  readonly level: string;
  readonly phases: readonly Phase[];
  /**
   * True if the load is too short for its budgets on purpose. Budgets that lack samples are then not
   * judged.
   */
  readonly isShortened?: boolean | undefined;
  /** True if it is shaped by `LOAD_USERS` and similar settings, which other workloads refuse. */
  readonly isCustom?: boolean | undefined;
}

/** Closed model: a number of users, each of which sends its next request after the answer to its last. */
export interface ClosedWorkload extends Common {
  readonly model: 'closed';
  readonly kind: 'users' | 'stages' | 'spike';
  /** Replaces the user's own think time. */
  readonly thinkTime?: ThinkTime | undefined;
}

/** How arrivals are spaced around the stated rate. */
export type ArrivalProcess = 'constant' | 'poisson' | { readonly gamma: number };

/** Open model: iterations start at planned instants, however slow the answers are. */
export interface OpenWorkload extends Common {
  readonly model: 'open';
  readonly kind: 'arrivals';
  readonly process: ArrivalProcess;
  /** Maximum number of virtual users at once. An arrival that finds none free waits. */
  readonly maxUsers: number;
  /** Maximum number of arrivals that may wait. Further ones are dropped and counted. */
  readonly maxBacklog: number;
}

/**
 * When load comes, and in which phases. Made by `users`, `stages`, `spike`, `smoke`, `arrivals` and
 * `custom`.
 * @example
 * const loads: readonly Workload[] = [
 *   users({ count: 10, spawnRate: 10, duration: '1m' }),
 *   arrivals({ rate: '20/s', duration: '1m' }),
 * ];
 */
export type Workload = ClosedWorkload | OpenWorkload;

export function plannedEndMs(workload: Workload): number {
  return workload.segments.at(-1)?.endMs ?? 0;
}

/** Maximum number of users at once in a closed workload. */
export function peakUsers({ segments }: Course): number {
  return Math.ceil(Math.max(...segments.map(({ from, to }) => Math.max(from, to))));
}

/**
 * Whether the load may be extended after its planned end: it ends in a steady state that holds its level,
 * and its length was not set by the user.
 */
export function canBeExtended(workload: Workload): boolean {
  if (workload.isCustom === true) return false;
  return workload.phases.at(-1)?.name === 'steady state' && (workload.segments.at(-1)?.to ?? 0) > 0;
}

/** Scales the length of every phase, ramp-up included. Rates and think times stay. */
export function scaled<W extends Workload>(workload: W, timeScale: number): W {
  const scaleSpan = <S extends { startMs: number; endMs: number }>(span: S): S => ({
    ...span,
    startMs: span.startMs * timeScale,
    endMs: span.endMs * timeScale,
  });
  return {
    ...workload,
    segments: workload.segments.map(scaleSpan),
    phases: workload.phases.map(scaleSpan),
  };
}

/**
 * `LOAD_DURATION` for a baseline: the same load with another duration, which has its own plan and
 * baseline. Moves the end of the steady state and puts the duration into the level's name. `text` counts
 * from the first user on, including the ramp-up, such as `30s`. Throws if no steady state is left, or the
 * load does not end in one.
 */
export function lasting<W extends Workload>(workload: W, text: string): W {
  const durationMs = parseDurationMs(text, 'LOAD_DURATION');
  const [warmUp] = workload.phases.filter(({ name }) => name === 'warm-up');
  const endMs = durationMs + (warmUp?.endMs ?? 0);
  const plannedMs = plannedEndMs(workload);
  const fromMs = workload.segments.at(-1)?.startMs ?? 0;
  if (!canBeExtended(workload)) {
    throw new Error(`LOAD_DURATION=${text}: the load does not end in a steady state`);
  }
  if (endMs <= fromMs) {
    const needed = `more than the ${formatMs(fromMs)} until its steady state`;
    throw new Error(`LOAD_DURATION=${text}: this load needs ${needed}`);
  }
  const withEnd = <S extends Pick<Segment, 'endMs'>>(span: S): S =>
    span.endMs === plannedMs ? { ...span, endMs } : span;
  return {
    ...workload,
    level: `${workload.level}-${durationMs / 1000}s`,
    describedAs: `${workload.describedAs}, here for ${formatMs(durationMs)}`,
    segments: workload.segments.map(withEnd),
    phases: workload.phases.map(withEnd),
  };
}

/** The phases of segments: those that hold their level are steady state and judged, ramps are not. */
export function phasesOf(segments: readonly Segment[], judgesRamps: boolean): Phase[] {
  const phases: Phase[] = [];
  for (const { startMs, endMs, from, to } of segments) {
    if (endMs === startMs) continue;
    const name = to > from ? 'ramp-up' : to < from ? 'ramp-down' : 'steady state';
    const last = phases.at(-1);
    if (last?.name === name) last.endMs = endMs;
    else phases.push({ name, startMs, endMs, judged: judgesRamps || name === 'steady state' });
  }
  return phases;
}

/** Puts a discarded warm-up at the constant `level` before everything else. */
export function withWarmUp(segments: readonly Segment[], durationMs: number, level: number) {
  const later = segments.map((segment) => ({
    ...segment,
    startMs: segment.startMs + durationMs,
    endMs: segment.endMs + durationMs,
  }));
  const warmUp = { startMs: 0, endMs: durationMs, from: level, to: level };
  const phase: Phase = { name: 'warm-up', startMs: 0, endMs: durationMs, judged: false };
  return { segments: [warmUp, ...later], phase };
}
