/** A bounded first-in-first-out queue with constant-time take. */
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

  /** False where the bound is reached: the item is not taken in. */
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
