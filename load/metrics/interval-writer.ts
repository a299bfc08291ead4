/**
 * Turns closed intervals into lines of the log and into the result in memory, a piece at a time with a
 * turn of the event loop between, so that no interval holds the load for more than a moment.
 */
import type { Clock } from '../clock.ts';
import type { End, Interval, Plan, SeriesRecord } from './interval-log.ts';
import type { LogFile } from './log-file.ts';
import { ResultFold } from './result.ts';
import type { SeriesBuffer } from './series-buffer.ts';

export class IntervalWriter {
  readonly fold: ResultFold;
  private readonly clock: Clock;
  private readonly file: LogFile | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(clock: Clock, plan: Plan, file: LogFile | undefined) {
    this.clock = clock;
    this.file = file;
    this.fold = new ResultFold(plan);
    file?.append(JSON.stringify(plan));
  }

  /** Queues an interval; settles when it and all before are in the result and handed to the file. */
  write(interval: Omit<Interval, 'series'>, buffers: readonly SeriesBuffer[]): Promise<void> {
    this.last = this.last.then(() => this.writeInPieces(interval, buffers));
    return this.last;
  }

  /** Settles when every interval so far is in the result. */
  written(): Promise<void> {
    return this.last;
  }

  /** Size of the log so far. */
  get bytes(): number {
    return this.file?.bytes ?? 0;
  }

  async end(end: End): Promise<void> {
    await this.last;
    this.fold.addEnd(end);
    this.file?.append(JSON.stringify(end));
    await this.file?.close();
  }

  private async writeInPieces(
    interval: Omit<Interval, 'series'>,
    buffers: readonly SeriesBuffer[],
  ): Promise<void> {
    const pieces: string[] = [];
    for (const buffer of buffers) {
      const record = buffer.toRecord();
      await this.clock.turn();
      this.fold.addSeries(record);
      await this.clock.turn();
      if (this.file !== undefined) pieces.push(await this.textOf(record));
    }
    if (this.file !== undefined) {
      // The envelope without its closing brace, then the series as they were made.
      const envelope = JSON.stringify(interval).slice(0, -1);
      this.file.append(`${envelope},"series":[${pieces.join(',')}]}`);
      await this.clock.turn();
    }
    this.fold.closeInterval(interval);
  }

  /** JSON of a record, a trend at a time: the text of thousands of buckets takes half a millisecond. */
  private async textOf({ trends = {}, ...rest }: SeriesRecord): Promise<string> {
    const texts: string[] = [];
    for (const [name, data] of Object.entries(trends)) {
      texts.push(`${JSON.stringify(name)}:${JSON.stringify(data)}`);
      await this.clock.turn();
    }
    return `${JSON.stringify(rest).slice(0, -1)},"trends":{${texts.join(',')}}}`;
  }
}
