/**
 * The interval log of one slice, an interval at a time, and what the intervals amount to that were taken
 * from it so far: a merge reads hundreds side by side.
 */
import type { InstrumentFault } from '../budgets/instrument-fault.ts';
import { planOfSchema1 } from '../budgets/schema-1.ts';
import { generatorFlags } from '../budgets/validity.ts';
import { LogReader } from '../metrics/log/reader.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';
import { GeneratorTotals } from '../metrics/result/generator-totals.ts';
import { isJudged, phaseIndexAt } from '../metrics/result/result.ts';

/** What the first line of a log says, opened and closed; undefined where it is no interval log. */
export function planIn(path: string): Pick<SliceLog, 'plan' | 'planText'> | undefined {
  try {
    const log = new SliceLog(path);
    log.close();
    return log;
  } catch {
    return undefined;
  }
}

export class SliceLog {
  readonly plan: Plan;
  /** Its first line as it stands: two logs with the same one are two copies of one recording. */
  readonly planText: string;
  /** Missing where the log breaks off. Known when every interval has been taken. */
  end: End | undefined;
  /** End of the last interval that was taken. */
  reachedMs = 0;
  private readonly taken = { scheduled: 0, sent: 0 };
  private readonly generator = new GeneratorTotals();
  private readonly reader: LogReader;
  private head: Interval | undefined;

  /** Throws where it is no interval log. */
  constructor(path: string) {
    this.reader = new LogReader(path, planOfSchema1);
    try {
      const plan = this.reader.next();
      if (plan?.type !== 'plan') throw new Error(`${path}: no plan in it; not an interval log`);
      this.plan = plan;
      this.planText = this.reader.planText ?? '';
      this.head = this.nextInterval();
    } catch (error) {
      this.reader.close();
      throw error;
    }
  }

  get path(): string {
    return this.reader.path;
  }

  /** Number of the slice. */
  get index(): number {
    return this.plan.slice.index;
  }

  /** As the end of the log has it, or as far as it goes. */
  get totals(): Pick<End, 'scheduled' | 'sent'> {
    return this.end ?? this.taken;
  }

  /** That the last line was torn. Known when every interval has been taken. */
  get tornNote(): string | undefined {
    return this.reader.tornNote;
  }

  /** The next interval; `undefined` when there is none left. */
  peek(): Interval | undefined {
    return this.head;
  }

  /**
   * Takes what lies before `endMs`, for the better part: borders are met within a moment, not exactly.
   * Throws, with file and line, where a line is broken that is not the last.
   */
  takeUntil(startMs: number, endMs: number): Interval[] {
    const found: Interval[] = [];
    for (let head = this.head; head !== undefined; head = this.head) {
      const liesBefore = (head.startMs + head.endMs) / 2 < endMs;
      // One of no length, cut as its load ended, is a time of its own where nothing else is left.
      if (!liesBefore && (startMs < endMs || found.length > 0)) break;
      this.head = this.nextInterval();
      this.add(head);
      found.push(head);
    }
    return found;
  }

  /** What disturbed its instrument over the judged time. */
  flags(): readonly InstrumentFault[] {
    return generatorFlags({ plan: this.plan, generator: this.generator, timeline: [] });
  }

  close(): void {
    this.reader.close();
  }

  private add(interval: Interval): void {
    this.taken.scheduled += interval.scheduled;
    this.taken.sent += interval.sent;
    this.reachedMs = interval.endMs;
    if (!isJudged(this.plan, 0, interval.phases[0])) return;
    this.generator.add(interval, phaseIndexAt(this.plan, (interval.startMs + interval.endMs) / 2));
  }

  private nextInterval(): Interval | undefined {
    for (let line = this.reader.next(); line !== undefined; line = this.reader.next()) {
      if (line.type === 'interval') return line;
      if (line.type === 'end') this.end = line;
    }
    return undefined;
  }
}
