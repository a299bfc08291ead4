/**
 * What has come in of an answer: its head, as it came, and what is kept of its body. A part of its exchange
 * rather than an object of its own: there is one for each request.
 */
import { DataLines, isEventStream } from './event-stream.ts';
import { InFlight } from '../deadlines.ts';
import { keptBodies } from './kept-bodies.ts';

const empty = Buffer.alloc(0);

export abstract class IncomingAnswer extends InFlight {
  status = 0;
  /** Names and values in turn, of which no text is made before somebody asks. */
  private rawHeaders: readonly Buffer[] = [];
  /** A bit for each header there is, by length and first letter: most that are asked for are not there. */
  private present = 0;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private keptBytes = 0;
  private keptChunks = 0;
  /** `undefined` until the body begins; null where all of its bytes are content. */
  private dataLines: DataLines | null | undefined;

  /** Answers of other requests leave no room for this one's. */
  protected abstract onNoRoom(): void;

  /** Whether the body that is kept has to be unpacked yet, where it is encoded. */
  abstract get isPacked(): boolean;

  get hasHeaders(): boolean {
    return this.status !== 0;
  }

  /** What is kept of the body; unpacked where it was read as it came in. */
  get body(): Buffer {
    if (this.rest === undefined) return this.first ?? empty;
    return Buffer.concat([this.first!, ...this.rest]);
  }

  /** The first header of that (lower-case) name. */
  header(name: string): string | undefined {
    return this.rawHeader(name)?.toString('latin1');
  }

  allHeaders(name: string): string[] {
    return this.rawHeaders.flatMap((key, i) =>
      i % 2 === 0 && isWord(key, name) ? [this.rawHeaders[i + 1]!.toString('latin1')] : [],
    );
  }

  keep(chunk: Buffer): void {
    this.keptBytes += chunk.length;
    this.keptChunks += 1;
    if (!keptBodies.take(chunk.length)) this.onNoRoom();
    if (this.first === undefined) this.first = chunk;
    else (this.rest ??= []).push(chunk);
  }

  protected takeHead(status: number, rawHeaders: readonly Buffer[]): void {
    this.status = status;
    this.rawHeaders = rawHeaders;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const key = rawHeaders[i]!;
      this.present |= bitOf(key.length, key[0]! | 0x20);
    }
  }

  protected forget(): void {
    this.letGo();
    this.status = 0;
    this.rawHeaders = [];
    this.present = 0;
    this.first = this.rest = undefined;
    this.dataLines = undefined;
  }

  /** Whoever was told has what it wants of the body. */
  protected letGo(): void {
    keptBodies.giveBack(this.keptBytes, this.keptChunks);
    this.keptBytes = this.keptChunks = 0;
  }

  /**
   * A server that delivers does not stand still, whatever it delivers. One that only keeps the connection
   * alive may well: its comments and empty events are no content. Packed bytes can't be told apart.
   */
  protected hasContent(chunk: Buffer): boolean {
    if (this.dataLines === undefined) {
      const isText = !this.isPacked || this.rawHeader('content-encoding') === undefined;
      const type = isText ? this.rawHeader('content-type') : undefined;
      const mayBeStream = type !== undefined && beginsWith(type, 'text/event-stream');
      const isStream = mayBeStream && isEventStream(type.toString('latin1'));
      this.dataLines = isStream ? new DataLines() : null;
    }
    return this.dataLines === null || this.dataLines.areIn(chunk);
  }

  /** As it came: to make a text of it costs more than to look at its bytes. */
  private rawHeader(name: string): Buffer | undefined {
    if ((this.present & bitOf(name.length, name.charCodeAt(0))) === 0) return undefined;
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      if (isWord(this.rawHeaders[i]!, name)) return this.rawHeaders[i + 1];
    }
    return undefined;
  }
}

/** Whether a header's bytes are that (lower-case) word, in whatever case they are. */
function isWord(bytes: Buffer, word: string): boolean {
  return bytes.length === word.length && beginsWith(bytes, word);
}

function beginsWith(bytes: Buffer, word: string): boolean {
  if (bytes.length < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[i]!;
    const isCapital = byte >= 0x41 && byte <= 0x5a;
    if ((isCapital ? byte | 0x20 : byte) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** The bit of a header's name, which is in lower case. */
function bitOf(length: number, firstLetter: number): number {
  return 1 << ((length + firstLetter) & 31);
}
