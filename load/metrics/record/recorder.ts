/**
 * Recording: the hot path of the engine, from a request that falls due to the counts of an interval. Start
 * reading here. The recorder hands out a `Sample` for each request and counts it, as things happen, into
 * the buffers of the interval under way: no string is built and next to nothing allocated per request. When
 * run/intervals.ts says so, `closeInterval` hands them out; they become a line of the log later (log/writer.ts).
 */
import type { Clock } from '../../platform/clock.ts';
import { Histogram } from '../histogram.ts';
import { Bunching, type Squares } from './bunching.ts';
import { Exemplars } from './exemplars.ts';
import { InFlightGauge, PeakGauge, type InFlightCut } from './in-flight.ts';
import { Lateness } from './lateness.ts';
import type { LoadEvent, Stall } from '../log/schema.ts';
import type { Outcome } from '../outcome.ts';
import type { RequestRecord } from '../log/request-record.ts';
import { OpenSamples, Sample, slowText, type SeriesRef } from './sample.ts';
import type { SeriesBuffer } from './series-buffer.ts';
import { SeriesRegistry } from './series-registry.ts';
import { StallWatch, type Stalls } from './stall-watch.ts';
import { counted } from '../../platform/words.ts';

/** What the recorder knows of a load stream: when its phases begin (ms on the run's clock). */
export interface RecordedLoadStream {
  readonly phases: readonly { readonly name: string; readonly startMs: number }[];
  readonly maxLabelValues: number;
  readonly slowMs: number | undefined;
}

/** How samples are treated as they are counted, and who watches for stalls. */
export interface RecorderOptions {
  /** Takes secrets out of every text that is kept; default: texts are kept as they are. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Sees every sample as it is counted: preflight, and the file of samples. */
  readonly onCommit?: ((sample: Sample) => void) | undefined;
  /** Makes the watch of one load stream; default: one that sees the whole load. */
  readonly newStallWatch?: (() => Stalls) | undefined;
  /** Whether a request of the judged load met all stated limits; `undefined` where none is on it. */
  readonly isGood?: ((sample: Sample) => boolean | undefined) | undefined;
}

/** A closed interval before it becomes a line of the log: nothing writes to its buffers any more. */
export interface ClosedInterval {
  readonly buffers: readonly SeriesBuffer[];
  readonly stalls: readonly Stall[];
  readonly events: readonly LoadEvent[];
  readonly requests: readonly RequestRecord[];
  /** The generator's lag, from ready to started; the trend `scheduleLag` counts from when it was due. */
  readonly lag: Histogram;
  readonly squares: Squares;
  /** The lag of the judged stream's requests, added up. */
  readonly lagMs: number;
  /** The judged stream's requests alone. */
  readonly judged: Pick<InFlightCut, 'inFlight' | 'inFlightPeak'>;
  readonly counts: InFlightCut & {
    readonly scheduled: number;
    readonly sent: number;
    readonly ageMs: number;
    readonly oldestMs: number;
  };
}

const maxEventsPerInterval = 20;
/** The load stream that budgets judge: whether it was offered, it alone says. */
const judgedStream = 0;

export class Recorder {
  private readonly clock: Clock;
  private readonly streams: readonly RecordedLoadStream[];
  private readonly phases: readonly RecordedLoadStream['phases'][number][][];
  private readonly registry: SeriesRegistry;
  /** Sent and not counted yet: in flight, or ended and held by their task. */
  private readonly open = new OpenSamples();
  private readonly gauge = new InFlightGauge();
  private readonly judgedGauge = new PeakGauge();
  private readonly bunching = new Bunching();
  private readonly exemplars = new Exemplars();
  /** Which requests this machine's lateness touched; whoever watches the loop tells it. */
  readonly lateness = new Lateness();
  /** One for each load stream: what answers beside another must not hide that this one stands still. */
  private readonly stallWatches: readonly Stalls[];
  private events: LoadEvent[] = [];
  private lag = new Histogram();
  /** Requests of the judged stream that are over. */
  ended = 0;
  private slow = 0;
  /** Slow ones of the interval that are counted and not named. */
  private slowUnnamed = 0;
  private scheduled = 0;
  private sent = 0;
  private readonly redact: (text: string) => string;
  private readonly onCommit: ((sample: Sample) => void) | undefined;
  private readonly isGood: RecorderOptions['isGood'];
  /** Since the start of the run. */
  readonly totals = { scheduled: 0, sent: 0 };

