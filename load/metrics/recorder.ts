/**
 * Counts what happens, as it happens, into the interval under way. The hot path of the engine: no
 * string is built and next to nothing allocated per request. `cut` closes the interval and hands its
 * buffers out; turning them into a line is done later, in pieces (interval-writer.ts).
 */
import type { Clock } from '../clock.ts';
import { Histogram } from './histogram.ts';
import { InFlightSamples } from './in-flight-samples.ts';
import type { IntervalCut } from './interval-cut.ts';
import type { Phase } from './interval-log.ts';
import { LabelBounds } from './label-bounds.ts';
import type { ErrorKind, Outcome } from './outcome.ts';
import { Sample } from './sample.ts';
import { SeriesBuffer } from './series-buffer.ts';
import { SeriesRef } from './series-ref.ts';
import { StallWatch } from './stall-watch.ts';

/** What the recorder knows of a stream: when its phases begin (ms on the run's clock). */
export interface RecordedStream {
  readonly phases: readonly Pick<Phase, 'name' | 'startMs'>[];
  readonly maxLabelValues: number;
  readonly slowMs: number | undefined;
}

const maxEventsPerInterval = 20;
const maxRequestNames = 500;

export class Recorder {
  private readonly clock: Clock;
  private readonly streams: readonly (Omit<RecordedStream, 'phases'> & {
    phases: Pick<Phase, 'name' | 'startMs'>[];
  })[];
  private readonly bounds: readonly LabelBounds[];
  /** By stream, task and request name. */
  private readonly refs: readonly Map<string, Map<string, SeriesRef>>[];
  private refCount = 0;
  /** Sent and not counted yet: in flight, or ended and held by their task. */
  private readonly open = new Set<Sample>();
  inFlight = 0;
  private readonly inFlightSamples = new InFlightSamples();
  private readonly stallWatch = new StallWatch();
  private buffers: SeriesBuffer[] = [];
  private touched: SeriesRef[] = [];
  private events: { atMs: number; kind: string; text: string }[] = [];
  private lag = new Histogram();
  private scheduled = 0;
  private sent = 0;
  private inFlightPeak = 0;
  private busyMs = 0;
  /** Sees every sample as it is counted: preflight, and the file of samples. */
  onCommit: ((sample: Sample) => void) | undefined;
  /** Since the start of the run. */
  readonly totals = { scheduled: 0, sent: 0 };

  constructor(clock: Clock, streams: readonly RecordedStream[]) {
    this.clock = clock;
    this.streams = streams.map((stream) => ({ ...stream, phases: [...stream.phases] }));
    this.refs = streams.map(() => new Map<string, Map<string, SeriesRef>>());
    this.bounds = streams.map(({ maxLabelValues }) => new LabelBounds(maxLabelValues));
  }

  /** The place where a named request is counted; past so many names, it is counted as `other`. */
  ref(stream: number, task: string, request: string): SeriesRef {
    const byTask = this.refs[stream]!;
    let byRequest = byTask.get(task);
    if (byRequest === undefined) byTask.set(task, (byRequest = new Map<string, SeriesRef>()));
    let ref = byRequest.get(request);
    if (ref === undefined) {
      if (this.refCount >= maxRequestNames && request !== 'other') {
        return this.ref(stream, task, 'other');
      }
      this.refCount += 1;
      byRequest.set(request, (ref = new SeriesRef(stream, task, request)));
    }
    return ref;
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
    this.open.add(sample);
    this.inFlightSamples.takeUntil(nowMs, this.inFlight);
    this.inFlight += 1;
    if (this.inFlight > this.inFlightPeak) this.inFlightPeak = this.inFlight;
    this.stallWatch.started(nowMs);
  }

  /** A chunk of an answer came in: the server is alive. */
  progress(): void {
    this.stallWatch.progressed(this.clock.now());
  }

  /** It is over: the last byte came, or nothing more will. How it is judged may still change. */
  finish(sample: Sample): void {
    this.finishAt(sample, true);
  }

  /** It was given up by this side (deadline, end of the run): no sign of life from the server. */
  giveUp(sample: Sample): void {
    this.finishAt(sample, false);
  }

  /** Counts the sample for good. A sample that was never started counts as it is judged, too. */
  commit(sample: Sample): void {
    const { slowMs } = this.streams[sample.series.stream]!;
    this.open.delete(sample);
    this.onCommit?.(sample);
    this.bufferOf(sample.series, sample.scheduledAtMs, sample.labels).add(sample);
    const responseMs = sample.endedAtMs - sample.scheduledAtMs;
    if (slowMs !== undefined && responseMs > slowMs) {
      const { task, request } = sample.series;
      const name = task === request ? task : `${task}: ${request}`;
      this.event('slow', `${name} took ${Math.round(responseMs)} ms (${sample.outcome})`);
    }
  }

