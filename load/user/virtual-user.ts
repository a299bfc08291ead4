/**
 * One virtual user at work: turns a user definition's tasks into iterations, and is the scope in which
 * its client sends. A request that has ended is held until the iteration's next step, so that the task
 * can still label it or declare it failed; then it is counted.
 */
import { RequestNotOk, type RequestScope } from '../clients/scope.ts';
import { dueMs, type Clock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import type { Iteration, VirtualUser as Runnable } from '../executors/executor.ts';
import type { Recorder } from '../metrics/recorder.ts';
import type { Sample } from '../metrics/sample.ts';
import type { SeriesRef } from '../metrics/series-ref.ts';
import { purpose, uniform } from '../random.ts';
import { loadOver, Measured } from './measured.ts';
import type { Task, TaskContext, UserIdentity } from './define-user.ts';
import { recordMetric } from './record-metric.ts';
import type { Client, Stream } from './stream.ts';

/** Thrown through a task that failed itself. */
const iterationOver = new Error('the iteration is over');

const startName = 'onStart';
const stopName = 'onStop';
const startDeadlineMs = 30_000;
/** What `onStart` does without a request counts as work from here on. */
const shortestWorkMs = 1;
const taskDraw = purpose('random() of a task');
const startDraw = purpose('random() of onStart');

export class VirtualUser implements Runnable, RequestScope {
  readonly clock: Clock;
  readonly recorder: Recorder;
  deadlineMs = startDeadlineMs;
  toleratesDegraded = false;
  private readonly stream: Stream;
  private readonly identity: UserIdentity;
  private readonly client: Client;
  private readonly context: TaskContext<unknown, unknown, string>;
  private taskName = startName;
  /** Of the iteration's first requests; NaN once one of them has ended. */
  private dueMs = NaN;
  private readyMs = NaN;
  private held: Sample | undefined;
  private labels: Readonly<Record<string, string>> | undefined;
  private draws = { index: 0, what: startDraw, n: 0 };
  private requests = 0;
  private hasStarted = false;
  /** Requests scheduled and not settled: a task may end before what it sent in parallel. */
  private outstanding = 0;
  private onAllSettled: () => void = () => undefined;
  private state: unknown = undefined;

  constructor(stream: Stream, number: number) {
    this.stream = stream;
    this.clock = stream.clock;
    this.recorder = stream.recorder;
    this.identity = { number, uniqueId: `${stream.runId}-${number}` };
    this.draws.index = number;
    this.client = stream.newClient(this, this.identity);
    this.context = this.newContext();
  }

  get isSpent(): boolean {
    const { session } = this.stream.definition;
    return session !== undefined && this.requests >= session.requests;
  }

  async start(dueMs: number, freeMs: number): Promise<number | undefined> {
    const { onStart } = this.stream.definition;
    this.hasStarted = onStart === undefined;
    if (onStart === undefined) return freeMs;
    this.begin(startName, startDeadlineMs, false);
    this.dueMs = dueMs;
    this.readyMs = freeMs;
    const beganMs = this.clock.now();
    this.hasStarted = await this.attempt(async () => {
      this.state = await onStart(this.context);
    });
    const hadWork = this.requests > 0 || this.clock.now() - beganMs >= shortestWorkMs;
    this.requests = 0;
    if (!this.hasStarted) return undefined;
    return hadWork ? this.clock.now() : freeMs;
  }

  iterate({ dueMs, readyMs, index, n }: Iteration): Promise<boolean> {
    const { name, task } = this.stream.picker.pick(this.stream.key, index, n);
    this.draws = { index, what: taskDraw, n };
    return this.runTask(name, task, dueMs, readyMs);
  }

  /** One iteration of a stated task; false where it did not go through. */
  runTask(
    name: string,
    task: Task<unknown, unknown, string>,
    dueMs: number,
    readyMs: number,
  ): Promise<boolean> {
    this.begin(name, task.deadlineMs, task.toleratesDegraded);
    this.dueMs = dueMs;
    this.readyMs = readyMs;
    return this.attempt(() => task.run(this.context));
  }

  async stop(): Promise<void> {
    const { onStop } = this.stream.definition;
    // One that never started has no state to say good-bye with.
    if (onStop !== undefined && this.hasStarted) {
      this.begin(stopName, startDeadlineMs, false);
      const context = { ...this.context, state: this.state };
      await this.attempt(() => onStop(context));
    }
    await this.client.close();
  }

  schedule(name: string | undefined): Sample {
    const { gate } = this.stream;
    if (gate.isCut || (gate.isClosed && this.taskName !== stopName)) throw loadOver;
    this.commitHeld();
    this.requests += 1;
    this.outstanding += 1;
    const nowMs = this.clock.now();
    const isFirst = this.dueMs <= nowMs;
    const series = this.refOf(name ?? this.taskName);
    const scheduledAtMs = isFirst ? this.dueMs : nowMs;
    const sample = this.recorder.schedule(series, scheduledAtMs, isFirst ? this.readyMs : nowMs);
    sample.labels = this.labels;
    return sample;
  }

  settle(sample: Sample): void {
    this.commitHeld();
    this.dueMs = NaN;
    this.outstanding -= 1;
    this.held = sample;
    // Beside others in flight it may be long before the next step: it is counted where it ended.
    if (this.outstanding > 0) this.commitHeld();
    else this.onAllSettled();
  }

  private begin(taskName: string, deadlineMs: number, toleratesDegraded: boolean): void {
    this.taskName = taskName;
    this.deadlineMs = deadlineMs;
    this.toleratesDegraded = toleratesDegraded;
    this.labels = undefined;
  }

  private async attempt(run: () => Promise<void> | void): Promise<boolean> {
    try {
      await run();
      return (this.held?.outcome ?? 'ok') === 'ok';
    } catch (error) {
      const isCounted =
        error instanceof RequestNotOk || error === iterationOver || error === loadOver;
      if (!isCounted) this.markFailed(describe(error));
      return false;
    } finally {
      // What was sent belongs to this iteration; deadlines bound the wait.
      if (this.outstanding > 0) await this.allSettled();
      this.commitHeld();
    }
  }

  private allSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.onAllSettled = resolve;
    });
  }

  private commitHeld(): void {
    if (this.held === undefined) return;
    this.recorder.commit(this.held);
    this.held = undefined;
  }

  private markFailed(reason: string): void {
    if (this.held === undefined) {
      const series = this.refOf(this.taskName);
      this.recorder.commitUnsent(series, this.clock.now(), 'failed', 'task', reason);
    } else if (this.held.outcome === 'ok') {
      this.held.judge('failed', 'task', reason);
    }
  }

  private refOf(request: string): SeriesRef {
    return this.recorder.ref(this.stream.number, this.taskName, request);
  }

  private newContext(): TaskContext<unknown, unknown, string> {
    const state = (): unknown => this.state;
    return {
      http: this.client.http,
      user: this.identity,
      target: this.stream.target,
      data: { next: () => this.nextRow() },
      get state() {
        return state();
      },
      random: () => {
        const { index, what, n } = this.draws;
        this.draws.n += 1;
        return uniform(this.stream.key, index, what, n);
      },
      wait: (duration) => this.wait(parseDurationMs(duration, 'wait')),
      fail: (reason) => {
        this.markFailed(reason);
        throw iterationOver;
      },
      label: (name, value) => {
        this.labels = { ...this.labels, [name]: value };
        if (this.held !== undefined) this.held.labels = { ...this.held.labels, [name]: value };
      },
      record: (metric, value) => {
        this.record(metric, value);
      },
      measure: (name, send) => this.measure(name, send),
    };
  }

  private nextRow(): unknown {
    const { data, definition } = this.stream;
    if (data === undefined) throw new Error(`user ${definition.system}: has no dataset ("data")`);
    this.draws.n += 1;
    return data.next(this.draws.index, this.draws.n);
  }

  private async wait(durationMs: number): Promise<void> {
    this.commitHeld();
    const atMs = dueMs(this.clock.now() + durationMs);
    if (!(await this.stream.gate.wait(atMs))) throw loadOver;
    this.dueMs = atMs;
    this.readyMs = atMs;
  }

  private record(metric: string, value: number): void {
    const { metrics } = this.stream.definition;
    const declared = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    const buffer = this.recorder.bufferOf(this.refOf(this.taskName), this.clock.now(), this.labels);
    recordMetric(buffer, declared, metric, value);
  }

  private measure<T>(name: string, send: () => Promise<T>): Promise<T> {
    const measured = new Measured<T>(this, this.schedule(name), this.stream.deadlines);
    return measured.run(send);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
