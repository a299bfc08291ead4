/**
 * Turns closed intervals into lines of the log and into the result in memory. It works piece by piece
 * with a turn of the event loop in between, so that the load is not held up.
 */
import type { Clock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import type { End, Interval, Plan } from './schema.ts';
import type { LogFile } from './log-file.ts';
import { ResultFold } from '../result/result.ts';
import type { SeriesBuffer } from '../record/series-buffer.ts';

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

  /** Queues an interval. Settles when it and all before are in the result and handed to the file. */
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
    const texts: string[] = [];
    for (const buffer of buffers) texts.push(await this.addInPieces(buffer));
    if (this.file !== undefined) {
      // The JSON of the interval without its closing brace; the series are appended as they are encoded.
      const envelope = JSON.stringify(interval).slice(0, -1);
      this.file.append(`${envelope},"series":[${texts.join(',')}]}`);
      await this.clock.turn();
    }
    this.fold.closeInterval(interval);
  }

  /**
   * Adds a series to the result and returns its text, one trend at a time: listing thousands of buckets
   * takes half a millisecond, and folding and writing them as much again.
   */
  private async addInPieces(buffer: SeriesBuffer): Promise<string> {
    const head = buffer.head();
    const { stream, task, request, method, phase, late, labels } = head;
    const series = defined({ stream, task, request, method, phase, late, labels });
    const texts: string[] = [];
    this.fold.addSeries(head);
    for (const [name, histogram] of buffer.trends()) {
      const data = histogram.toData();
      await this.clock.turn();
      this.fold.addSeries({ ...series, outcomes: {}, trends: { [name]: data } });
      await this.clock.turn();
      if (this.file === undefined) continue;
      texts.push(`${JSON.stringify(name)}:${JSON.stringify(data)}`);
      await this.clock.turn();
    }
    return `${JSON.stringify(head).slice(0, -1)},"trends":{${texts.join(',')}}}`;
  }
}
