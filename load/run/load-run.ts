/**
 * Runs one load, from its plan to its result. Start reading here: this is the composition root, user +
 * workload + target → result. It starts the executors of the load streams (load-stream.ts), closes the
 * intervals (intervals.ts), ends the load when its time has come, lets it drain, and leaves a complete log
 * whatever happened. What happens before the first request is in preflight.ts and health-check.ts.
 *
 * The words for its end: `stop` lets nothing more begin, `drain` waits for requests in flight, `cut` ends that.
 */
import { abortReason, lacksSamples } from '../budgets/during-run.ts';
import { goodputOf } from '../budgets/goodput.ts';
import type { NewClients } from '../clients/client.ts';
import { Deadlines } from '../clients/deadlines.ts';
import { targetSecrets } from '../clients/http/overrides.ts';
import { redactDetail, secretsOf } from '../clients/redaction.ts';
import { systemClock, type Clock, type Timer } from '../platform/clock.ts';
import { IntervalCloser, IntervalTimes } from './intervals.ts';
import { socketsOf } from '../clients/http/open-sockets.ts';
import type { MonitorSource } from '../monitor/source.ts';
import { GapWatch } from '../metrics/record/gap-watch.ts';
import type { End, Plan } from '../metrics/log/schema.ts';
import { IntervalWriter } from '../metrics/log/writer.ts';
import { LogFile } from '../metrics/log/log-file.ts';
import { Recorder } from '../metrics/record/recorder.ts';
import type { Result } from '../metrics/result/result.ts';
import { SamplesFile } from '../metrics/log/samples-file.ts';
import { composePlan, userStem, type PlanRequest } from './plan.ts';
import { defined } from '../platform/defined.ts';
import { Signal } from '../platform/signal.ts';
import { LoadStream } from './load-stream.ts';
import { Steering, type SteeringSource } from './steering.ts';
import { targetMonitor, type TargetMonitor } from './target-monitor.ts';
import type { TargetInfo } from '../user/define-user.ts';
import { canBeExtended, plannedEndMs } from '../workload/workload.ts';

export interface RunRequest extends PlanRequest {
  readonly target: PlanRequest['target'] & TargetInfo;
  readonly newClients: NewClients;
  /** How often the monitor reads; default: every 5 s. */
  readonly monitorIntervalMs?: number | undefined;
  /** What the monitor reads besides the system: the machine, its cards; default: nothing. */
  readonly machineSources?: readonly MonitorSource[] | undefined;
  /** Where the interval log goes; none: the result is only kept in memory. */
  readonly logPath?: string | undefined;
  /** Where every single request goes; none: they are counted and forgotten. */
  readonly samplesPath?: string | undefined;
  /** Default: the system's clock, starting now. */
  readonly clock?: Clock | undefined;
  /** Whether the event loop is watched; default: on the system's clock, since virtual time has none. */
  readonly watchesLoop?: boolean | undefined;
  /** What is asked of the first load stream while it runs; none: it takes its course. */
  readonly steering?: SteeringSource | undefined;
  /** How long until the load starts, asked when the clock is made; default: a moment. */
  readonly startsInMs?: (() => number) | undefined;
  /** What the checks before the load had to say. */
  readonly notesBefore?: readonly string[] | undefined;
  /** Asks the system after the load whether it is ready again. */
  readonly healthAfter?: (() => Promise<{ ok: boolean; detail: string }>) | undefined;
}

export type Ending = Pick<End, 'cause' | 'detail' | 'sliceLoss'>;

const ranToItsEnd: Ending = { cause: 'completed', detail: 'the load ran to its end' };

/** What is put together before the first user is due must not make it late. */
const headStartMs = 100;
/** Requests in flight at the end get up to their deadline, at most this long. */
const graceMs = 30_000;
/** How long tasks get to return after everything that they wait for was cut off. */
const lastCallMs = 500;

export class LoadRun {
  readonly plan: Plan;
  private readonly request: RunRequest;
  private readonly clock: Clock;
  private readonly recorder: Recorder;
  private readonly deadlines: Deadlines;
  private readonly streams: readonly LoadStream[];
  private readonly file: LogFile | undefined;
  private readonly samples: SamplesFile | undefined;
  private readonly writer: IntervalWriter;
  private readonly closer: IntervalCloser;
  private readonly monitor: TargetMonitor | undefined;
  private readonly steering: Steering | undefined;
  private ending: Ending | undefined;
  private begunLateMs = 0;
  private readonly extended: string[] = [];
  private endTimer: Timer | undefined;
  private readonly ended = new Signal();
  private readonly abandoned = new Signal();

