/**
 * The file of one interval log: append-only, one line per write. If the disk is full, writing stops but
 * the run goes on: the result in memory is still judged, and the failure is reported.
 */
import { close, mkdirSync, openSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const writeTo: (fd: number, bytes: Buffer) => Promise<{ bytesWritten: number }> = promisify(write);
const closeFile = promisify(close);

export class LogFile {
  readonly path: string;
  /** Why writing stopped; undefined if it did not. */
  failure: string | undefined;
  bytes = 0;
  private readonly fd: number;
  private last: Promise<void> = Promise.resolve();

  /** Creates the file and its folder. Throws if that fails or the file already exists. */
  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.fd = openSync(path, 'ax');
  }

  append(line: string): void {
    this.bytes += line.length + 1;
    this.last = this.last.then(async () => {
      if (this.failure !== undefined) return;
      try {
        await this.writeWhole(`${line}\n`);
      } catch (error) {
        this.failure = `${this.path}: ${(error as Error).message}`;
      }
    });
  }

  /** Settles when everything so far is written or has failed. */
  written(): Promise<void> {
    return this.last;
  }

  async close(): Promise<void> {
    await this.last;
    await closeFile(this.fd).catch((error: unknown) => {
      this.failure ??= `${this.path}: ${(error as Error).message}`;
    });
  }

  private async writeWhole(text: string): Promise<void> {
    // A short write (on a nearly full disk) is continued where it stopped, or fails.
    let rest = Buffer.from(text);
    while (rest.length > 0) {
      const { bytesWritten } = await writeTo(this.fd, rest);
      rest = rest.subarray(bytesWritten);
    }
  }
}
