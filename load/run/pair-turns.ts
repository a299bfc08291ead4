/**
 * Who is at work when, in one round of a pair. Sides that share cores take turns, A B B A, and wait for what
 * is under way before the other begins: at once, each would slow down the other, and hide the difference.
 * Sides on machines of their own work at once, one a moment ahead of the other. Which side begins is drawn
 * anew for each block of four turns.
 */
import type { Clock } from '../platform/clock.ts';
import { drawKey, purpose, uniform, type DrawKey } from '../platform/random.ts';
import type { PairSide } from './pair-side.ts';

/** What is sent in a turn is measured as one of these, by whether the twins of it went out before. */
export const twinPhases = ['first of twins', 'second of twins'] as const;
export type TwinPhase = (typeof twinPhases)[number];

export interface TurnsPlan {
  /** Sides that share no cores work at once. */
  readonly areAtOnce: boolean;
  /** How long a round lasts, unless it lacks requests, and how much at its beginning is dropped. */
  readonly roundMs: number;
  readonly droppedMs: number;
  /** Own time of a side until all of its users are at work. */
  readonly rampMs: number;
  /** Iterations that each side needs. */
  readonly needed: number;
  readonly seed: number;
}

interface TurnsSetting {
  readonly clock: Clock;
  readonly sides: readonly [PairSide, PairSide];
  /** What a side schedules from now on is of this phase. */
  readonly enter: (side: PairSide, phase: string) => void;
  readonly isOver: () => boolean;
}

const dropped = 'dropped';
const shortestTurnMs = 500;
const longestTurnMs = 30_000;
/** A turn is so many times as long as 95 % of the iterations. */
const iterationsPerTurn = 5;
/** The beginning of a turn, when caches and connections are cold, is dropped. */
const headMs = 100;
/** How far ahead one side is of the other where both work at once. */
const leadMs = 10;
/** A round that lacks requests goes on to so many times its length. */
const mostLengths = 10;
const longerBy = 0.3;
const beginning = purpose('side that begins');
const turnLength = purpose('length of a turn');

/** What became of a round: how long each side was measured, and where it did not get through. */
export class Turns {
  /** Own time of a side in turns that were measured. */
  measuredMs = 0;
  /** What each side had not answered yet as a turn of it ended. */
  readonly unanswered: readonly [number[], number[]] = [[], []];
  /** Turns after which a side was not through in time, so that the other began beside it. */
  readonly overruns: [number, number] = [0, 0];
  private readonly plan: TurnsPlan;
  private readonly setting: TurnsSetting;
  private readonly key: DrawKey;

  constructor(plan: TurnsPlan, setting: TurnsSetting) {
    this.plan = plan;
    this.setting = setting;
    this.key = drawKey(plan.seed, setting.sides[0].drawsAs);
  }

  /** Resolves when both sides have what they need, or the round has become too long, or is over. */
  async take(): Promise<void> {
    const { clock, sides, isOver } = this.setting;
    const { roundMs, needed } = this.plan;
    const startMs = clock.now();
    for (let block = 0; !isOver(); block++) {
      const begins = uniform(this.key, block, beginning) < 0.5 ? 0 : 1;
      const isMeasured = this.hasSettled(clock.now() - startMs);
      const turnMs = this.turnMs(block);
      for (const first of [begins, 1 - begins]) {
        if (isOver()) return;
        await this.pairOfTurns(sides[first]!, sides[1 - first]!, turnMs, isMeasured);
      }
      const tookMs = clock.now() - startMs;
      const hasEnough = isMeasured && sides.every(({ measured }) => measured >= needed);
      if (tookMs >= (hasEnough ? roundMs : mostLengths * roundMs)) return;
    }
  }

  private hasSettled(sinceMs: number): boolean {
    const { droppedMs, rampMs } = this.plan;
    return sinceMs >= droppedMs && this.setting.sides.every(({ pace }) => pace.now() >= rampMs);
  }

  /** No two blocks alike: what comes at a steady rate would else come at the same place of every turn. */
  private turnMs(block: number): number {
    const p95Ms = Math.max(...this.setting.sides.map((side) => side.p95Ms));
    const leastMs = Math.min(longestTurnMs, Math.max(shortestTurnMs, iterationsPerTurn * p95Ms));
    return leastMs * (1 + longerBy * uniform(this.key, block, turnLength));
  }

  private async pairOfTurns(
    first: PairSide,
    second: PairSide,
    turnMs: number,
    isMeasured: boolean,
  ): Promise<void> {
    const [early, late] = twinPhases;
    if (this.plan.areAtOnce) {
      const both = [
        this.work(first, isMeasured ? early : dropped, turnMs),
        this.setting.clock
          .until(this.setting.clock.now() + leadMs)
          .then(() => this.work(second, isMeasured ? late : dropped, turnMs)),
      ];
      await Promise.all(both);
    } else {
      await this.turn(first, isMeasured ? early : dropped, turnMs);
      if (!this.setting.isOver()) await this.turn(second, isMeasured ? late : dropped, turnMs);
    }
    if (isMeasured) this.measuredMs += turnMs - headMs;
  }

  /** A turn, and what is under way after it. */
  private async turn(side: PairSide, phase: string, turnMs: number): Promise<void> {
    await this.work(side, phase, turnMs);
    const untilMs = this.setting.clock.now() + turnMs;
    if (await side.isQuietBy(untilMs)) return;
    this.overruns[this.indexOf(side)] += 1;
  }

  private async work(side: PairSide, phase: string, turnMs: number): Promise<void> {
    const { clock, enter } = this.setting;
    const startMs = clock.now();
    side.pace.resume();
    await clock.until(startMs + headMs);
    enter(side, phase);
    side.isMeasured = phase !== dropped;
    await clock.until(startMs + turnMs);
    side.pace.pause();
    side.isMeasured = false;
    enter(side, dropped);
    this.unanswered[this.indexOf(side)].push(side.unanswered);
  }

  private indexOf(side: PairSide): 0 | 1 {
    return side === this.setting.sides[0] ? 0 : 1;
  }
}