  /** Throws where the log cannot be written: before the first request. */
  constructor(request: RunRequest) {
    const times = new IntervalTimes(request.streams.map(({ workload }) => workload));
    const clock = request.clock ?? systemClock(request.startsInMs?.() ?? headStartMs);
    this.request = request;
    this.clock = clock;
    this.plan = composePlan(request, clock.epochMs, times.intervalMs);
    this.file = request.logPath === undefined ? undefined : new LogFile(request.logPath);
    this.writer = new IntervalWriter(clock, this.plan, this.file);
    const recorded = request.streams.map(({ user, workload: { phases } }) => ({ ...user, phases }));
    const users = request.streams.map(({ user }) => user);
    const secrets = secretsOf(targetSecrets(request.target, users));
    const { samplesPath } = request;
    const samples = samplesPath === undefined ? undefined : new SamplesFile(samplesPath);
    this.samples = samples;
    this.recorder = new Recorder(clock, recorded, {
      redact: (text) => redactDetail(text, secrets),
      onCommit: samples?.add.bind(samples),
      newStallWatch: request.slice.count > 1 ? () => new GapWatch() : undefined,
      isGood: goodputOf(request.budgets),
    });
    this.deadlines = new Deadlines(clock);
    const { recorder, deadlines, writer } = this;
    const runId = userStem(request.identity);
    const setting = { ...request, clock, recorder, deadlines, runId };
    const isSteerable = request.steering !== undefined && request.steering.refusal === undefined;
    this.streams = request.streams.map(
      (stream, n) => new LoadStream(stream, n, { ...setting, isSteerable: n === 0 && isSteerable }),
    );
    this.monitor = targetMonitor({ ...request, clock });
    this.steering = request.steering && this.steeringBy(request.steering);
    this.closer = new IntervalCloser({
      clock,
      recorder,
      writer,
      times,
      gauges: this.streams.map(({ gauge }) => gauge),
      readings: this.monitor && (() => this.monitor!.take()),
      sockets: socketsOf(request),
      stages: this.steering && (() => this.steering!.takeStages()),
      watchesLoop: request.watchesLoop ?? request.clock === undefined,
      onClosed: this.abortIfHopeless.bind(this),
    });
  }

  /** Runs the load to its end and returns its result. Call once. */
  async run(): Promise<Result> {
    this.begunLateMs = Math.max(0, this.clock.now());
    this.closer.start();
    this.monitor?.start();
    this.steering?.start();
    const executors = Promise.all(this.streams.map((stream) => stream.run())).catch(
      (error: unknown) => {
        this.stop({ cause: 'crashed', detail: `the generator failed: ${stackOf(error)}` });
      },
    );
    // A slice whose users are through stays to the end: the load of the others goes on.
    const through = this.plan.slice.count > 1 ? this.ended.raised : executors;
    await Promise.race([this.untilPlannedEnd(), this.ended.raised, through]);
    this.stop(ranToItsEnd);
    await this.drain(executors);
    // What it read last, as the load ended, belongs into the last interval.
    await Promise.race([this.monitor?.rest(), this.abandoned.raised]);
    this.recorder.commitOpen();
    this.closer.stop();
    // As it stands now: a task that still runs may fail later, and nothing counts it any more.
    return this.finish({ atMs: this.clock.now(), ...this.recorder.totals });
  }

  /** Stops arrivals at once; what is in flight drains. The first reason given stands. */
  stop(ending: Ending): void {
    if (this.ending === undefined) this.closer.split();
    this.ending ??= ending;
    for (const stream of this.streams) stream.close();
    this.steering?.stop();
    void this.monitor?.rest();
    this.ended.raise();
  }

  /** What a load stream schedules from now on is of this phase, whatever its workload says. */
  enter(stream: number, phase: string): void {
    if (this.ending === undefined) this.streams[stream]!.enter(phase);
  }

  /** Nobody waits any more: what is in flight ends now, as `interrupted`, and the log is closed. */
  cut(): void {
    this.cutInFlight();
    this.abandoned.raise();
  }

  /** Why the interval log is incomplete, if it is. */
  get logFailure(): string | undefined {
    return this.file?.failure;
  }

  private steeringBy(source: SteeringSource): Steering {
    const { clock, recorder } = this;
    const [stream] = this.streams;
    const { workload } = this.request.streams[0]!;
    const stop = (detail: string): void => {
      this.stop({ cause: 'interrupted', detail });
    };
    return new Steering({ clock, recorder, source, workload, stop, stream: stream! });
  }

  private cutInFlight(): void {
    for (const stream of this.streams) stream.cut();
    this.deadlines.interruptAll();
  }