  constructor(clock: Clock, streams: readonly RecordedLoadStream[], options: RecorderOptions = {}) {
    this.clock = clock;
    this.redact = options.redact ?? ((text) => text);
    this.onCommit = options.onCommit;
    this.isGood = options.isGood;
    this.stallWatches = streams.map(options.newStallWatch ?? (() => new StallWatch()));
    this.streams = streams;
    this.phases = streams.map(({ phases }) => [...phases]);
    this.registry = new SeriesRegistry(streams.map(({ maxLabelValues }) => maxLabelValues));
  }

  /** Handed to the socket layer and not over yet. */
  get inFlight(): number {
    return this.gauge.now;
  }

  /** The place where a named request is counted; past so many names, it is counted as `other`. */
  ref(stream: number, task: string, request: string): SeriesRef {
    return this.registry.ref(stream, task, request);
  }

  /** A request became due at `scheduledAtMs`; from here on it is accounted for. */
  schedule(series: SeriesRef, scheduledAtMs: number, readyAtMs: number): Sample {
    this.scheduled += 1;
    this.totals.scheduled += 1;
    return new Sample(series, scheduledAtMs, readyAtMs);
  }

  /** It is handed to the socket layer now. */
  start(sample: Sample): void {
    const nowMs = this.clock.now();
    sample.startedAtMs = nowMs;
    this.sent += 1;
    this.totals.sent += 1;
    this.lag.record((nowMs - sample.readyAtMs) * 1000);
    if (sample.series.stream === judgedStream) {
      this.bunching.add(sample.readyAtMs, nowMs);
      this.judgedGauge.started();
    }
    this.open.add(sample);
    this.gauge.started(nowMs);
    this.stallWatches[sample.series.stream]!.started(nowMs);
  }

  /** The time of bytes that come in; whether they are progress, whoever reads them says. */
  arrival(): number {
    return this.clock.now();
  }

  /** Content of an answer came in at `atMs`, which is now or a moment ago: the server is alive. */
  progress({ series }: Sample, atMs: number): void {
    this.stallWatches[series.stream]!.progressed(atMs);
  }

  /** It is over: the last byte came (`atMs`, if not now), or nothing more will. Judged later. */
  finish(sample: Sample, atMs = this.clock.now()): void {
    this.finishAt(sample, atMs, true);
  }

  /** It was given up by this side (deadline, end of the run): no sign of life from the server. */
  giveUp(sample: Sample): void {
    this.finishAt(sample, this.clock.now(), false);
  }

  /** Counts the sample for good. A sample that was never started counts as it is judged, too. */
  commit(sample: Sample): void {
    const { slowMs } = this.streams[sample.series.stream]!;
    this.open.remove(sample);
    if (sample.errorDetail !== '') sample.errorDetail = this.redact(sample.errorDetail);
    this.onCommit?.(sample);
    const buffer = this.bufferOf(sample.series, sample.scheduledAtMs, sample.labels, sample.late);
    buffer.add(sample);
    this.exemplars.note(sample);
    const isGood = sample.series.stream === judgedStream ? this.isGood?.(sample) : undefined;
    if (isGood !== undefined) buffer.addRate('goodput', isGood);
    const responseMs = sample.endedAtMs - sample.scheduledAtMs;
    if (slowMs !== undefined && responseMs > slowMs) {
      this.slow += 1;
      if (this.events.length >= maxEventsPerInterval) this.slowUnnamed += 1;
      else this.event('slow', slowText(sample, responseMs));
    }
  }

  /** Schedules, judges and counts a request that is never sent. */
  commitUnsent(
    series: SeriesRef,
    scheduledAtMs: number,
    outcome: Outcome,
    kind: Sample['errorKind'],
    detail = '',
  ): void {
    const sample = this.schedule(series, scheduledAtMs, scheduledAtMs);
    sample.judge(outcome, kind, detail);
    sample.late = this.lateness.classOf(scheduledAtMs, 0, this.clock.now());
    this.commit(sample);
  }

