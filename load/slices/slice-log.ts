/**
 * Reads the interval log of one slice, one interval at a time, and sums what was read. A merge reads
 * hundreds of logs side by side.
 */
import type { InstrumentFault } from '../budgets/instrument-fault.ts';
import { planOfSchema1 } from '../budgets/schema-1.ts';
import { generatorFlags } from '../budgets/validity.ts';
import { LogReader } from '../metrics/log/reader.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';
import { GeneratorTotals } from '../metrics/result/generator-totals.ts';
import { isJudged, phaseIndexAt } from '../metrics/result/result.ts';

/** Reads the first line of a log; undefined if it is not an interval log. */
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
  /** Its first line as text. Logs with the same first line are copies of one recording. */
  readonly planText: string;
  /** Missing if the log breaks off. Known when all intervals have been taken. */
  end: End | undefined;
  /** End of the last interval that was taken. */
  reachedMs = 0;
  private readonly taken = { scheduled: 0, sent: 0 };
  private readonly generator = new GeneratorTotals();
  private readonly reader: LogReader;
  private head: Interval | undefined;

  /** Throws if it is not an interval log. */
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

  /** From the end of the log, or summed up to where it breaks off. */
  get totals(): Pick<End, 'scheduled' | 'sent'> {
    return this.end ?? this.taken;
  }

  /** Says that the last line was incomplete. Known when all intervals have been taken. */
  get tornNote(): string | undefined {
    return this.reader.tornNote;
  }

  /** The next interval; `undefined` if there is none. */
  peek(): Interval | undefined {
    return this.head;
  }

  /**
   * Takes the intervals that lie mostly before `endMs`, since borders are met only to within a moment.
   * Throws, with file and line, if a line other than the last is invalid.
   */
  takeUntil(startMs: number, endMs: number): Interval[] {
    const found: Interval[] = [];
    for (let head = this.head; head !== undefined; head = this.head) {
      const liesBefore = (head.startMs + head.endMs) / 2 < endMs;
      // An interval without length, cut as its load ended, counts if nothing else is left.
      if (!liesBefore && (startMs < endMs || found.length > 0)) break;
      this.head = this.nextInterval();
      this.add(head);
      found.push(head);
    }
    return found;
  }

  /** Disturbances of its load generator during the judged time. */
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