  private abortIfHopeless(): void {
    const { budgets, slice } = this.plan;
    // A slice knows a part of the figures; nobody knows them all before the merge.
    if (this.ending !== undefined || slice.count > 1) return;
    if (!budgets.some((budget) => budget.abortOnFail)) return;
    const detail = abortReason(this.writer.fold.result());
    if (detail !== undefined) this.stop({ cause: 'budget-failed', detail });
  }

  /** A steady state that lacks samples for a budgeted percentile goes on, at most to twice its length. */
  private async untilPlannedEnd(): Promise<void> {
    const workloads = this.request.streams.filter(({ judged }) => judged).map((s) => s.workload);
    const endMs = Math.max(...workloads.map(plannedEndMs));
    for (const stream of this.streams) stream.endsBeside(endMs);
    const { shortened, slice } = this.plan;
    const mayGoOn = !shortened && slice.count === 1 && workloads.every(canBeExtended);
    await new Promise<void>((resolve) => {
      this.endTimer = this.clock.at(endMs, () => {
        if (mayGoOn && lacksSamples(this.writer.fold.result())) resolve();
        else void this.endAt(endMs).then(resolve);
      });
    });
    if (this.hasEnded()) return;
    const lastPhases = workloads.map(({ phases }) => phases.at(-1)!);
    const latestMs = endMs + Math.max(...lastPhases.map((phase) => phase.endMs - phase.startMs));
    // Where there are enough without the interval that is being written, the load ends on time.
    for (let isExtended = false; lacksSamples(this.writer.fold.result()); isExtended = true) {
      await this.writer.written();
      const nowMs = this.clock.now();
      if (this.hasEnded() || nowMs >= latestMs) return;
      if (!lacksSamples(this.writer.fold.result())) return;
      const text = 'the steady state is extended: a budget needs more samples';
      if (!isExtended) this.extended.push(`${text}, after its planned end`);
      await this.clock.until(Math.min(latestMs, nowMs + this.plan.intervalMs));
    }
  }

  private async endAt(endMs: number): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.endAt(endMs)));
    this.stop(ranToItsEnd);
  }

  /** Asked anew after each wait: somebody else may have ended the run. */
  private hasEnded(): boolean {
    return this.ending !== undefined;
  }

  private async drain(executors: Promise<unknown>): Promise<void> {
    const drained = executors.then(() => true);
    const grace = new Signal();
    const timer = this.clock.at(this.clock.now() + graceMs, grace.raise);
    const late = Promise.race([grace.raised, this.abandoned.raised]).then(() => false);
    const isDrained = await Promise.race([drained, late]);
    this.clock.cancel(timer);
    // The end was early: nothing waits for the planned one any more.
    if (this.endTimer !== undefined) this.clock.cancel(this.endTimer);
    if (isDrained) return;
    // An answer that has come in is one: sockets are read once before anything is cut off.
    await this.clock.turn();
    this.cutInFlight();
    await Promise.race([drained, this.clock.until(this.clock.now() + lastCallMs)]);
  }

  private async finish(reached: Pick<End, 'atMs' | 'scheduled' | 'sent'>): Promise<Result> {
    this.clock.close();
    for (const stream of this.streams) await stream.closeClients();
    const { notesBefore = [], healthAfter: askHealth } = this.request;
    const unasked = this.abandoned.raised.then(() => undefined);
    const healthAfter = await Promise.race([askHealth?.(), unasked]);
    // Once the users' connections are closed: what the system still holds now, it keeps.
    await Promise.race([this.monitor?.stop(), unasked]);
    const readings = this.monitor?.take() ?? [];
    await this.writer.written();
    await this.file?.written();
    const monitored = this.monitor?.notes() ?? [];
    const steered = this.steering?.notes() ?? [];
    const own = [...this.recorder.notes(), ...steered];
    const notes = [...notesBefore, ...own, ...monitored, ...this.extended];
    if (this.logFailure !== undefined) notes.push(`interval log not written: ${this.logFailure}`);
    const samplesFailure = await this.samples?.close();
    if (samplesFailure !== undefined) notes.push(`samples not written: ${samplesFailure}`);
    const overflowedLabels = this.recorder.overflowedLabels();
    const end: End = defined({
      type: 'end',
      ...this.ending!,
      ...reached,
      begunLateMs: this.begunLateMs || undefined,
      healthAfter,
      monitor: readings.length === 0 ? undefined : { readings: [...readings] },
      overflowedLabels: overflowedLabels.length === 0 ? undefined : overflowedLabels,
      notes,
    });
    await this.writer.end(end);
    return this.writer.fold.result();
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
