/**
 * Wakes the event loop within a fraction of a millisecond. On an idle machine a timer of the runtime is
 * late by 1 to 2 ms at p99, which is as long as some services take to answer. A thread that sleeps until
 * the instant and then posts a message is late by 0.3 to 0.6 ms. It does not keep the process alive.
 */
import type * as threads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/** No instant is set. This is the largest number of the shared word, 24 days after the clock's start. */
const neverMs = 2 ** 31 - 1;

interface Shared {
  /** The next instant, in whole milliseconds of the clock; the thread sleeps on this word. */
  readonly due: Int32Array;
  /** The clock's zero, in milliseconds of `process.hrtime`. */
  readonly originMs: number;
  readonly neverMs: number;
}

export class Alarm {
  private readonly due = new Int32Array(new SharedArrayBuffer(4)).fill(neverMs);
  private readonly thread: Worker;

  /** `nowMs`: the current time of the clock. */
  constructor(nowMs: number, onDue: () => void) {
    const [seconds, nanoseconds] = process.hrtime();
    const originMs = seconds * 1000 + nanoseconds / 1e6 - nowMs;
    const workerData: Shared = { due: this.due, originMs, neverMs };
    const program = `(${sleepAndWake.toString()})(require('node:worker_threads'))`;
    // The thread does not need the loaders of this process, which would slow its start.
    this.thread = new Worker(program, { eval: true, workerData, execArgv: [] });
    // The runtime's timers are set as well, so without the thread the clock is only less precise.
    this.thread.on('error', () => undefined);
    this.thread.on('message', onDue);
    // Called last, since adding a listener would keep the process alive again.
    this.thread.unref();
  }

  /**
   * Sets the next instant, replacing the one before. Instants beyond 24 days are left to the runtime's
   * timers.
   */
  set(atMs: number): void {
    const dueMs = Math.min(Math.max(0, Math.ceil(atMs)), neverMs);
    const before = Atomics.exchange(this.due, 0, dueMs);
    // A later instant is read when the thread wakes for the earlier one.
    if (dueMs < before) Atomics.notify(this.due, 0);
  }

  close(): void {
    void this.thread.terminate();
  }
}

/**
 * The thread's whole code. It is passed as text, so that no file has to be found or compiled. So it must
 * not use anything from outside, nor inner functions, which compilers wrap.
 */
function sleepAndWake({ parentPort, workerData }: typeof threads): never {
  const { due, originMs, neverMs: never } = workerData as Shared;
  for (;;) {
    const dueMs = Atomics.load(due, 0);
    const [seconds, nanoseconds] = process.hrtime();
    const nowMs = seconds * 1000 + nanoseconds / 1e6 - originMs;
    const leftMs = dueMs === never ? Infinity : dueMs - nowMs;
    if (leftMs > 0) Atomics.wait(due, 0, dueMs, leftMs);
    else if (Atomics.compareExchange(due, 0, dueMs, never) === dueMs) parentPort!.postMessage(0);
  }
}
