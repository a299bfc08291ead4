/** The interval log of one slice, read a line at a time: a merge reads hundreds side by side. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { End, Interval, LogLine, Plan } from '../metrics/log/schema.ts';
import { parseLine } from '../metrics/log/reader.ts';

const chunkBytes = 64 * 1024;

export class SliceLog {
  readonly path: string;
  readonly plan: Plan;
  /** Its first line as it stands: two logs with the same one are two copies of one recording. */
  readonly planText: string;
  /** Missing where the log breaks off. Known when every interval has been taken. */
  end: End | undefined;
  /** The number of a last line that was torn. */
  tornLine: number | undefined;
  private readonly fd: number;
  private readonly decoder = new StringDecoder('utf8');
  private readonly chunk = Buffer.allocUnsafe(chunkBytes);
  private rest = '';
  private number = 0;
  private isAtEnd = false;
  private head: Interval | undefined;

  /** Throws where it is no interval log. */
  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, 'r');
    try {
      this.planText = this.nextText() ?? '';
      const plan = this.planText === '' ? undefined : parseLine(this.planText, `${path}:1`);
      if (plan?.type !== 'plan') throw new Error(`${path}: no plan in it; not an interval log`);
      this.plan = plan;
      this.head = this.nextInterval();
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
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
    closeSync(this.fd);
  }

  private nextInterval(): Interval | undefined {
    for (let text = this.nextText(); text !== undefined; text = this.nextText()) {
      if (text === '') continue;
      let line: LogLine;
      try {
        line = parseLine(text, `${this.path}:${this.number}`);
      } catch (error) {
        const number = this.number;
        if (this.nextText() !== undefined) throw error;
        this.tornLine = number;
        return undefined;
      }
      if (line.type === 'interval') return line;
      if (line.type === 'end') this.end = line;
      else throw new Error(`${this.path}:${this.number}: a second plan; one file holds one log`);
    }
    return undefined;
  }

  private nextText(): string | undefined {
    for (;;) {
      const at = this.rest.indexOf('\n');
      if (at >= 0) {
        const text = this.rest.slice(0, at);
        this.rest = this.rest.slice(at + 1);
        this.number += 1;
        return text;
      }
      if (this.isAtEnd) {
        const text = this.rest;
        this.rest = '';
        this.number += 1;
        return text === '' ? undefined : text;
      }
      const bytes = readSync(this.fd, this.chunk);
      this.isAtEnd = bytes === 0;
      this.rest +=
        bytes === 0 ? this.decoder.end() : this.decoder.write(this.chunk.subarray(0, bytes));
    }
  }
}