  /** Schedules, judges and counts a request that is never sent. */
  commitUnsent(
    series: SeriesRef,
    scheduledAtMs: number,
    outcome: Outcome,
    kind: ErrorKind,
    detail = '',
  ): void {
    const sample = this.schedule(series, scheduledAtMs, scheduledAtMs);
    sample.judge(outcome, kind, detail);
    this.commit(sample);
  }

  /** The buffer of a series for metrics of the user's own, in the phase of `atMs`. */
  bufferOf(
    ref: SeriesRef,
    atMs: number,
    labels: Readonly<Record<string, string>> | undefined,
  ): SeriesBuffer {
    const phase = this.phaseAt(ref.stream, atMs);
    if (labels === undefined) {
      return (ref.byPhase[phase] ??= this.newBuffer(ref, phase, undefined));
    }
    const bounded = this.bounds[ref.stream]!.bound(labels);
    const key = `${phase} ${JSON.stringify(bounded)}`;
    let buffer = ref.byLabels.get(key);
    if (buffer === undefined) {
      ref.byLabels.set(key, (buffer = this.newBuffer(ref, phase, bounded)));
    }
    return buffer;
  }

  /** A stream's load is over: what it schedules from now on (good-byes) is in no judged phase. */
  drain(stream: number): void {
    this.streams[stream]!.phases.push({ name: 'drain', startMs: this.clock.now() });
  }

  /** The run is over, whatever tasks still do: everything that was sent is counted now. */
  commitOpen(): void {
    for (const sample of this.open) {
      if (Number.isNaN(sample.endedAtMs)) {
        this.giveUp(sample);
        sample.judge('interrupted', 'interrupted');
      }
      this.commit(sample);
    }
  }

  /** Name of the phase that a stream is in. */
  phaseName(stream: number, atMs: number): string {
    return this.streams[stream]!.phases[this.phaseAt(stream, atMs)]!.name;
  }

  event(kind: string, text: string): void {
    if (this.events.length >= maxEventsPerInterval) return;
    this.events.push({ atMs: this.clock.now(), kind, text });
  }

  /** Notes for the end of the log: what was counted as `other`. */
  notes(): string[] {
    const notes = this.bounds.flatMap((bounds) => bounds.notes());
    // Only `other` itself is taken in beyond the bound.
    if (this.refCount <= maxRequestNames) return notes;
    const text = `more than ${maxRequestNames} names of requests; the rest counts as "other"`;
    return [...notes, `${text}: name them by what they do`];
  }

  /** Closes the interval at `nowMs`. `final`: the run is over, open stalls end now. */
  cut(nowMs: number, final: boolean): IntervalCut {
    let ageMs = 0;
    let oldestMs = 0;
    for (const { startedAtMs, endedAtMs } of this.open) {
      if (!Number.isNaN(endedAtMs)) continue;
      const age = Math.max(0, nowMs - startedAtMs);
      ageMs += age;
      if (age > oldestMs) oldestMs = age;
    }
    const { buffers, events, lag, scheduled, sent, inFlightPeak, busyMs, inFlight } = this;
    this.inFlightSamples.takeUntil(nowMs, inFlight);
    const inFlightSamples = this.inFlightSamples.cut();
    const stalls = this.stallWatch.take(nowMs, final);
    for (const ref of this.touched) ref.clear();
    this.buffers = [];
    this.touched = [];
    this.events = [];
    this.lag = new Histogram();
    this.scheduled = 0;
    this.sent = 0;
    this.busyMs = 0;
    this.inFlightPeak = inFlight;
    const counts = { scheduled, sent, inFlight, inFlightPeak, inFlightSamples, busyMs };
    return { buffers, stalls, events, lag, counts: { ...counts, ageMs, oldestMs } };
  }

  private finishAt(sample: Sample, isProgress: boolean): void {
    const nowMs = this.clock.now();
    sample.endedAtMs = nowMs;
    this.inFlightSamples.takeUntil(nowMs, this.inFlight);
    this.inFlight -= 1;
    this.busyMs += nowMs - sample.startedAtMs;
    if (isProgress) this.stallWatch.progressed(nowMs);
    this.stallWatch.ended(nowMs);
  }

  private phaseAt(stream: number, atMs: number): number {
    const { phases } = this.streams[stream]!;
    let index = phases.length - 1;
    while (index > 0 && atMs < phases[index]!.startMs) index -= 1;
    return index;
  }

  private newBuffer(
    ref: SeriesRef,
    phase: number,
    labels: Readonly<Record<string, string>> | undefined,
  ): SeriesBuffer {
    const { name } = this.streams[ref.stream]!.phases[phase]!;
    const buffer = new SeriesBuffer(ref, name, labels);
    this.buffers.push(buffer);
    this.touched.push(ref);
    return buffer;
  }
}
