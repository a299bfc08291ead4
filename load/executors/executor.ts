/**
 * Executors: an executor decides which user does the next iteration and waits until it is due. It knows
 * nothing of clients, metrics or tasks. Start reading here: this file has the interfaces; closed-model.ts
 * and open-model.ts are the two executors, arrival-gate.ts is where they wait. The moments at which
 * iterations are due come from load/workload.
 */
import type { Clock } from '../platform/clock.ts';
import type { DrawKey } from '../platform/random.ts';
import type { Slice } from '../workload/slice.ts';
import type { ThinkTime } from '../workload/think-time.ts';
import type { ArrivalGate } from './arrival-gate.ts';

/** One planned iteration. */
export interface Iteration {
  /** When it was due, ms from the start of the load. */
  readonly dueMs: number;
  /** When a virtual user was free for it. A wait before that is caused by the system, not by this machine. */
  readonly readyMs: number;
  /** Keys of its random draws: the user's slot and a running number, or the arrival's index and 0. */
  readonly index: number;
  readonly n: number;
}

export interface VirtualUser {
  /**
   * Runs `onStart` for an iteration due at `dueMs`, for which the user was free at `freeMs`. Resolves
   * with when the user was ready: `freeMs` if `onStart` had nothing to do, else the end of `onStart`.
   * Resolves with undefined if it failed; the failure is counted.
   */
  start(dueMs: number, freeMs: number): Promise<number | undefined>;
  /** Resolves with whether all went well. Never rejects: errors in a task are counted. */
  iterate(iteration: Iteration): Promise<boolean>;
  /** True when the user's session is over and a new user should take its place. */
  readonly isSpent: boolean;
  /** Runs `onStop` and closes the user's connections. */
  stop(): Promise<void>;
}

/** The current number of users and of waiting arrivals, which the executor keeps up to date. */
export interface LoadGauge {
  users: number;
  backlog: number;
}

/**
 * Changes the level of the load from now on: users in a closed model, arrivals per second in an open one.
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
  /** Makes the user with this number. Numbers are unique over all slices. */
  readonly newUser: (number: number) => VirtualUser;
  /** Called for an arrival that never starts: the backlog was full, or the load ended while it waited. */
  readonly onUnstarted: (iteration: Iteration, outcome: 'dropped' | 'interrupted') => void;
  /** Receives the function that steers the load. Absent if the load cannot be steered. */
  readonly onSteerable?: ((steer: Steer) => void) | undefined;
}
