/**
 * Runs a pair round after round, until the verdict is decided, the last round is over, or somebody stops
 * it. Where possible the sides are restarted for each round. Every fifth round is a control, in which
 * both sides run the same build.
 */
import { LogFile } from '../metrics/log/log-file.ts';
import { judgedPair, type JudgedPair, type PairEnd, type PairPlan } from '../paired/pair-log.ts';
import { pairMetricTable } from '../paired/pair-metrics.ts';
import type { Build, Round } from '../paired/round.ts';
import type { Clock } from '../platform/clock.ts';
import { defined } from '../platform/defined.ts';
import { reasonOf } from '../platform/words.ts';
import { PairRound, type RoundRequest, type RoundTarget } from './pair-round.ts';
import type { Workload } from '../workload/workload.ts';

/** How the sides of a round are started. */
export interface RoundStart {
  readonly number: number;
  /** The builds on the places A and B. */
  readonly builds: readonly [Build, Build];
  /** The place that is started first. Every other round also swaps the ports. */
  readonly startsFirst: 0 | 1;
}

export interface OpenSides {
  readonly targets: readonly [RoundTarget, RoundTarget];
  /** Why a side has stopped running; undefined if both still run. */
  readonly lost: () => string | undefined;
  /** Ends the processes that were started. */
  close(): Promise<void>;
}

export interface PairRequest extends Pick<
  RoundRequest,
  'identity' | 'newClients' | 'seed' | 'watchesLoop' | 'user'
> {
  readonly plan: PairPlan;
  readonly workload: Workload;
  readonly droppedMs: number;
  /**
   * Starts the sides and resolves when both are ready. Rejects with the side and its error, or as soon as
   * the signal says that the pair is stopped; then nothing that it started is left.
   */
  readonly open: (start: RoundStart, stopped: AbortSignal) => Promise<OpenSides>;
  /** Path of the pair's log. Without it the log is only kept in memory. */
  readonly logPath?: string | undefined;
  readonly clock: Clock;
  /** Makes a clock for one round, which reads 0 at its start. */
  readonly newClock: () => Clock;
}

const controlEvery = 5;

export class PairRun {
  private readonly request: PairRequest;
  private readonly file: LogFile | undefined;
  private readonly rounds: Round[] = [];
  private round: PairRound | undefined;
  private readonly stopping = new AbortController();

  /** Throws if the log cannot be written. */
  constructor(request: PairRequest) {
    this.request = request;
    const { logPath, plan } = request;
    this.file = logPath === undefined ? undefined : new LogFile(logPath);
    this.file?.append(JSON.stringify(plan));
  }

  /** Runs all rounds and resolves with the verdict; never rejects. Call it once. */
  async run(): Promise<JudgedPair> {
    const { clock } = this.request;
    const end = await this.untilDecided().catch((error: unknown): Omit<PairEnd, 'atMs'> => {
      const notReady = error instanceof SideNotReady ? error.side : undefined;
      return defined({ type: 'end', cause: 'failed', detail: reasonOf(error), notReady });
    });
    const whole: PairEnd = { ...end, atMs: clock.now() };
    this.file?.append(JSON.stringify(whole));
    await this.file?.close();
    clock.close();
    return { ...this.judged(whole), logFailure: this.file?.failure };
  }

  /** Ends the pair. The verdict reached so far stands. */
  stop(): void {
    this.stopping.abort();
    this.round?.stop();
  }

  /** Aborts the requests in flight. */
  cut(): void {
    this.stopping.abort();
    this.round?.cut();
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async untilDecided(): Promise<Omit<PairEnd, 'atMs'>> {
    for (let number = 1; !this.isStopped; number++) {
      const round = await this.roundOf(startOf(number, this.request.plan.sides.areRestarted));
      if (round === undefined) break;
      this.rounds.push(round);
      this.file?.append(JSON.stringify(round));
      if (this.judged(undefined).verdict.isFinal) {
        return {
          type: 'end',
          cause: 'decided',
          detail: 'the comparison was decided, or all its rounds were done',
        };
      }
    }
    return { type: 'end', cause: 'interrupted', detail: 'the run was interrupted' };
  }

  /** Undefined if the round was stopped early. */
  private async roundOf(start: RoundStart): Promise<Round | undefined> {
    const { clock, newClock, plan, open, droppedMs, workload } = this.request;
    const sides = await open(start, this.stopping.signal).catch((error: unknown) => {
      if (!this.isStopped) throw error;
    });
    if (sides === undefined) return undefined;
    // Starting the sides is no part of the round: its length says how long one must be.
    const startedAtMs = clock.now();
    try {
      if (this.isStopped) return undefined;
      this.round = new PairRound({
        ...this.request,
        number: start.number,
        targets: sides.targets,
        clock: newClock(),
        turns: {
          areAtOnce: plan.sides.areAtOnce,
          roundMs: plan.roundMs,
          droppedMs,
          rampMs: workload.segments.at(-1)!.startMs,
          needed: Math.max(...plan.tolerances.map(({ metric }) => pairMetricTable[metric].needed)),
          seed: plan.seed,
        },
      });
      const measured = await this.round.measure();
      if (measured === undefined) return undefined;
      const lost = sides.lost();
      const { number, builds } = start;
      return {
        type: 'round',
        number,
        builds: [...builds],
        startedAtMs,
        endedAtMs: clock.now(),
        ...measured,
        faults: lost === undefined ? measured.faults : [lost, ...measured.faults],
      };
    } finally {
      this.round = undefined;
      await sides.close();
    }
  }

  private judged(end: PairEnd | undefined): JudgedPair {
    const { plan, logPath } = this.request;
    return judgedPair({ plan, rounds: this.rounds, end }, logPath);
  }
}

/** A side that could not be started, or failed its check. */
export class SideNotReady extends Error {
  readonly side: 'base' | 'head';

  constructor(side: 'base' | 'head', cause: unknown) {
    super(`${side}: ${reasonOf(cause)}`, { cause });
    this.side = side;
  }
}

/** The builds of round `number`: base and head, or in a control round one of the two twice, in turn. */
export function startOf(number: number, areRestarted: boolean): RoundStart {
  const startsFirst = number % 2 === 0 ? 1 : 0;
  if (!areRestarted || number % controlEvery !== 0) {
    return { number, builds: ['A', 'B'], startsFirst };
  }
  const build = number % (2 * controlEvery) === 0 ? 'B' : 'A';
  return { number, builds: [build, build], startsFirst };
}
