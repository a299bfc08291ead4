/** One round of a pair: a load of two streams, one for each side, and its measured figures. */
import { accountingFaults } from '../budgets/accounting.ts';
import { Histogram } from '../metrics/histogram.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import { errorsIn, outcomesOf, selectSeries, trendOf } from '../metrics/result/select.ts';
import type { SeriesTotal } from '../metrics/result/series-totals.ts';
import type { Round, SideRound, Twins } from '../paired/round.ts';
import type { Clock } from '../platform/clock.ts';
import { defined } from '../platform/defined.ts';
import { LoadRun, type RunRequest } from './load-run.ts';
import { PairSide, sideNames } from './pair-side.ts';
import { beginningPhase, Turns, twinPhases, type TurnsPlan } from './pair-turns.ts';
import type { LoadStreamRequest } from './plan.ts';
import type { TargetInfo, UserDefinition } from '../user/define-user.ts';
import { wholeLoad } from '../workload/slice.ts';
import type { Workload } from '../workload/workload.ts';

export interface RoundRequest extends Pick<
  RunRequest,
  'identity' | 'newClients' | 'seed' | 'watchesLoop'
> {
  readonly user: UserDefinition;
  /** The workload of each side. It holds its level until the round is over. */
  readonly workload: Workload;
  readonly targets: readonly [RoundTarget, RoundTarget];
  readonly number: number;
  readonly turns: TurnsPlan;
  /** A clock that reads 0 at or just before the start of the round. */
  readonly clock: Clock;
}

export type RoundTarget = TargetInfo & RunRequest['target'];

/** The measurements of a round. */
export type MeasuredRound = Pick<Round, 'measuredMs' | 'sides' | 'faults'>;

export class PairRound {
  private readonly request: RoundRequest;
  private readonly sides: readonly [PairSide, PairSide];
  private readonly run: LoadRun;
  private isOver = false;

  constructor(request: RoundRequest) {
    this.request = request;
    const { targets, number, clock, user, workload, identity, newClients, seed } = request;
    const [a, b] = targets.map(
      (target, i) => new PairSide(sideNames[i]!, target, `round ${number}`, clock),
    );
    this.sides = [a!, b!];
    this.run = new LoadRun({
      identity,
      newClients,
      seed,
      clock,
      watchesLoop: request.watchesLoop,
      streams: this.sides.map((side): LoadStreamRequest => {
        return { name: side.name, user, workload: untilStopped(workload), judged: true, side };
      }),
      target: targets[0],
      budgets: [],
      slice: wholeLoad,
      timeScale: 1,
      shortened: false,
      flags: [],
    });
  }

  /** Resolves with the measured figures, or with undefined if the round was stopped early. Call it once. */
  async measure(): Promise<MeasuredRound | undefined> {
    const { clock, turns: plan } = this.request;
    const done = this.run.run();
    await clock.until(0);
    const turns = new Turns(plan, {
      clock,
      sides: this.sides,
      enter: (side, phase) => {
        this.run.enter(this.sides.indexOf(side), phase);
      },
      isOver: () => this.isOver,
    });
    const crashed = done.then(() => undefined);
    await Promise.race([turns.take(), crashed]);
    const wasStopped = this.isOver;
    this.isOver = true;
    this.run.stop({ cause: 'completed', detail: 'the round is over' });
    const result = await done;
    return wasStopped ? undefined : measuredRound(result, turns, this.sides);
  }

  /** Starts nothing new; requests in flight drain. */
  stop(): void {
    this.isOver = true;
    this.run.stop({ cause: 'interrupted', detail: 'the run was interrupted' });
  }

  /** Aborts the requests in flight. */
  cut(): void {
    this.stop();
    this.run.cut();
  }
}

const longestMs = 3_600_000;

/** A workload without a planned end: the turns decide when the round is over and which requests count. */
function untilStopped(workload: Workload): Workload {
  const last = workload.segments.at(-1)!;
  const endless = { ...last, endMs: last.startMs + longestMs };
  return {
    ...workload,
    segments: [...workload.segments.slice(0, -1), endless],
    phases: [{ name: 'ramp-up', startMs: 0, endMs: endless.endMs, judged: false }],
  };
}

function measuredRound(
  result: Result,
  turns: Turns,
  sides: readonly [PairSide, PairSide],
): MeasuredRound {
  const measured = sides.map(({ target }, stream): SideRound => {
    const [first, second, beginning] = [...twinPhases, beginningPhase].map((phase) =>
      selectSeries(result, { stream, phase, phases: 'all' }),
    );
    const all = [...first!, ...second!];
    const lag = trendOf(all, 'scheduleLag');
    return {
      url: target.url,
      first: twinsOf(first!),
      second: twinsOf(second!),
      beginning: twinsOf(beginning!),
      errors: errorsIn(all).map((error) => ({ ...error })),
      answers: answersOf(all),
      unanswered: turns.unanswered[stream as 0 | 1],
      overruns: turns.overruns[stream as 0 | 1],
      lagMs: lag.count === 0 ? 0 : lag.mean / lag.perUnit,
    };
  });
  return {
    measuredMs: turns.measuredMs,
    sides: [measured[0]!, measured[1]!],
    faults: faultsOf(result),
  };
}

function twinsOf(series: readonly SeriesTotal[]): Twins {
  const ttft = latencyOf(series, 'ttft');
  return defined({
    outcomes: outcomesOf(series),
    responseTime: latencyOf(series, 'responseTime').toData(),
    ttft: ttft.count === 0 ? undefined : ttft.toData(),
  });
}

/** A built-in trend never has the layout for signed values. */
function latencyOf(series: readonly SeriesTotal[], trend: string): Histogram {
  const all = trendOf(series, trend);
  return all instanceof Histogram ? all : new Histogram();
}

function answersOf(series: readonly SeriesTotal[]): SideRound['answers'] {
  const answers = new Map<string, { count: number; bytes: number }>();
  for (const { request, outcomes, bytesReceived } of series) {
    const known = answers.get(request) ?? { count: 0, bytes: 0 };
    const count = known.count + scheduledOf(outcomes);
    answers.set(request, { count, bytes: known.bytes + bytesReceived });
  }
  return Object.fromEntries(answers);
}

function faultsOf(result: Result): string[] {
  const { end, series } = result;
  const crash = end?.cause === 'crashed' ? [end.detail] : [];
  const lost = accountingFaults(result).invalid.map(({ text }) => text);
  const own = errorsIn(series).find(({ kind }) => kind === 'generator');
  const sockets =
    own === undefined
      ? []
      : [`this machine could not open ${own.count} of its connections (${own.sample})`];
  return [...crash, ...lost, ...sockets];
}
