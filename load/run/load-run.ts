/**
 * Runs one load, from its plan to its result. Start reading here: this is the composition root, user + workload
 * + target → result. It starts the executors of the load streams (load-stream.ts), closes the intervals
 * (intervals.ts), ends the load at its planned end, lets it drain, and leaves a complete log even after a
 * failure. Everything before the first request is in preflight.ts and health-check.ts. `stop` starts nothing
 * new, `drain` waits for the requests in flight, `cut` aborts them.
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
import { Latch } from '../platform/latch.ts';
import { LoadStream } from './load-stream.ts';
import { Steering, type SteeringSource } from './steering.ts';
import { targetMonitor, type TargetMonitor } from './target-monitor.ts';
import type { TargetInfo } from '../user/define-user.ts';
import { canBeExtended, plannedEndMs } from '../workload/workload.ts';

export interface RunRequest extends PlanRequest {
  readonly target: PlanRequest['target'] & TargetInfo;
  readonly newClients: NewClients;
  /** How often the monitor reads. Default: every 5 s. */
  readonly monitorIntervalMs?: number | undefined;
  /** The monitor also reads these, such as this machine and its GPUs. Default: nothing. */
  readonly machineSources?: readonly MonitorSource[] | undefined;
  /** Path of the interval log. Without it the result is only kept in memory. */
  readonly logPath?: string | undefined;
  /** Path of the log of single requests. Without it they are only counted. */
  readonly samplesPath?: string | undefined;
  /** Default: the system's clock, starting now. */
  readonly clock?: Clock | undefined;
  /** Whether the event loop is watched. Default: on the system's clock only; virtual time has no delay. */
  readonly watchesLoop?: boolean | undefined;
  /** Changes the first load stream while it runs. Without it the load runs as planned. */
  readonly steering?: SteeringSource | undefined;
  /** Time until the load starts, ms; asked when the clock is made. Default: 100 ms. */
  readonly startsInMs?: (() => number) | undefined;
  /** Notes of the checks before the load. */
  readonly notesBefore?: readonly string[] | undefined;
  /** Asks after the load whether the system is ready again. */
  readonly healthAfter?: (() => Promise<{ ok: boolean; detail: string }>) | undefined;
}

export type Ending = Pick<End, 'cause' | 'detail' | 'sliceLoss'>;

const ranToItsEnd: Ending = { cause: 'completed', detail: 'the load ran to its end' };

/** Leaves time to set up the load, so that the first user is not late. */
const headStartMs = 100;
/** How long requests in flight at the end may take, at most. Their deadlines apply as well. */
const graceMs = 30_000;
/** How long tasks may take to return after all their requests and waits were aborted. */
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
  private readonly ended = new Latch();
  private readonly abandoned = new Latch();

  /** Throws, before the first request, if the log cannot be written. */
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

  /** Runs the load to its end and returns its result. Call it once. */
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
    // A slice whose users are done still waits for the planned end: the other slices go on with the load.
    const through = this.plan.slice.count > 1 ? this.ended.released : executors;
    await Promise.race([this.untilPlannedEnd(), this.ended.released, through]);
    this.stop(ranToItsEnd);
    await this.drain(executors);
    // The monitor's last reading, taken as the load ended, belongs to the last interval.
    await Promise.race([this.monitor?.rest(), this.abandoned.released]);
    this.recorder.commitOpen();
    this.closer.stop();
    // The counts as they are now: a task that still runs may fail later, and that is not counted.
    return this.finish({ atMs: this.clock.now(), ...this.recorder.totals });
  }

  /** Stops arrivals at once; requests in flight drain. If it is called again, the first reason stands. */
  stop(ending: Ending): void {
    if (this.ending === undefined) this.closer.split();
    this.ending ??= ending;
    for (const stream of this.streams) stream.close();
    this.steering?.stop();
    void this.monitor?.rest();
    this.ended.release();
  }

  /** Everything that a load stream schedules from now on belongs to this phase, whatever the workload says. */
  enter(stream: number, phase: string): void {
    if (this.ending === undefined) this.streams[stream]!.enter(phase);
  }

  /** Aborts the requests in flight as `interrupted` and closes the log. */
  cut(): void {
    this.cutInFlight();
    this.abandoned.release();
  }

  /** Why the interval log is incomplete. Undefined if it is complete. */
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
    // A slice has only a part of the figures; all of them are known after the merge.
    if (this.ending !== undefined || slice.count > 1) return;
    if (!budgets.some((budget) => budget.abortOnFail)) return;
    const detail = abortReason(this.writer.fold.result());
    if (detail !== undefined) this.stop({ cause: 'budget-failed', detail });
  }

  /** Extends a steady state that lacks samples for a budgeted percentile, up to twice its length. */
  private async untilPlannedEnd(): Promise<void> {
    const workloads = this.request.streams.filter(({ judged }) => judged).map((s) => s.workload);
    const endMs = Math.max(...workloads.map(plannedEndMs));
    for (const stream of this.streams) stream.endWithin(endMs);
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
    // If there are enough samples without the interval being written, the load ends on time.
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

  /** Checked after each wait, since the run may have been ended meanwhile. */
  private hasEnded(): boolean {
    return this.ending !== undefined;
  }

  private async drain(executors: Promise<unknown>): Promise<void> {
    const drained = executors.then(() => true);
    const grace = new Latch();
    const timer = this.clock.at(this.clock.now() + graceMs, grace.release);
    const late = Promise.race([grace.released, this.abandoned.released]).then(() => false);
    const isDrained = await Promise.race([drained, late]);
    this.clock.cancel(timer);
    // If the load ended early, the timer of its planned end is still set.
    if (this.endTimer !== undefined) this.clock.cancel(this.endTimer);
    if (isDrained) return;
    // An answer that has already arrived counts, so sockets are read once before anything is aborted.
    await this.clock.turn();
    this.cutInFlight();
    await Promise.race([drained, this.clock.until(this.clock.now() + lastCallMs)]);
  }

  private async finish(reached: Pick<End, 'atMs' | 'scheduled' | 'sent'>): Promise<Result> {
    this.clock.close();
    for (const stream of this.streams) await stream.closeClients();
    const { notesBefore = [], healthAfter: askHealth } = this.request;
    const unasked = this.abandoned.released.then(() => undefined);
    const healthAfter = await Promise.race([askHealth?.(), unasked]);
    // The monitor reads last, when the users' connections are closed, to see what the system still holds.
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
