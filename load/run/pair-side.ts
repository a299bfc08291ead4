/**
 * One side of a pair. Its load stream has a target of its own and the same random draws as the other
 * side. Its users follow a clock that stands still while it is the other side's turn. An iteration that
 * is running when the turn ends is finished and timed like any other.
 */
import type { ArrivalGate } from '../executors/arrival-gate.ts';
import { PausableClock } from '../executors/pausable-clock.ts';
import type { Iteration, LoadGauge, VirtualUser } from '../executors/executor.ts';
import type { Clock } from '../platform/clock.ts';
import { Latch } from '../platform/latch.ts';
import type { TargetInfo } from '../user/define-user.ts';

export const sideNames = ['A', 'B'] as const;
export type SideName = (typeof sideNames)[number];

/** How many recent iterations are used to estimate the duration of one. */
const rememberedIterations = 500;

/** The least wait on a clock that stands still. It is too short to matter. */
const shortestMs = 1e-7;

export class PairSide {
  readonly name: SideName;
  readonly target: TargetInfo;
  /** Key of the random draws of both sides; it changes with each round. */
  readonly drawsAs: string;
  readonly pace: PausableClock;
  /** Iterations that were due in a measured turn. */
  measured = 0;
  private readonly clock: Clock;
  private readonly tookMs: number[] = [];
  private underWay = 0;
  private measuredFromMs = Infinity;
  private gauge: LoadGauge | undefined;
  private gate: ArrivalGate | undefined;
  private onQuiet: Latch | undefined;

  constructor(name: SideName, target: TargetInfo, drawsAs: string, clock: Clock) {
    this.name = name;
    this.target = target;
    this.drawsAs = drawsAs;
    this.clock = clock;
    this.pace = new PausableClock(clock);
  }

  /** Called by the load stream with its gauge of waiting arrivals and the gate where its users wait. */
  join(gauge: LoadGauge, gate: ArrivalGate): void {
    this.gauge = gauge;
    this.gate = gate;
  }

  /** Iterations that are running, and arrivals that wait for a user. */
  get unanswered(): number {
    return this.underWay + (this.gauge?.backlog ?? 0);
  }

  /** True once an iteration has ended, so `p95Ms` is known. */
  get hasAnswered(): boolean {
    return this.tookMs.length > 0;
  }

  /** Counts the iterations that are due from now on, or none. */
  measure(isMeasured: boolean): void {
    this.measuredFromMs = isMeasured ? this.clock.now() : Infinity;
  }

  /** The p95 of the latest iterations' durations, ms; 0 if there were none. */
  get p95Ms(): number {
    const sorted = [...this.tookMs].sort((a, b) => a - b);
    return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
  }

  /** Resolves true once nothing is running or waiting, or false at `untilMs`. */
  async isQuietBy(untilMs: number): Promise<boolean> {
    // A user that gets its answer takes the next waiting arrival in the same turn.
    while (this.unanswered > 0 && this.clock.now() < untilMs) {
      this.onQuiet = new Latch();
      const timer = this.clock.at(untilMs, this.onQuiet.release);
      await this.onQuiet.released;
      this.clock.cancel(timer);
      await this.clock.turn();
    }
    return this.unanswered === 0;
  }

  /** Wraps a user: its iterations are planned on the side's clock, but sent and timed on the real one. */
  paced(user: VirtualUser): VirtualUser {
    return {
      get isSpent() {
        return user.isSpent;
      },
      start: async (dueMs, freeMs) =>
        (await this.hasItsTurn())
          ? this.during(() => this.start(user, dueMs, freeMs))
          : Promise.resolve(undefined),
      iterate: async (iteration) =>
        (await this.hasItsTurn()) && this.during(() => this.iterate(user, iteration)),
      stop: () => this.during(() => user.stop()),
    };
  }

  /** A user without think time waits for its turn as well. Resolves false if the load has ended. */
  private async hasItsTurn(): Promise<boolean> {
    return this.pace.isRunning || this.gate!.wait(this.pace.now() + shortestMs);
  }

  private async start(
    user: VirtualUser,
    dueMs: number,
    freeMs: number,
  ): Promise<number | undefined> {
    const freeBeneathMs = this.pace.beneathMs(freeMs);
    const readyMs = await user.start(this.pace.beneathMs(dueMs), freeBeneathMs);
    if (readyMs === undefined) return undefined;
    // If `onStart` did nothing, the user is ready as planned, else now. The turn may be over by then.
    return readyMs === freeBeneathMs ? freeMs : this.pace.now();
  }

  private async iterate(user: VirtualUser, iteration: Iteration): Promise<boolean> {
    const dueMs = this.pace.beneathMs(iteration.dueMs);
    if (dueMs >= this.measuredFromMs) this.measured += 1;
    const readyMs = this.pace.beneathMs(iteration.readyMs);
    const isOk = await user.iterate({ ...iteration, dueMs, readyMs });
    this.tookMs.push(this.clock.now() - dueMs);
    if (this.tookMs.length > rememberedIterations) this.tookMs.shift();
    return isOk;
  }

  private async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      if (this.unanswered === 0) this.onQuiet?.release();
    }
  }
}
