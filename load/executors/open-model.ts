/**
 * Open model: iterations start when they are due, however slow the system is. Virtual users are added as
 * arrivals need them. An arrival that finds no free user waits, and the wait is part of its response
 * time. An arrival is dropped, and counted, only if the backlog is full.
 */
import pLimit from 'p-limit';
import { dueMs } from '../platform/clock.ts';
import { ArrivalInstants } from '../workload/arrival-instants.ts';
import { isOwned, ownedCount, ownedIndex } from '../workload/slice.ts';
import type { OpenWorkload } from '../workload/workload.ts';
import type { ExecutorContext, Iteration, VirtualUser } from './executor.ts';

/**
 * Resolves when the gate is closed (or there are no more arrivals) and the last iteration is done.
 * Arrivals that were due before the gate closed but that this machine did not start in time count as
 * interrupted.
 */
export async function runOpenModel(
  workload: OpenWorkload,
  context: ExecutorContext,
): Promise<void> {
  const pool = new VirtualUserPool(workload, context);
  const arrivals = new ArrivalInstants(workload, context.key);
  context.onSteerable?.((rate) => {
    const planned = arrivals.steer(context.clock.now(), rate);
    context.gate.wake(new Set([arrivals]));
    return planned;
  });
  let index = 0;
  let owned = 0;
  for (let plannedMs = arrivals.atMs; Number.isFinite(plannedMs); plannedMs = arrivals.atMs) {
    if (isOwned(index, context.slice)) {
      const due = dueMs(plannedMs);
      context.gate.nextArrivalMs = due;
      const { changes } = arrivals;
      const hasComeInTime = await context.gate.wait(due, arrivals);
      // The rate was changed during the wait, so this arrival is due at another moment.
      if (arrivals.changes !== changes) continue;
      if (!hasComeInTime && due >= context.gate.endMs) break;
      const arrival: Arrival = { dueMs: due, readyMs: due, index };
      if (hasComeInTime) pool.arrive(arrival);
      else context.onUnstarted(iterationOf(arrival), 'interrupted');
      // When arrivals are late, nothing above waits; sockets and timers still need turns of the event
      // loop.
      if (owned % arrivalsPerTurn === 0 && context.clock.now() > due + 1)
        await context.clock.turn();
      owned += 1;
    }
    index += 1;
    arrivals.advance();
  }
  context.gate.nextArrivalMs = Infinity;
  await pool.finish();
}

const arrivalsPerTurn = 64;

interface Arrival {
  readonly dueMs: number;
  /** When a user was free for it: when it was due, or, if all users were at work, when one of them finished. */
  readyMs: number;
  readonly index: number;
}

/** A user that waits for an arrival or for the end of the load. */
interface IdleUser {
  readonly sinceMs: number;
  readonly take: (arrival: Arrival | undefined) => void;
}

/** The virtual users of one open load, added as arrivals need them, up to the stated maximum. */
class VirtualUserPool {
  private readonly context: ExecutorContext;
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly waiting: Backlog<Arrival>;
  /** In the order in which they became idle. */
  private readonly idle: IdleUser[] = [];
  private readonly running: Promise<void>[] = [];
  private readonly maxUsers: number;
  private isOver = false;
  /** Number of users created so far, including those that replace a user after its session. */
  private numbered = 0;

  constructor(workload: OpenWorkload, context: ExecutorContext) {
    this.context = context;
    // The limits apply to all slices together; each slice gets its share, at least one user.
    this.maxUsers = Math.max(1, ownedCount(workload.maxUsers, context.slice));
    this.waiting = new Backlog(ownedCount(workload.maxBacklog, context.slice));
    this.limit = pLimit(this.maxUsers);
  }

  arrive(arrival: Arrival): void {
    const isFull = this.running.length >= this.maxUsers;
    const firstIdle = this.idle[0];
    const free = this.idle.pop();
    if (firstIdle !== undefined && free !== undefined) {
      // An arrival that starts late may have been due while all users were still at work.
      if (isFull) arrival.readyMs = Math.max(arrival.dueMs, firstIdle.sinceMs);
      free.take(arrival);
      return;
    }
    if (this.running.length < this.maxUsers) {
      this.running.push(this.limit(() => this.atWork(arrival)));
    } else if (!this.waiting.add(arrival)) {
      this.context.onUnstarted(iterationOf(arrival), 'dropped');
    }
    this.context.gauge.backlog = this.waiting.length;
  }

  /** Ends the load: idle users stop, waiting arrivals are counted as interrupted. */
  async finish(): Promise<void> {
    this.isOver = true;
    for (const { take } of this.idle.splice(0)) take(undefined);
    if (this.context.gate.isClosed) this.cutBacklog();
    await Promise.all(this.running);
    this.cutBacklog();
  }

  private cutBacklog(): void {
    for (let arrival = this.waiting.take(); arrival !== undefined; arrival = this.waiting.take()) {
      this.context.onUnstarted(iterationOf(arrival), 'interrupted');
    }
    this.context.gauge.backlog = 0;
  }

  private async atWork(first: Arrival): Promise<void> {
    const { context } = this;
    context.gauge.users += 1;
    let user: VirtualUser | undefined;
    let hasStarted = true;
    let arrival: Arrival | undefined = first;
    for (; arrival !== undefined; arrival = await this.next()) {
      let { readyMs } = arrival;
      if (user === undefined) {
        user = context.newUser(ownedIndex(this.numbered++, context.slice));
        const startedMs = await user.start(arrival.dueMs, readyMs);
        // A user whose `onStart` failed runs one iteration all the same, so that the error is counted.
        hasStarted = startedMs !== undefined;
        readyMs = startedMs ?? context.clock.now();
      }
      await user.iterate(iterationOf({ ...arrival, readyMs }));
      if (user.isSpent || !hasStarted) {
        await user.stop();
        user = undefined;
      }
    }
    await user?.stop();
    context.gauge.users -= 1;
  }

  private next(): Arrival | undefined | Promise<Arrival | undefined> {
    const { clock, gate, gauge } = this.context;
    const arrival = gate.isClosed ? undefined : this.waiting.take();
    gauge.backlog = this.waiting.length;
    if (arrival !== undefined) return { ...arrival, readyMs: clock.now() };
    if (this.isOver || gate.isClosed) return undefined;
    return new Promise((take) => this.idle.push({ sinceMs: clock.now(), take }));
  }
}

function iterationOf({ dueMs: due, readyMs, index }: Arrival): Iteration {
  return { dueMs: due, readyMs, index, n: 0 };
}

/** A bounded first-in-first-out queue; `take` runs in constant time. */
export class Backlog<T> {
  private items: T[] = [];
  private first = 0;
  private readonly bound: number;

  constructor(bound: number) {
    this.bound = bound;
  }

  get length(): number {
    return this.items.length - this.first;
  }

  /** Returns false, without adding the item, if the queue is full. */
  add(item: T): boolean {
    if (this.length >= this.bound) return false;
    this.items.push(item);
    return true;
  }

  take(): T | undefined {
    if (this.first >= this.items.length) return undefined;
    const item = this.items[this.first];
    this.first += 1;
    if (this.first > 1024 && this.first * 2 > this.items.length) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
    return item;
  }
}
