/**
 * Reads interval logs: complete ones (`readResult`), those that are still being written (`LogTail`), and
 * line by line (`LogReader`) for a merge, which reads hundreds side by side. Logs of older schemas are
 * converted to the current one.
 * A line counts if it ends with a line break and is valid. The last line may be incomplete, since its
 * process may have died while writing. Any other invalid line makes the log unreadable.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { systemClock } from '../../platform/clock.ts';
import { ResultFold, type Result } from '../result/result.ts';
import { liftedFrom2 } from './schema-2.ts';
import { isOfSchema1, liftedFrom1, type PlanOfSchema1 } from './schema-1.ts';
import { lineSchema, type LogLine } from './schema.ts';

const chunkBytes = 64 * 1024;
const newline = 0x0a;
const nothing = Buffer.alloc(0);

/** How much is read before the event loop gets a turn, since a long log must not block other work. */
const maxBytesPerTurn = 8 * 2 ** 20;

/** Parses one line. Throws with its place (`where`) if it is not a line of this schema. */
export function parseLine(
  text: string,
  where: string,
  lifted: (json: unknown) => unknown = (json) => json,
): LogLine {
  try {
    return checkedLine(lifted(JSON.parse(text)));
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

export class LogReader {
  readonly path: string;
  /** The first line as text. Logs with the same first line are copies of one recording. */
  planText: string | undefined;
  /** How many bytes of the file have been read. */
  offset = 0;
  private readonly fd: number;
  private readonly planOf: PlanOfSchema1;
  private isOfSchema1 = false;
  /** Bytes that were read but not returned: the beginning of a line and what follows it. */
  private begun: Buffer[] = [];
  private unread: Buffer = nothing;
  private number = 0;
  /** The last line so far, if it was invalid. */
  private broken: { readonly number: number; readonly error: unknown } | undefined;

  /**
   * Throws if the file cannot be opened. `planOf` converts plans of schema 1; by default they stay as
   * they are.
   */
  constructor(path: string, planOf: PlanOfSchema1 = (plan) => plan) {
    this.path = path;
    this.planOf = planOf;
    this.fd = openSync(path, 'r');
  }

  /**
   * The next line; `undefined` if there is none (yet). Throws, with file and line, if a line before the
   * last is invalid or in the wrong place.
   */
  next(): LogLine | undefined {
    for (let text = this.nextText(); text !== undefined; text = this.nextText()) {
      if (!/\S/.test(text)) continue;
      if (this.broken !== undefined) throw this.broken.error;
      const where = `${this.path}:${this.number}`;
      let line: LogLine;
      try {
        line = parseLine(text, where, this.lifted);
      } catch (error) {
        this.broken = { number: this.number, error };
        continue;
      }
      this.refuseMisplaced(line, where);
      this.planText ??= text;
      return line;
    }
    return undefined;
  }

  /** A note if the log's last line is incomplete. Known at the end of the log. */
  get tornNote(): string | undefined {
    const isBegun = this.begun.some((part) => /\S/.test(part.toString()));
    const number = this.broken?.number ?? (isBegun ? this.number + 1 : undefined);
    return number === undefined ? undefined : `last line (${number}) was torn and is left out`;
  }

  close(): void {
    closeSync(this.fd);
  }

  private readonly lifted = (json: unknown): unknown => {
    if (this.planText === undefined) this.isOfSchema1 = isOfSchema1(json);
    return liftedFrom2(this.isOfSchema1 ? liftedFrom1(json, this.planOf) : json);
  };

  private refuseMisplaced({ type }: LogLine, where: string): void {
    const hasPlan = this.planText !== undefined;
    if (type === 'plan' && hasPlan) {
      throw new Error(`${where}: a second plan; one file holds one log`);
    }
    if (type !== 'plan' && !hasPlan) throw new Error(`${this.path}: the first line is not a plan`);
  }

  private nextText(): string | undefined {
    for (;;) {
      const end = this.unread.indexOf(newline);
      if (end >= 0) {
        const own = this.unread.subarray(0, end);
        const bytes = this.begun.length === 0 ? own : Buffer.concat([...this.begun, own]);
        this.begun = [];
        this.unread = this.unread.subarray(end + 1);
        this.number += 1;
        return bytes.toString();
      }
      if (this.unread.length > 0) this.begun.push(this.unread);
      this.unread = this.nextChunk();
      if (this.unread.length === 0) return undefined;
    }
  }

  private nextChunk(): Buffer {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    try {
      const size = readSync(this.fd, chunk, 0, chunkBytes, this.offset);
      this.offset += size;
      return chunk.subarray(0, size);
    } catch (error) {
      throw new Error(`${this.path}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Follows an interval log while another process writes it. Each line is returned once. */
export class LogTail {
  /** Why reading stopped: the file has a line that does not belong to an interval log. */
  failure: string | undefined;
  /** Whether the last call reached the end of the file as written so far. */
  isAtEnd = false;
  private readonly open: () => LogReader;
  private reader: LogReader | undefined;

  constructor(path: string, planOf?: PlanOfSchema1) {
    this.open = () => new LogReader(path, planOf);
  }

  /**
   * The lines that were completed since the last call; none if the file is missing or unreadable. A long
   * log is returned over several calls.
   */
  read(): LogLine[] {
    const found: LogLine[] = [];
    if (this.failure !== undefined) return found;
    try {
      this.reader ??= this.open();
    } catch {
      return found;
    }
    const { reader } = this;
    const limit = reader.offset + maxBytesPerTurn;
    try {
      this.isAtEnd = false;
      while (reader.offset < limit) {
        const line = reader.next();
        this.isAtEnd = line === undefined;
        if (line === undefined) break;
        found.push(line);
      }
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.close();
    }
    return found;
  }

  /** Closes the file. A later read starts from the beginning. */
  close(): void {
    this.reader?.close();
    this.reader = undefined;
  }
}

/** Folds the interval log at `path` into a result. An incomplete last line is left out with a note. */
export async function readResult(
  path: string,
  planOf?: PlanOfSchema1,
  /** Receives each line. */
  onLine?: (line: LogLine) => void,
): Promise<Result> {
  let fold: ResultFold | undefined;
  const tornNote = await readLines(path, planOf, (line) => {
    if (line.type === 'plan') fold = new ResultFold(line);
    else if (line.type === 'interval') fold?.addInterval(line);
    else fold?.addEnd(line);
    onLine?.(line);
  });
  if (fold === undefined) throw new Error(`${path}: no plan in it; not an interval log`);
  if (tornNote !== undefined) fold.note(tornNote);
  return fold.result();
}

/**
 * Passes on every line of the interval log at `path`, and returns the note on an incomplete last one.
 * Throws if the file cannot be read or is not a log.
 */
export async function readLines(
  path: string,
  planOf: PlanOfSchema1 | undefined,
  onLine: (line: LogLine) => void,
): Promise<string | undefined> {
  const reader = new LogReader(path, planOf);
  const clock = systemClock();
  let turnAt = maxBytesPerTurn;
  try {
    for (let line = reader.next(); line !== undefined; line = reader.next()) {
      onLine(line);
      if (reader.offset < turnAt) continue;
      turnAt = reader.offset + maxBytesPerTurn;
      await clock.turn();
    }
  } finally {
    reader.close();
  }
  return reader.tornNote;
}

function checkedLine(json: unknown): LogLine {
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'not understood'}`);
}
