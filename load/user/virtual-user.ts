/**
 * A running virtual user: turns a user definition's tasks into iterations, and is the scope in which its
 * client sends. A request that has ended is held until the iteration's next step, so that the task can
 * still label it or mark it as failed. Then it is counted.
 */
import type { Client } from '../clients/client.ts';
import { RequestNotOk, type RequestScope } from '../clients/scope.ts';
import { dueMs, type Clock } from '../platform/clock.ts';
import { parseDurationMs } from '../platform/duration.ts';
import type { Iteration, VirtualUser as Runnable } from '../executors/executor.ts';
import { labelText } from '../metrics/record/label-text.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import type { Sample, SeriesRef } from '../metrics/record/sample.ts';
import type { SeriesBuffer } from '../metrics/record/series-buffer.ts';
import { purpose } from '../platform/random.ts';
import { Draws, type AnyTask } from './draws.ts';
import { loadOver, measure } from './measured.ts';
import { recordValue } from './record-value.ts';
import type { TaskContext, UserIdentity } from './define-user.ts';
import { alwaysTolerates, type LoadStreamContext } from './load-stream-context.ts';

const [startName, stopName] = ['onStart', 'onStop'];
const startDeadlineMs = 30_000;
/** An `onStart` without requests counts as work if it takes at least this long. */
const shortestWorkMs = 1;
const notSent = -1;
const taskDraw = purpose('random() of a task');
const startDraw = purpose('random() of onStart');

/** Thrown through a task that called `fail`. */
const iterationOver = new Error('the iteration is over');

/** How a request ended, or how an iteration without requests ended. */
type RequestEnding = Pick<Sample, 'outcome' | 'errorKind' | 'errorDetail'>;

export class VirtualUser implements Runnable, RequestScope {
  readonly clock: Clock;
  readonly recorder: Recorder;
  deadlineMs = startDeadlineMs;
  toleratesDegraded = false;
  private readonly loadStream: LoadStreamContext;
  private readonly identity: UserIdentity;
  private readonly client: Client;
  private readonly context: TaskContext<unknown, unknown, string>;
  private taskName = startName;
  /** When the requests are due that the iteration sends before any of them has ended. */
  private dueMs = 0;
  private readyMs = 0;
  /** True once a request has ended or the task has waited. Later requests are due when they are sent. */
  private isUnderWay = true;
  /** The count of fired timers when the first request was sent. */
  private sentAfter = notSent;
  private held: Sample | undefined;
  /** The iteration's request that was answered last, whether it is counted or not. */
  private answered: Sample | undefined;
  private labels: Readonly<Record<string, string>> | undefined;
  private readonly draws: Draws;
  private requests = 0;
  private hasStarted = false;
  /** How the failed request of `onStart` ended. Iterations without that `onStart` end the same way. */
  private notStarted: RequestEnding | undefined;
  /** Requests that were sent and not settled. A task may end before the requests that it sent in parallel. */
  private outstanding = 0;
  private onAllSettled: () => void = () => undefined;
  private state: unknown;

  constructor(loadStream: LoadStreamContext, number: number) {
    this.loadStream = loadStream;
    this.clock = loadStream.clock;
    this.recorder = loadStream.recorder;
    this.identity = { number, uniqueId: `${loadStream.runId}-${number}` };
    this.draws = new Draws(loadStream.key, loadStream.data);
    this.draws.restart(number, startDraw, 0);
    this.client = loadStream.newClient(this, this.identity);
    this.context = this.newContext();
  }

  get isSpent(): boolean {
    const { session } = this.loadStream.definition;
    return session !== undefined && this.requests >= session.requests;
  }

  async start(dueMs: number, freeMs: number): Promise<number | undefined> {
    const { onStart } = this.loadStream.definition;
    this.hasStarted = onStart === undefined;
    if (onStart === undefined) return freeMs;
    this.begin(startName, startDeadlineMs, alwaysTolerates(this.loadStream));
    this.isDueAt(dueMs, freeMs);
    const beganMs = this.clock.now();
    this.hasStarted = await this.attempt(async (context) => {
      this.state = await onStart(context);
    });
    const hadWork = this.requests > 0 || this.clock.now() - beganMs >= shortestWorkMs;
    this.requests = 0;
    if (!this.hasStarted) return undefined;
    return hadWork ? this.clock.now() : freeMs;
  }

  iterate({ dueMs, readyMs, index, n }: Iteration): Promise<boolean> {
    const { name, task } = this.loadStream.picker.pick(this.loadStream.key, index, n);
    this.draws.restart(index, taskDraw, n);
    return this.runTask(name, task, dueMs, readyMs);
  }

  /** Runs one iteration of the named task. Returns false if it did not succeed. */
  runTask(name: string, task: AnyTask, dueMs: number, readyMs: number): Promise<boolean> {
    this.begin(name, task.deadlineMs, task.toleratesDegraded);
    this.isDueAt(dueMs, readyMs);
    return this.attempt(task.run);
  }

  async stop(): Promise<void> {
    const { onStop } = this.loadStream.definition;
    // A user whose `onStart` failed or never ran has no state for `onStop`.
    if (onStop !== undefined && this.hasStarted) {
      this.begin(stopName, startDeadlineMs, alwaysTolerates(this.loadStream));
      await this.attempt(onStop, { ...this.context, state: this.state });
    }
    await this.client.close();
  }

