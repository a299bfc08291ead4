/** One slice in a merge: its log, and what the intervals amount to that were taken from it so far. */
import type { Findings } from '../budgets/finding.ts';
import { checkGenerator } from '../budgets/validity.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';
import { GeneratorTotals } from '../metrics/result/generator-totals.ts';
import { isJudged } from '../metrics/result/result.ts';
import type { SliceLog } from './slice-log.ts';

export class SlicePart {
  /** Up to here its log is read. */
  reachedMs = 0;
  private readonly log: SliceLog;
  private readonly generator = new GeneratorTotals();
  private readonly taken = { scheduled: 0, sent: 0 };

  constructor(log: SliceLog) {
    this.log = log;
  }

  get plan(): Plan {
    return this.log.plan;
  }

  get index(): number {
    return this.log.plan.slice.index;
  }

  /** Missing where the log breaks off; known when every interval has been taken. */
  get end(): End | undefined {
    return this.log.end;
  }

  /** That the last line was torn; known when every interval has been taken. */
  get tornNote(): string | undefined {
    return this.log.tornNote;
  }

  /** As the end of the log has it, or as far as it goes. */
  get totals(): Pick<End, 'scheduled' | 'sent'> {
    return this.log.end ?? this.taken;
  }

  /** The next interval, which stays; undefined when there is none left. */
  peek(): Interval | undefined {
    return this.log.peek();
  }

  /**
   * Takes what lies before `endMs`, for the better part: borders are met within a moment, not exactly.
   */
  takeUntil(startMs: number, endMs: number): Interval[] {
    const taken: Interval[] = [];
    for (let head = this.log.peek(); head !== undefined; head = this.log.peek()) {
      const liesBefore = (head.startMs + head.endMs) / 2 < endMs;
      // One of no length, cut as its load ended, is a time of its own where nothing else is left.
      if (!liesBefore && (startMs < endMs || taken.length > 0)) break;
      this.log.take();
      this.add(head);
      taken.push(head);
    }
    return taken;
  }

  /** How its instrument was over the judged time: a slice that can't be trusted spoils the whole. */
  findings(): Findings {
    return checkGenerator({ plan: this.plan, generator: this.generator, timeline: [] });
  }

  private add(interval: Interval): void {
    this.taken.scheduled += interval.scheduled;
    this.taken.sent += interval.sent;
    this.reachedMs = interval.endMs;
    if (isJudged(this.plan, 0, interval.phases[0])) this.generator.add(interval);
  }
}
