/** Follows an interval log while somebody else writes it: each byte is read once, each line given once. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogLine } from './schema.ts';
import { parseLine } from './reader.ts';

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** So much at most is read in one call: who opens a long log late catches up call by call. */
const maxBytesPerRead = 8 * 2 ** 20;

export class LogTail {
  readonly path: string;
  /** Why nothing more is read, if so: a line that is none of an interval log. */
  failure: string | undefined;
  /** Whether the last call reached the end of what is written so far. */
  isAtEnd = false;
  private readonly chunk = Buffer.allocUnsafe(chunkBytes);
  private offset = 0;
  private lines = 0;
  /** The beginning of a line whose end is not written yet. */
  private torn: Buffer[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** The lines that are whole since the last call; none where the file is missing or can't be read. */
  read(): LogLine[] {
    const found: LogLine[] = [];
    if (this.failure !== undefined) return found;
    let fd: number;
    try {
      fd = openSync(this.path, 'r');
    } catch {
      return found;
    }
    try {
      const limit = this.offset + maxBytesPerRead;
      do this.isAtEnd = this.readChunk(fd, found);
      while (!this.isAtEnd && this.offset < limit);
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      closeSync(fd);
    }
    return found;
  }

  /** Whether there was less to read than there is room for. */
  private readChunk(fd: number, found: LogLine[]): boolean {
    const { chunk } = this;
    const size = readSync(fd, chunk, 0, chunkBytes, this.offset);
    this.offset += size;
    let start = 0;
    const written = chunk.subarray(0, size);
    for (let end = written.indexOf(newline); end >= 0; end = written.indexOf(newline, start)) {
      const bytes = Buffer.concat([...this.torn, written.subarray(start, end)]);
      this.torn = [];
      this.lines += 1;
      start = end + 1;
      if (bytes.length > 0) found.push(parseLine(bytes.toString(), `${this.path}:${this.lines}`));
    }
    if (start < size) this.torn.push(Buffer.from(written.subarray(start)));
    return size < chunkBytes;
  }
}
