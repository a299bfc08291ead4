/**
 * A result is one interval log, folded: totals per series, a point per interval, and how it ended.
 * Matchers, reporters, baselines and the merge read only this.
 */
import { ErrorBursts, type DensestErrors } from './error-bursts.ts';
import { GeneratorTotals } from './generator-totals.ts';
import type {
  End,
  ErrorRecord,
  GeneratorRecord,
  Interval,
  LoadEvent,
  PhaseName,
  Plan,
  SeriesRecord,
  Stall,
} from '../log/schema.ts';
import { JudgedPieces, type JudgedPiece } from './judged-pieces.ts';
import { MinuteBlocks, type MinuteBlock } from './minute-blocks.ts';
import type { Stage } from '../log/stage.ts';
import type { Reading } from '../log/monitor-reading.ts';
import type { OutcomeCounts } from '../outcome.ts';
import { SeriesTotals, type SeriesTotal } from './series-totals.ts';
import { TaskStatistics, timelinePoint, type TimelinePoint } from './timeline.ts';

/**
 * A load folded from its log: its plan, its figures, and how steady it was.
 * @example
 * const { sent, end }: Result = await runLoad(shopUser, load);
 * console.log(`${sent} requests; ended as ${end?.cause}`);
 */
export interface Result {
  readonly plan: Plan;
  readonly series: readonly SeriesTotal[];
  readonly timeline: readonly TimelinePoint[];
  /** The judged phases in pieces of equal length, which show how steady the run was. */
  readonly pieces: readonly JudgedPiece[];
  /** By task, the time when its errors were closest together. The empty name stands for all tasks. */
  readonly densestErrors: ReadonlyMap<string, DensestErrors>;
  /** The judged time minute by minute. The last block may be shorter. */
  readonly minutes: readonly MinuteBlock[];
  readonly stalls: readonly Stall[];
  readonly events: readonly LoadEvent[];
  /** Changes of its level while it ran. A load with any was steered. */
  readonly stages: readonly Stage[];
  /** The monitor's readings of the system, in order. */
  readonly readings: readonly Reading[];
  /** The state of the load generator during the judged phases. */
  readonly generator: GeneratorTotals;
  /** Spans of more than 100 ms without a turn of the event loop, in the whole run. */
  readonly loopStalls: readonly GeneratorRecord['loopStalls'][number][];
  /** Counted separately from the outcomes, so that the two can be compared. */
  readonly scheduled: number;
  readonly sent: number;
  /** Missing if the log breaks off, because the process that wrote it died. */
  readonly end: End | undefined;
  readonly notes: readonly string[];
}

const maxEvents = 1000;

/** Folds the lines of one log in order. `result()` may be called at any time. */
export class ResultFold {
  private readonly series = new SeriesTotals();
  private statistics = new TaskStatistics();
  private readonly timeline: TimelinePoint[] = [];
  private readonly minutes: MinuteBlocks;
  private readonly stalls: Stall[] = [];
  private readonly events: LoadEvent[] = [];
  private readonly stages: Stage[] = [];
  private readonly readings: Reading[] = [];
  private readonly generator = new GeneratorTotals();
  private readonly loopStalls: GeneratorRecord['loopStalls'][number][] = [];
  private readonly notes: string[] = [];
  private readonly plan: Plan;
  private readonly pieces: JudgedPieces;
  private readonly errorBursts = new ErrorBursts();
  private scheduled = 0;
  private sent = 0;
  private end: End | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    this.pieces = new JudgedPieces(plan);
    this.minutes = new MinuteBlocks(plan);
  }

  addInterval(interval: Interval): void {
    for (const record of interval.series) this.addSeries(record);
    this.closeInterval(interval);
  }

  /**
   * Adds one series (or a part of one, with its counts given once) of the interval that `closeInterval`
   * will complete.
   */
  addSeries(record: SeriesRecord): void {
    this.series.add(record);
    this.statistics.add(record);
    this.pieces.add(record, this.reachesMs);
    this.errorBursts.add(record);
  }

  closeInterval(interval: Omit<Interval, 'series'>): void {
    this.timeline.push(timelinePoint(interval, this.statistics));
    const isInBudgets = isJudged(this.plan, 0, interval.phases[0]);
    if (isInBudgets) this.minutes.add(interval, this.statistics.all);
    this.generator.addLongest(interval.generator);
    this.loopStalls.push(...interval.generator.loopStalls);
    this.statistics = new TaskStatistics();
    this.stalls.push(...interval.stalls);
    const room = maxEvents - this.events.length;
    if (room > 0) this.events.push(...interval.events.slice(0, room));
    this.stages.push(...(interval.stages ?? []));
    this.readings.push(...(interval.monitor?.readings ?? []));
    if (isInBudgets) {
      this.generator.add(
        interval,
        phaseIndexAt(this.plan, (interval.startMs + interval.endMs) / 2),
      );
      this.pieces.close(interval);
    }
    this.errorBursts.close(interval, isInBudgets);
    this.scheduled += interval.scheduled;
    this.sent += interval.sent;
  }

  addEnd(end: End): void {
    this.end = end;
    this.notes.push(...end.notes);
    this.readings.push(...(end.monitor?.readings ?? []));
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** End of the latest interval, in ms since the start. */
  get reachesMs(): number {
    return this.timeline.at(-1)?.endMs ?? 0;
  }

  result(): Result {
    return {
      plan: this.plan,
      series: this.series.all(),
      timeline: this.timeline,
      pieces: this.pieces.all(),
      densestErrors: this.errorBursts.densest,
      minutes: this.minutes.all(),
      stalls: this.stalls,
      events: this.events,
      stages: this.stages,
      readings: this.readings,
      generator: this.generator,
      loopStalls: this.loopStalls,
      scheduled: this.scheduled,
      sent: this.sent,
      end: this.end,
      notes: this.notes,
    };
  }
}

/** Whether a phase of the stream is one that budgets judge. */
export function isJudged({ streams }: Plan, stream: number, phase: string | undefined): boolean {
  const own = streams[stream];
  if (own === undefined || phase === undefined) return false;
  let names = judgedNames.get(own);
  if (names === undefined) {
    names = new Set(own.phases.flatMap(({ name, judged }) => (judged ? [name] : [])));
    judgedNames.set(own, names);
  }
  return names.has(phase);
}

/** By load stream, since each budget asks for it in each interval. */
const judgedNames = new WeakMap<Plan['streams'][number], ReadonlySet<string>>();

/** Running number of the first stream's phase at that moment. After the last phase it is the last. */
export function phaseIndexAt({ streams }: Plan, atMs: number): number {
  const phases = streams[0]?.phases ?? [];
  return Math.max(
    0,
    phases.findLastIndex(({ startMs }) => startMs <= atMs),
  );
}

/** The part of the timeline that budgets of a stream judge. */
export function judgedPoints({ plan, timeline }: Result, stream = 0): readonly TimelinePoint[] {
  return timeline.filter((point) => isJudged(plan, stream, point.phases[stream]));
}

/** Actual length of a stream's judged phases, in ms. */
export function judgedMs(result: Result, stream = 0): number {
  const points = judgedPoints(result, stream);
  return points.reduce((sum, point) => sum + point.endMs - point.startMs, 0);
}

export type { End, ErrorRecord, OutcomeCounts, PhaseName, Plan, SeriesTotal, Stall, TimelinePoint };
