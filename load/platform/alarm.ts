/**
 * Wakes the event loop within a fraction of a millisecond. A timer of the runtime is late by 1 to 2 ms at
 * p99 on an idle machine, as long as some services take to answer; a thread that sleeps until the
 * instant and then posts a message is late by 0.3 to 0.6 ms. It never keeps the process alive.
 */
import type * as threads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/** No instant is set. The largest number of the shared word, 24 days after the clock's start. */
const neverMs = 2 ** 31 - 1;

interface Shared {
  /** The instant that is set, in whole milliseconds of the clock; what the thread sleeps on. */
  readonly due: Int32Array;
  /** Where the clock stands at 0, in milliseconds of `process.hrtime`. */
  readonly originMs: number;
  readonly neverMs: number;
}

export class Alarm {
  private readonly due = new Int32Array(new SharedArrayBuffer(4)).fill(neverMs);
  private readonly thread: Worker;

  /** `nowMs`: what the clock shows, by which instants are meant. */
  constructor(nowMs: number, onDue: () => void) {
    const [seconds, nanoseconds] = process.hrtime();
    const originMs = seconds * 1000 + nanoseconds / 1e6 - nowMs;
    const workerData: Shared = { due: this.due, originMs, neverMs };
    const program = `(${sleepAndWake.toString()})(require('node:worker_threads'))`;
    // The loaders of this process are of no use to the thread, and would take their time.
    this.thread = new Worker(program, { eval: true, workerData, execArgv: [] });
    // The runtime's timers are set as well: without the thread the clock is only less prompt.
    this.thread.on('error', () => undefined);
    this.thread.on('message', onDue);
    // Last: to listen would keep the process alive again.
    this.thread.unref();
  }

  /** The next instant; replaces the one before. One beyond 24 days is left to the runtime's timers. */
  set(atMs: number): void {
    const dueMs = Math.min(Math.max(0, Math.ceil(atMs)), neverMs);
    const before = Atomics.exchange(this.due, 0, dueMs);
    // A later one is seen when the thread wakes for the earlier.
    if (dueMs < before) Atomics.notify(this.due, 0);
  }

  close(): void {
    void this.thread.terminate();
  }
}

/**
 * All that the thread does. It gets its text, so that no file need be found or compiled for it: it may
 * use nothing from outside, and no function of its own (compilers wrap those).
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
