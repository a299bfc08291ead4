/**
 * One side of a pair, as its load stream is run: a target of its own, the same draws as its twin on the other
 * side, and a clock for its users that stands still while it is not its turn. What a user is doing as the
 * turn ends is done to its end, and timed as any other request.
 */
import type { ArrivalGate } from '../executors/arrival-gate.ts';
import { PausableClock } from '../executors/pausable-clock.ts';
import type { Iteration, LoadGauge, VirtualUser } from '../executors/executor.ts';
import type { Clock } from '../platform/clock.ts';
import { Signal } from '../platform/signal.ts';
import type { TargetInfo } from '../user/define-user.ts';

export const sideNames = ['A', 'B'] as const;
export type SideName = (typeof sideNames)[number];

/** So many iterations say how long one takes. */
const rememberedIterations = 500;

/** Ahead of a clock that stands still, by a time that nobody would see. */
const shortestMs = 1e-7;

export class PairSide {
  readonly name: SideName;
  readonly target: TargetInfo;
  /** What both sides draw by; another one in every round. */
  readonly drawsAs: string;
  readonly pace: PausableClock;
  /** Iterations that began in a turn that is measured. */
  measured = 0;
  isMeasured = false;
  private readonly clock: Clock;
  private readonly tookMs: number[] = [];
  private underWay = 0;
  private gauge: LoadGauge | undefined;
  private gate: ArrivalGate | undefined;
  private onQuiet: Signal | undefined;

  constructor(name: SideName, target: TargetInfo, drawsAs: string, clock: Clock) {
    this.name = name;
    this.target = target;
    this.drawsAs = drawsAs;
    this.clock = clock;
    this.pace = new PausableClock(clock);
  }

  /** The load stream tells how many arrivals wait, and where its users do. */
  join(gauge: LoadGauge, gate: ArrivalGate): void {
    this.gauge = gauge;
    this.gate = gate;
  }

  /** What is under way or waits for a user. */
  get unanswered(): number {
    return this.underWay + (this.gauge?.backlog ?? 0);
  }

  /** 95 % of the latest iterations took no longer; 0 where there was none. */
  get p95Ms(): number {
    const sorted = [...this.tookMs].sort((a, b) => a - b);
    return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
  }

  /** Resolves true once nothing is under way, or false at `untilMs`. */
  async isQuietBy(untilMs: number): Promise<boolean> {
    // A user that has its answer takes the next arrival that waits, in the same turn.
    while (this.unanswered > 0 && this.clock.now() < untilMs) {
      this.onQuiet = new Signal();
      const timer = this.clock.at(untilMs, this.onQuiet.raise);
      await this.onQuiet.raised;
      this.clock.cancel(timer);
      await this.clock.turn();
    }
    return this.unanswered === 0;
  }

  /** A user whose iterations are planned on the side's clock, and sent and timed on the one beneath. */
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

  /** A user that thinks of nothing waits for the turn all the same; false where the load is over meanwhile. */
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
    // Where there was nothing to do it is ready as planned, else now; by now the turn may be over.
    return readyMs === freeBeneathMs ? freeMs : this.pace.now();
  }

  private async iterate(user: VirtualUser, iteration: Iteration): Promise<boolean> {
    if (this.isMeasured) this.measured += 1;
    const dueMs = this.pace.beneathMs(iteration.dueMs);
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
      if (this.unanswered === 0) this.onQuiet?.raise();
    }
  }
}
