/**
 * Decides which side works when, in one round of a pair. Sides that share cores take turns, A B B A, and
 * each waits until the other's requests are done: working at once, each would slow down the other and
 * hide the difference. Sides on separate machines work at the same time, one a moment ahead of the other.
 * Which side begins is drawn at random for each block of four turns.
 */
import { mostLengths } from '../paired/round.ts';
import type { Clock } from '../platform/clock.ts';
import { drawKey, purpose, uniform, type DrawKey } from '../platform/random.ts';
import type { PairSide } from './pair-side.ts';

/** Phases of measured requests: sent before or after the same request on the other side. */
export const twinPhases = ['first of twins', 'second of twins'] as const;
/** Phase of the requests in the turns before the measured ones. */
export const beginningPhase = 'beginning';

export interface TurnsPlan {
  /** True if both sides work at the same time, since they share no cores. */
  readonly areAtOnce: boolean;
  /**
   * The round's planned length, and how much of its beginning is dropped. A round with too few requests
   * is longer.
   */
  readonly roundMs: number;
  readonly droppedMs: number;
  /** Time on the side's own clock until all of its users are at work. */
  readonly rampMs: number;
  /** Iterations that each side needs. */
  readonly needed: number;
  readonly seed: number;
}

interface TurnsSetting {
  readonly clock: Clock;
  readonly sides: readonly [PairSide, PairSide];
  /** Everything that a side schedules from now on belongs to this phase. */
  readonly enter: (side: PairSide, phase: string) => void;
  readonly isOver: () => boolean;
}

const dropped = 'dropped';
const shortestTurnMs = 500;
/** A turn is this many times as long as the p95 of an iteration, and at most two lengths of a round. */
const iterationsPerTurn = 5;
const mostLengthsOfATurn = 2;
/** The beginning of a turn is dropped, since caches and connections are cold then. */
const headMs = 100;
/** How far ahead one side is when both work at the same time. */
const leadMs = 10;
/**
 * A round that would need twice as long as it may take, at its pace over three of its lengths, has no
 * chance.
 */
const surely = { times: 2, lengths: 3 } as const;
const longerBy = 0.3;
const beginning = purpose('side that begins');
const turnLength = purpose('length of a turn');

/**
 * Takes the turns of one round, and keeps how long each side was measured and where it was not done in
 * time.
 */
export class Turns {
  /** Time that each side was measured, on its own clock. */
  measuredMs = 0;
  /** For each side, how many iterations were unfinished at the end of each of its measured turns. */
  readonly unanswered: readonly [number[], number[]] = [[], []];
  /**
   * For each side, the measured turns whose iterations were not done in time, so that the other side
   * began beside them.
   */
  readonly overruns: [number, number] = [0, 0];
  private readonly plan: TurnsPlan;
  private readonly setting: TurnsSetting;
  private readonly key: DrawKey;
  private untilMs = Infinity;

  constructor(plan: TurnsPlan, setting: TurnsSetting) {
    this.plan = plan;
    this.setting = setting;
    this.key = drawKey(plan.seed, setting.sides[0].drawsAs);
  }

  /**
   * Resolves when both sides have enough iterations, the round has become too long or surely will, or it
   * is stopped.
   */
  async take(): Promise<void> {
    const { clock, sides, isOver } = this.setting;
    const { roundMs } = this.plan;
    const startMs = clock.now();
    this.untilMs = startMs + mostLengths * roundMs;
    let measuredFromMs: number | undefined;
    for (let block = 0; !isOver(); block++) {
      const begins = uniform(this.key, block, beginning) < 0.5 ? 0 : 1;
      const isMeasured = this.hasSettled(clock.now() - startMs);
      if (isMeasured) measuredFromMs ??= clock.now();
      const turnMs = this.turnMs(block);
      for (const first of [begins, 1 - begins]) {
        if (isOver()) return;
        await this.pairOfTurns(sides[first]!, sides[1 - first]!, turnMs, isMeasured);
        if (measuredFromMs !== undefined && this.isHopeless(measuredFromMs)) return;
      }
      const tookMs = clock.now() - startMs;
      const hasEnough = isMeasured && this.measured >= this.plan.needed;
      if (tookMs >= (hasEnough ? roundMs : mostLengths * roundMs)) return;
    }
  }

  /** Until an answer of each side has come, nothing says how long a turn must be. */
  private hasSettled(sinceMs: number): boolean {
    const { droppedMs, rampMs } = this.plan;
    return (
      sinceMs >= droppedMs &&
      this.setting.sides.every(({ pace, hasAnswered }) => hasAnswered && pace.now() >= rampMs)
    );
  }

  /** Measured iterations of the side that has fewer. */
  private get measured(): number {
    return Math.min(...this.setting.sides.map(({ measured }) => measured));
  }

  private isHopeless(measuredFromMs: number): boolean {
    const { roundMs, needed } = this.plan;
    const tookMs = this.setting.clock.now() - measuredFromMs;
    if (tookMs < surely.lengths * roundMs) return false;
    const wholeMs = (tookMs * needed) / this.measured;
    return wholeMs > surely.times * mostLengths * roundMs;
  }

  /**
   * Each block has another length. With equal blocks, periodic work of the system would always fall on
   * the same part of a turn.
   */
  private turnMs(block: number): number {
    const p95Ms = Math.max(...this.setting.sides.map((side) => side.p95Ms));
    const longestMs = mostLengthsOfATurn * this.plan.roundMs;
    const leastMs = Math.min(longestMs, Math.max(shortestTurnMs, iterationsPerTurn * p95Ms));
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
        this.work(first, isMeasured ? early : beginningPhase, turnMs),
        this.setting.clock
          .until(this.setting.clock.now() + leadMs)
          .then(() => this.work(second, isMeasured ? late : beginningPhase, turnMs)),
      ];
      await Promise.all(both);
    } else {
      await this.turn(first, isMeasured ? early : beginningPhase, turnMs);
      if (!this.setting.isOver())
        await this.turn(second, isMeasured ? late : beginningPhase, turnMs);
    }
    if (isMeasured) this.measuredMs += turnMs - headMs;
  }

  /**
   * One turn, then a wait until its iterations are done. Before the measured turns this wait is not
   * limited, since it shows how long an iteration takes.
   */
  private async turn(side: PairSide, phase: string, turnMs: number): Promise<void> {
    await this.work(side, phase, turnMs);
    if (phase === beginningPhase) {
      await side.isQuietBy(this.untilMs);
      return;
    }
    if (await side.isQuietBy(this.setting.clock.now() + turnMs)) return;
    this.overruns[this.indexOf(side)] += 1;
  }

  private async work(side: PairSide, phase: string, turnMs: number): Promise<void> {
    const { clock, enter } = this.setting;
    const startMs = clock.now();
    side.pace.resume();
    await clock.until(startMs + headMs);
    enter(side, phase);
    side.measure(phase !== beginningPhase);
    await clock.until(startMs + turnMs);
    side.pace.pause();
    side.measure(false);
    enter(side, dropped);
    if (phase !== beginningPhase) this.unanswered[this.indexOf(side)].push(side.unanswered);
  }

  private indexOf(side: PairSide): 0 | 1 {
    return side === this.setting.sides[0] ? 0 : 1;
  }
}
