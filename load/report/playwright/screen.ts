/**
 * The terminal of Playwright's reporters, with a temporary line below their output. The line is erased
 * before anyone else writes, so nothing of it remains, and others find the cursor where they left it.
 * Without a terminal there is no such line, only printed lines.
 */
import type { Environment } from '../../settings/variables.ts';
import { ScreenRows, type ScreenSize } from './screen-rows.ts';

/** The used part of a standard stream. */
interface OutputStream {
  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const esc = '\u001b';

export class Screen {
  private readonly onDisturbed: () => void;
  private readonly streams: readonly OutputStream[];
  private readonly stdout: OutputStream;
  private readonly environment: Environment;
  private readonly rows: ScreenRows;
  private readonly restores: (() => void)[] = [];
  private shown: string | undefined;
  private isOurs = false;

  /**
   * `stderr` is watched if it is the same terminal. `onDisturbed` is called after others wrote over the
   * line, which may then be shown again.
   */
  constructor(
    stdout: OutputStream,
    stderr: OutputStream,
    environment: Environment,
    onDisturbed: () => void = () => undefined,
  ) {
    this.onDisturbed = onDisturbed;
    this.stdout = stdout;
    this.streams = stderr.isTTY === true ? [stdout, stderr] : [stdout];
    this.environment = environment;
    this.rows = new ScreenRows(() => this.size ?? { columns: Infinity, rows: Infinity });
  }

  /** Undefined without a terminal. */
  get size(): ScreenSize | undefined {
    return terminalSize(this.stdout, this.environment);
  }

  /** From here on all output of others is seen. */
  open(): void {
    if (this.restores.length > 0) return;
    for (const stream of this.streams) this.restores.push(this.watch(stream));
  }

  /** Removes the line and restores the streams. */
  close(): void {
    this.hide();
    for (const restore of this.restores.splice(0)) restore();
  }

  /** Shows the line in place of the last one. It must not be longer than the terminal is wide. */
  show(line: string): void {
    if (this.size === undefined) return;
    const { column } = this.rows;
    if (this.shown === undefined) this.write(column > 0 ? `\n${line}` : line);
    else if (this.shown !== line) this.write(`${this.erasure()}${line}`);
    this.shown = line;
  }

  /** Removes the line and puts the cursor where others left it. */
  hide(): void {
    if (this.shown === undefined) return;
    const { column } = this.rows;
    this.write(`${this.erasure()}${column > 0 ? `${esc}[1A${esc}[${column + 1}G` : ''}`);
    this.shown = undefined;
  }

  /** Prints lines that stay. */
  print(text: string): void {
    this.hide();
    const whole = this.rows.column > 0 && !text.startsWith('\n') ? `\n${text}` : text;
    this.write(whole);
    this.rows.insert(whole);
    this.onDisturbed();
  }

  /** Moves to the beginning of the line, which takes several rows if the terminal became narrower. */
  private erasure(): string {
    const columns = this.size?.columns ?? Infinity;
    const above = Math.ceil(Array.from(this.shown ?? '').length / columns) - 1;
    return `\r${above > 0 ? `${esc}[${above}A` : ''}${esc}[J`;
  }

  private write(text: string): void {
    this.isOurs = true;
    try {
      this.stdout.write(text);
    } finally {
      this.isOurs = false;
    }
  }

  private watch(stream: OutputStream): () => void {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on its stream below
    const original = stream.write;
    let isWatched = true;
    const watched: OutputStream['write'] = (chunk, ...rest) => {
      if (!isWatched || this.isOurs || chunk.length === 0) {
        return original.call(stream, chunk, ...rest);
      }
      const wasShown = this.shown !== undefined;
      this.hide();
      const isWritten = original.call(stream, this.passed(chunk), ...rest);
      if (wasShown) this.onDisturbed();
      return isWritten;
    };
    stream.write = watched;
    return () => {
      isWatched = false;
      // Another watcher may have been installed on top of this one; it goes on working.
      if (stream.write === watched) stream.write = original;
    };
  }

  private passed(chunk: string | Uint8Array): string | Uint8Array {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const passed = this.rows.pass(text);
    // Bytes stay bytes, since a character may be split between chunks.
    return this.size === undefined || passed === text ? chunk : passed;
  }
}

/** The size as Playwright sees it: a variable may say that there is a terminal, and how large it is. */
export function terminalSize(
  { isTTY, columns, rows }: Pick<OutputStream, 'isTTY' | 'columns' | 'rows'>,
  { PLAYWRIGHT_FORCE_TTY: forced = '' }: Environment,
): ScreenSize | undefined {
  const usual = { columns: 100, rows: 40 };
  if (forced === '0' || forced === 'false' || (forced === '' && isTTY !== true)) return undefined;
  const [, forcedColumns, forcedRows] = /^(\d+)(?:x(\d+))?$/.exec(forced) ?? [];
  const isYes = forced === '' || forced === '1' || forced === 'true';
  const stated = isYes ? {} : { columns: Number(forcedColumns), rows: Number(forcedRows) };
  const own = isYes ? { columns: columns ?? 0, rows: rows ?? 0 } : stated;
  return { columns: own.columns || usual.columns, rows: own.rows || usual.rows };
}