  schedule(name: string | undefined, method?: string): Sample {
    const { gate } = this.loadStream;
    if (gate.isCut || (gate.isClosed && this.taskName !== stopName)) throw loadOver;
    this.commitHeld();
    this.requests += 1;
    this.outstanding += 1;
    const series = this.refOf(name ?? this.taskName, method);
    // Requests that a task sends at once are all due with the iteration, so a late start of the last one
    // shows.
    this.isUnderWay ||= this.hasWaited();
    const scheduledAtMs = this.isUnderWay ? this.clock.now() : this.dueMs;
    const readyMs = this.isUnderWay ? scheduledAtMs : this.readyMs;
    const sample = this.recorder.schedule(series, scheduledAtMs, readyMs);
    sample.labels = this.labels;
    sample.user = this.identity.number;
    return sample;
  }

  settle(sample: Sample): void {
    this.commitHeld();
    this.isUnderWay = true;
    this.outstanding -= 1;
    this.held = this.answered = sample;
    // With other requests in flight the next step may be far away, so this one is counted now.
    if (this.outstanding > 0) this.commitHeld();
    else this.onAllSettled();
  }

  /**
   * Whether the task has waited for something other than a request since it sent its first one, such as
   * the first chunk of an answer. What it sends then was not due with the first request.
   */
  private hasWaited(): boolean {
    const { fired } = this.clock;
    if (this.sentAfter === notSent) this.sentAfter = fired;
    return this.sentAfter !== fired;
  }

  private begin(taskName: string, deadlineMs: number, toleratesDegraded: boolean): void {
    this.taskName = taskName;
    this.deadlineMs = deadlineMs;
    this.toleratesDegraded = toleratesDegraded;
    this.labels = undefined;
    this.answered = undefined;
  }

  private isDueAt(dueMs: number, readyMs: number): void {
    this.dueMs = dueMs;
    this.readyMs = readyMs;
    this.isUnderWay = false;
    this.sentAfter = notSent;
  }

  /**
   * Runs a piece of the user's code; false if it did not succeed. It is not an async function, since that
   * would cost each iteration another promise and another suspension.
   */
  private attempt(
    run: (context: TaskContext<unknown, unknown, string>) => Promise<void> | void,
    context = this.context,
  ): Promise<boolean> {
    try {
      return Promise.resolve(run(context)).then(this.onDone, this.onThrown);
    } catch (error) {
      return Promise.resolve(this.onThrown(error));
    }
  }

  private readonly onDone = (): boolean | Promise<boolean> =>
    this.conclude((this.held?.outcome ?? 'ok') === 'ok');

  private readonly onThrown = (error: unknown): boolean | Promise<boolean> => {
    if (this.taskName === startName) this.notStarted = endingOf(error);
    this.loadStream.onThrown?.(error);
    if (!isSettled(error)) this.markFailed(describe(error));
    return this.conclude(false);
  };

  /** The iteration waits for all the requests that it sent; their deadlines limit the wait. */
  private conclude(wentThrough: boolean): boolean | Promise<boolean> {
    if (this.outstanding > 0) return this.allSettled().then(() => this.conclude(wentThrough));
    this.commitHeld();
    return wentThrough;
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
      const failed: RequestEnding = { outcome: 'failed', errorKind: 'task', errorDetail: reason };
      const { outcome, errorKind, errorDetail } = this.notStarted ?? failed;
      this.recorder.commitUnsent(series, this.clock.now(), outcome, errorKind, errorDetail);
    } else if (this.held.outcome === 'ok') {
      this.held.judge('failed', 'task', reason);
    }
  }

  private refOf(request: string, method?: string): SeriesRef {
    return this.recorder.ref(this.loadStream.number, this.taskName, request, method);
  }

  private newContext(): TaskContext<unknown, unknown, string> {
    const state = (): unknown => this.state;
    return {
      http: this.client.http,
      user: this.identity,
      target: this.loadStream.target,
      data: { next: this.draws.nextRow },
      get state() {
        return state();
      },
      random: this.draws.random,
      wait: (duration) => this.wait(parseDurationMs(duration, 'wait')),
      fail: (reason) => {
        this.markFailed(reason);
        throw iterationOver;
      },
      label: (name, value) => {
        const text = labelText(name, value);
        this.labels = { ...this.labels, [name]: text };
        if (this.held !== undefined) this.held.labels = { ...this.held.labels, [name]: text };
      },
      record: (metric, value) => {
        recordValue(this.loadStream.definition.metrics, metric, value, this.bufferOfRecord);
      },
      measure: (name, send) => measure(this, this.schedule(name), this.loadStream.deadlines, send),
    };
  }

  private async wait(durationMs: number): Promise<void> {
    this.commitHeld();
    const atMs = dueMs(this.clock.now() + durationMs);
    if (!(await this.loadStream.gate.wait(atMs))) throw loadOver;
    this.isDueAt(atMs, atMs);
  }

  /**
   * The value belongs to the latest answered request and counts where that counts, so that shares of all
   * requests include the failed ones. Before the first request it counts under the task's name.
   */
  private readonly bufferOfRecord = (): SeriesBuffer => {
    const { answered, labels } = this;
    if (answered === undefined) {
      return this.recorder.bufferOf(this.refOf(this.taskName), this.clock.now(), labels);
    }
    const all = answered.labels === undefined ? labels : { ...answered.labels, ...labels };
    return this.recorder.bufferOf(answered.series, answered.scheduledAtMs, all);
  };
}

/** Whether the error from the user's code is already counted, or is no failure. */
function isSettled(error: unknown): boolean {
  return error === iterationOver || error === loadOver || error instanceof RequestNotOk;
}

/** How the request ended that the error reports. */
function endingOf(error: unknown): RequestEnding | undefined {
  if (!(error instanceof RequestNotOk)) return undefined;
  const { outcome, errorKind, errorDetail } = error.sample;
  return { outcome, errorKind, errorDetail };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
