/**
 * Executors: an executor decides *who* does the next iteration and waits for its moment; it knows nothing
 * of clients, metrics or what a task does. Start reading here, at what executors run and what they are
 * given; closed-model.ts and open-model.ts are the two there are, arrival-gate.ts is where they wait. When
 * iterations are due follows from load/workload.
 */
import type { Clock } from '../platform/clock.ts';
import type { DrawKey } from '../platform/random.ts';
import type { Slice } from '../workload/slice.ts';
import type { ThinkTime } from '../workload/think-time.ts';
import type { ArrivalGate } from './arrival-gate.ts';

/** One iteration, as it was planned. */
export interface Iteration {
  /** When it was due, ms. */
  readonly dueMs: number;
  /** When a virtual user was free for it; its wait before is the system's, not this machine's. */
  readonly readyMs: number;
  /** Keys its draws: the user's slot and running number, or the arrival's index and 0. */
  readonly index: number;
  readonly n: number;
}

export interface VirtualUser {
  /**
   * Gets ready (onStart) for an iteration due at `dueMs`, for which it was free at `freeMs`. Resolves
   * with when it was ready: `freeMs` where there was nothing to do, else the end of `onStart`.
   * `undefined` where that failed; it is counted already.
   */
  start(dueMs: number, freeMs: number): Promise<number | undefined>;
  /** Never rejects: what goes wrong in a task is counted. Resolves with whether all went well. */
  iterate(iteration: Iteration): Promise<boolean>;
  /** The user's session is over and a fresh one should take its place. */
  readonly isSpent: boolean;
  /** Runs `onStop` and frees its connections. */
  stop(): Promise<void>;
}

/** What the executor tells as it goes. */
export interface LoadGauge {
  users: number;
  backlog: number;
}

/**
 * Changes how much load comes from now on: users of a closed model, arrivals per second of an open one.
 * Returns the level that was planned for this moment.
 */
export type Steer = (level: number) => number;

export interface ExecutorContext {
  readonly clock: Clock;
  readonly slice: Slice;
  readonly key: DrawKey;
  readonly gate: ArrivalGate;
  readonly gauge: LoadGauge;
  readonly thinkTime: ThinkTime;
  /** Makes the user with this number (over all slices). */
  readonly newUser: (number: number) => VirtualUser;
  /** An arrival that never starts: no room in the backlog, or the load ended while it waited. */
  readonly onUnstarted: (iteration: Iteration, outcome: 'dropped' | 'interrupted') => void;
  /** Is given what steers the load while it runs; absent: nothing does. */
  readonly onSteerable?: ((steer: Steer) => void) | undefined;
}
