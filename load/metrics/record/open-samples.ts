/** The samples that were sent and not counted yet, in the order in which they were sent. */
import type { Sample } from './sample.ts';

/** A linked list through the samples themselves: adding and removing allocate nothing and hash nothing. */
export class OpenSamples {
  private first: Sample | undefined;
  private last: Sample | undefined;

  add(sample: Sample): void {
    sample.isOpen = true;
    sample.before = this.last;
    if (this.last === undefined) this.first = sample;
    else this.last.after = sample;
    this.last = sample;
  }

  /** Safe to call for a sample that was never added. */
  remove(sample: Sample): void {
    if (!sample.isOpen) return;
    const { before, after } = sample;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    sample.isOpen = false;
    sample.before = sample.after = undefined;
  }

  /** The one that is looked at may be removed meanwhile. */
  *[Symbol.iterator](): Generator<Sample> {
    for (let sample = this.first; sample !== undefined;) {
      const { after } = sample;
      yield sample;
      sample = after;
    }
  }
}
