/**
 * The received part of an answer: its head, unparsed, and the part of its body that is kept. It is a base
 * class of the exchange instead of a separate object, to save an allocation per request.
 */
import { DataLines, isEventStream } from './event-stream.ts';
import { InFlight } from '../deadlines.ts';
import { keptBodies } from './kept-bodies.ts';

const empty = Buffer.alloc(0);

export abstract class IncomingAnswer extends InFlight {
  status = 0;
  /** Names and values in turn, as bytes. Text is created only when asked for. */
  private rawHeaders: readonly Buffer[] = [];
  /**
   * A bit for each header that is present, by length and first letter. Most headers that are asked for
   * are absent, which this shows cheaply.
   */
  private present = 0;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private keptBytes = 0;
  private keptChunks = 0;
  /** `undefined` until the body begins; null if all bytes count as content. */
  private dataLines: DataLines | null | undefined;

  /** Called when the answers of all requests together take too much memory. */
  protected abstract onNoRoom(): void;

  /** Whether the kept body is encoded and not decoded yet. */
  abstract get isPacked(): boolean;

  get hasHeaders(): boolean {
    return this.status !== 0;
  }

  /** The kept body. It is decoded if it was read as it arrived. */
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

  /** Called when the readers have what they need of the body. */
  protected letGo(): void {
    keptBodies.giveBack(this.keptBytes, this.keptChunks);
    this.keptBytes = this.keptChunks = 0;
  }

  /**
   * Whether the chunk has content, which ends a stall. Comments and empty events only keep the connection
   * alive and are no content. Encoded bytes cannot be told apart and count as content.
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

  /** The bytes as they came. Converting them to text costs more than comparing them. */
  private rawHeader(name: string): Buffer | undefined {
    if ((this.present & bitOf(name.length, name.charCodeAt(0))) === 0) return undefined;
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      if (isWord(this.rawHeaders[i]!, name)) return this.rawHeaders[i + 1];
    }
    return undefined;
  }
}

/** Whether the bytes are that (lower-case) word in any case. */
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
