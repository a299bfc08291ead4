/**
 * Timers sorted by time in a binary heap, so that 100 000 waiting virtual users need only one timer of
 * the runtime. Timers of the same instant keep the order in which they were set.
 */
export interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
  readonly order: number;
  readonly queue: TimerQueue;
  cancelled: boolean;
}

export class TimerQueue {
  private heap: Timer[] = [];
  private nextOrder = 0;
  private cancelledCount = 0;

  get head(): Timer | undefined {
    for (;;) {
      const first = this.heap[0];
      if (first?.cancelled !== true) return first;
      this.pop();
      this.cancelledCount -= 1;
    }
  }

  add(atMs: number, callback: () => void): Timer {
    const timer: Timer = { atMs, callback, order: this.nextOrder++, queue: this, cancelled: false };
    this.heap.push(timer);
    this.siftUp(this.heap.length - 1);
    return timer;
  }

  /** Safe to call twice, and after the timer has fired. */
  cancel(timer: Timer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    this.cancelledCount += 1;
    // Cancelled timers are removed when they reach the top; if there are many, all at once.
    if (this.cancelledCount > 64 && this.cancelledCount > this.heap.length / 2) this.compact();
  }

  /** Removes and returns the first timer due at `nowMs`, if there is one. */
  popDue(nowMs: number): Timer | undefined {
    const head = this.head;
    if (head === undefined || head.atMs > nowMs) return undefined;
    this.pop();
    // A later cancel() of a fired timer must not be counted as one in the heap.
    head.cancelled = true;
    return head;
  }

  private compact(): void {
    this.heap = this.heap.filter((timer) => !timer.cancelled);
    this.cancelledCount = 0;
    for (let i = (this.heap.length >> 1) - 1; i >= 0; i--) this.siftDown(i);
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.siftDown(0);
  }

  private siftUp(from: number): void {
    const { heap } = this;
    const timer = heap[from]!;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = timer;
  }

  private siftDown(from: number): void {
    const { heap } = this;
    const timer = heap[from]!;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, timer)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = timer;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
