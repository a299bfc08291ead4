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
    if ((this.present & bitOf(name.length, name.charCodeAt(0))) === 0) return undefined;
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      const key = this.rawHeaders[i]!;
      // Most names differ in length or first letter; no text is created for those.
      if (key.length !== name.length || (key[0]! | 0x20) !== name.charCodeAt(0)) continue;
      if (key.toString('latin1').toLowerCase() === name) {
        return this.rawHeaders[i + 1]!.toString('latin1');
      }
    }
    return undefined;
  }

  allHeaders(name: string): string[] {
    return this.rawHeaders.flatMap((key, i) =>
      i % 2 === 0 && key.toString('latin1').toLowerCase() === name
        ? [this.rawHeaders[i + 1]!.toString('latin1')]
        : [],
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
      const isText = !this.isPacked || this.header('content-encoding') === undefined;
      const isStream = isText && isEventStream(this.header('content-type'));
      this.dataLines = isStream ? new DataLines() : null;
    }
    return this.dataLines === null || this.dataLines.areIn(chunk);
  }
}

/** The bit of a header's name, which is in lower case. */
function bitOf(length: number, firstLetter: number): number {
  return 1 << ((length + firstLetter) & 31);
}