  /**
   * The buffer of a series in the phase of `atMs`: for requests of a class of lateness (lateness.ts), and
   * for metrics of the user's own, which have none.
   */
  bufferOf(
    ref: SeriesRef,
    atMs: number,
    labels: Readonly<Record<string, string>> | undefined,
    late = 0,
  ): SeriesBuffer {
    const phase = this.phaseAt(ref.stream, atMs);
    const known = labels === undefined ? this.registry.known(ref, phase, late) : undefined;
    if (known !== undefined) return known;
    const { name } = this.phases[ref.stream]![phase]!;
    return this.registry.buffer(ref, { index: phase, name, late }, labels);
  }

  /** What a load stream schedules from now on is of this phase: of the `drain`, once it is over. */
  enter(stream: number, name: string): void {
    this.phases[stream]!.push({ name, startMs: this.clock.now() });
  }

  /** The run is over, whatever tasks still do: everything that was sent is counted now. */
  commitOpen(): void {
    for (const sample of this.open) {
      if (!sample.hasEnded) {
        this.giveUp(sample);
        sample.judge('interrupted', 'interrupted');
      }
      this.commit(sample);
    }
  }

  /** Name of the phase that a stream is in. */
  phaseName(stream: number, atMs: number): string {
    return this.phases[stream]![this.phaseAt(stream, atMs)]!.name;
  }

  event(kind: string, text: string): void {
    if (this.events.length >= maxEventsPerInterval) return;
    this.events.push({ atMs: this.clock.now(), kind, text });
  }

  overflowedLabels(): string[] {
    return this.registry.overflowedLabels();
  }

  /** Notes for the end of the log: what was counted as `other`. */
  notes(): string[] {
    const limit = Math.min(...this.streams.map(({ slowMs = Infinity }) => slowMs));
    const slow = `${counted(this.slow, 'request')} took longer than ${limit} ms (events of the log)`;
    return [...(this.slow > 0 ? [slow] : []), ...this.registry.notes()];
  }

  /** Closes the interval at `nowMs`. `final`: the run is over, open stalls end now. */
  closeInterval(nowMs: number, final: boolean): ClosedInterval {
    let ageMs = 0;
    let oldestMs = 0;
    for (const sample of this.open) {
      if (sample.hasEnded) continue;
      const age = Math.max(0, nowMs - sample.startedAtMs);
      ageMs += age;
      if (age > oldestMs) oldestMs = age;
    }
    const events = this.takeEvents(nowMs);
    const { lag, scheduled, sent } = this;
    const counts = { scheduled, sent, ...this.gauge.cut(nowMs), ageMs, oldestMs };
    const { lagMs, ...squares } = this.bunching.take();
    const stalls = this.stallWatches.flatMap((watch, stream) =>
      watch.take(nowMs, final).map((stall) => (stream === 0 ? stall : { ...stall, stream })),
    );
    this.lag = new Histogram();
    this.scheduled = this.sent = 0;
    const judged = this.judgedGauge.cut();
    const [buffers, requests] = [this.registry.take(), this.exemplars.take()];
    return { buffers, stalls, events, requests, lag, squares, lagMs, judged, counts };
  }

  /** Those of the interval; what was slow and not named stands in one last event, as a number. */
  private takeEvents(atMs: number): LoadEvent[] {
    const { events, slowUnnamed: count } = this;
    this.events = [];
    this.slowUnnamed = 0;
    if (count > 0) events.push({ atMs, kind: 'slow', text: `${count} more slow requests`, count });
    return events;
  }

  private finishAt(sample: Sample, nowMs: number, isProgress: boolean): void {
    sample.endedAtMs = nowMs;
    const { scheduledAtMs, startedAtMs, readyAtMs } = sample;
    sample.late = this.lateness.classOf(scheduledAtMs, startedAtMs - readyAtMs, nowMs);
    this.gauge.ended(nowMs, startedAtMs);
    if (sample.series.stream === judgedStream) {
      this.ended += 1;
      this.judgedGauge.ended();
    }
    const stallWatch = this.stallWatches[sample.series.stream]!;
    if (isProgress) stallWatch.progressed(nowMs);
    stallWatch.ended(nowMs);
  }

  private phaseAt(stream: number, atMs: number): number {
    const phases = this.phases[stream]!;
    let index = phases.length - 1;
    while (index > 0 && atMs < phases[index]!.startMs) index -= 1;
    return index;
  }
}
