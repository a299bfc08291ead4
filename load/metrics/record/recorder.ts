/**
 * Recording: the engine's hot path, from a request that becomes due to the counts of an interval.
 * Start reading here. It hands out a `Sample` for each request and counts it in the interval's buffers,
 * almost without allocation. `closeInterval` returns the buffers; log/writer.ts makes them a line of the log.
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

/** A load stream as the recorder knows it: when its phases begin (ms on the run's clock). */
export interface RecordedLoadStream {
  readonly phases: readonly { readonly name: string; readonly startMs: number }[];
  readonly maxLabelValues: number;
  readonly slowMs: number | undefined;
}

/** How samples are treated as they are counted, and who watches for stalls. */
export interface RecorderOptions {
  /** Removes secrets from every text that is kept. Default: texts are kept as they are. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Receives every counted sample; used by preflight and the file of samples. */
  readonly onCommit?: ((sample: Sample) => void) | undefined;
  /** Makes the stall watch of one load stream. Default: one that sees the whole load. */
  readonly newStallWatch?: (() => Stalls) | undefined;
  /** Whether a request of the judged load met all stated limits; `undefined` if none applies to it. */
  readonly isGood?: ((sample: Sample) => boolean | undefined) | undefined;
}

/** A closed interval before it becomes a line of the log. Its buffers do not change any more. */
export interface ClosedInterval {
  readonly buffers: readonly SeriesBuffer[];
  readonly stalls: readonly Stall[];
  readonly events: readonly LoadEvent[];
  readonly requests: readonly RequestRecord[];
  /** The generator's lag, from ready to started. The trend `scheduleLag` counts from when it was due. */
  readonly lag: Histogram;
  readonly squares: Squares;
  /** The lag of the judged stream's requests, as a sum. */
  readonly lagMs: number;
  /** The requests of the judged stream alone. */
  readonly judged: Pick<InFlightCut, 'inFlight' | 'inFlightPeak'>;
  readonly counts: InFlightCut & {
    readonly scheduled: number;
    readonly sent: number;
    readonly ageMs: number;
    readonly oldestMs: number;
  };
}

const maxEventsPerInterval = 20;
/** The load stream that budgets judge. Only this one shows whether the planned load was sent. */
const judgedStream = 0;

export class Recorder {
  private readonly clock: Clock;
  private readonly streams: readonly RecordedLoadStream[];
  private readonly phases: readonly RecordedLoadStream['phases'][number][][];
  private readonly registry: SeriesRegistry;
  /** Samples that were sent and not counted: in flight, or ended and held by their task. */
  private readonly open = new OpenSamples();
  private readonly gauge = new InFlightGauge();
  private readonly judgedGauge = new PeakGauge();
  private readonly bunching = new Bunching();
  private readonly exemplars = new Exemplars();
  /** Which requests were affected by this machine's lateness. The loop watch updates it. */
  readonly lateness = new Lateness();
  /** One for each load stream, so that answers of one stream do not hide a stall of another. */
  private readonly stallWatches: readonly Stalls[];
  private events: LoadEvent[] = [];
  private lag = new Histogram();
  /** Requests of the judged stream that have ended. */
  ended = 0;
  private slow = 0;
  /** Slow requests of the interval that are counted but not listed. */
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

  /** Handed to the socket layer and not ended. */
  get inFlight(): number {
    return this.gauge.now;
  }

  /** The series of a named request. When there are too many names, further requests count as `other`. */
  ref(stream: number, task: string, request: string, method?: string): SeriesRef {
    return this.registry.ref(stream, task, request, method);
  }

  /** A request becomes due at `scheduledAtMs`. From here on it is counted. */
  schedule(series: SeriesRef, scheduledAtMs: number, readyAtMs: number): Sample {
    this.scheduled += 1;
    this.totals.scheduled += 1;
    return new Sample(series, scheduledAtMs, readyAtMs);
  }

  /** The request is handed to the socket layer now. */
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

  /** The time of arriving bytes. Their reader decides whether they are progress. */
  arrival(): number {
    return this.clock.now();
  }

  /** Content of an answer arrived at `atMs`, which is now or a moment ago. */
  progress({ series }: Sample, atMs: number): void {
    this.stallWatches[series.stream]!.progressed(atMs);
  }

  /** The request has ended: its last byte arrived at `atMs`, or nothing more will come. It is judged later. */
  finish(sample: Sample, atMs = this.clock.now()): void {
    this.finishAt(sample, atMs, true);
  }

  /** This side gave the request up (deadline, end of the run), so there was no sign of life from the server. */
  giveUp(sample: Sample): void {
    this.finishAt(sample, this.clock.now(), false);
  }

  /** Counts the sample. One that was never started counts as it is judged, too. */
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
   * The buffer of a series in the phase of `atMs`, for requests of one lateness class (lateness.ts). The user's
   * own metrics have no class.
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

  /** Everything that a load stream schedules from now on belongs to this phase. */
  enter(stream: number, name: string): void {
    this.phases[stream]!.push({ name, startMs: this.clock.now() });
  }

  /** The run is over, even if tasks still run: everything that was sent is counted now. */
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

  /** Notes for the end of the log, on what was counted as `other`. */
  notes(): string[] {
    const limit = Math.min(...this.streams.map(({ slowMs = Infinity }) => slowMs));
    const slow = `${counted(this.slow, 'request')} took longer than ${limit} ms (events of the log)`;
    return [...(this.slow > 0 ? [slow] : []), ...this.registry.notes()];
  }

  /** Closes the interval at `nowMs`. `final`: the run is over, so open stalls end now. */
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

  /** The events of the interval. The slow requests that are not listed are one last event with their number. */
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
