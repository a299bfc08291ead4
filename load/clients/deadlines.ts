/**
 * The requests in flight, each with its deadline. Requests with one deadline expire in the order in which
 * they were sent. So each distinct deadline has a linked list and one timer for its head: adding and
 * removing cost a few assignments, and no AbortSignal is made (one doubles the cost of a request).
 * Sockets are read once before a request expires. If this machine was held up, the answer may have
 * arrived in time and only wait to be read. An answer read in that turn of the event loop counts.
 */
import type { Clock, Timer } from '../platform/clock.ts';

/** A request in flight that can be ended from this side. `expire` is called at most once per `add`. */
export abstract class InFlight {
  previous: InFlight | undefined;
  next: InFlight | undefined;
  list: DeadlineList | undefined;
  dueMs = 0;

  /** `timeout`: the deadline passed. `interrupted`: the run was cut off. The entry is off the list already. */
  abstract expire(reason: 'timeout' | 'interrupted'): void;
}

export class Deadlines {
  private readonly lists = new Map<number, DeadlineList>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Watches `entry`, sent at `sentAtMs`, for `deadlineMs`. */
  add(entry: InFlight, deadlineMs: number, sentAtMs: number): void {
    let list = this.lists.get(deadlineMs);
    if (list === undefined) this.lists.set(deadlineMs, (list = new DeadlineList(this.clock)));
    list.add(entry, sentAtMs + deadlineMs);
  }

  /** Safe to call for an entry that has already expired. */
  remove(entry: InFlight): void {
    entry.list?.remove(entry);
  }

  /** Ends all requests in flight, since the run is cut off. */
  interruptAll(): void {
    for (const list of this.lists.values()) list.interruptAll();
  }
}

class DeadlineList {
  private head: InFlight | undefined;
  private tail: InFlight | undefined;
  /**
   * The timer of the head. While sockets are read before a sweep, the fired timer keeps another from
   * being set.
   */
  private timer: Timer | undefined;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(entry: InFlight, dueMs: number): void {
    entry.list = this;
    entry.dueMs = dueMs;
    // Requests that go on after a pause may expire before later entries, so the list is kept sorted.
    let before = this.tail;
    while (before !== undefined && before.dueMs > dueMs) before = before.previous;
    const after = before === undefined ? this.head : before.next;
    entry.previous = before;
    entry.next = after;
    if (before === undefined) this.head = entry;
    else before.next = entry;
    if (after === undefined) this.tail = entry;
    else after.previous = entry;
    // A removed entry keeps its timer. When it fires, it is set again for the head of that moment.
    if (this.timer === undefined || this.timer.atMs > dueMs) this.setTimer(dueMs);
  }

  remove(entry: InFlight): void {
    if (entry.previous === undefined) this.head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.tail = entry.previous;
    else entry.next.previous = entry.previous;
    entry.previous = entry.next = entry.list = undefined;
  }

  interruptAll(): void {
    while (this.head !== undefined) this.expireHead('interrupted');
  }

  private expireHead(reason: 'timeout' | 'interrupted'): void {
    const entry = this.head!;
    this.remove(entry);
    entry.expire(reason);
  }

  private readonly onTime = (): void => {
    const nowMs = this.clock.now();
    if (this.head === undefined || this.head.dueMs > nowMs) this.rearm();
    else
      void this.clock.turn().then(() => {
        this.sweep(nowMs);
      });
  };

  /** Expires the entries that were due before the sockets were read and are still open. */
  private sweep(dueMs: number): void {
    while (this.head !== undefined && this.head.dueMs <= dueMs) this.expireHead('timeout');
    this.rearm();
  }

  private setTimer(dueMs: number): void {
    if (this.timer !== undefined) this.clock.cancel(this.timer);
    this.timer = this.clock.at(dueMs, this.onTime);
  }

  private rearm(): void {
    this.timer = this.head && this.clock.at(this.head.dueMs, this.onTime);
  }
}
