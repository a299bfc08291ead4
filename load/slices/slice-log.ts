/** The interval log of one slice, an interval at a time: a merge reads hundreds side by side. */
import { LogReader } from '../metrics/log/reader.ts';
import type { End, Interval, Plan } from '../metrics/log/schema.ts';

export class SliceLog {
  readonly plan: Plan;
  /** Its first line as it stands: two logs with the same one are two copies of one recording. */
  readonly planText: string;
  /** Missing where the log breaks off. Known when every interval has been taken. */
  end: End | undefined;
  private readonly reader: LogReader;
  private head: Interval | undefined;

  /** Throws where it is no interval log. */
  constructor(path: string) {
    this.reader = new LogReader(path);
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

  /** That the last line was torn. Known when every interval has been taken. */
  get tornNote(): string | undefined {
    return this.reader.tornNote;
  }

  /** The next interval; `undefined` when there is none left. */
  peek(): Interval | undefined {
    return this.head;
  }

  /** Throws, with file and line, where a line is broken that is not the last. */
  take(): Interval | undefined {
    const taken = this.head;
    this.head = this.nextInterval();
    return taken;
  }

  close(): void {
    this.reader.close();
  }

  private nextInterval(): Interval | undefined {
    for (let line = this.reader.next(); line !== undefined; line = this.reader.next()) {
      if (line.type === 'interval') return line;
      if (line.type === 'end') this.end = line;
    }
    return undefined;
  }
}
