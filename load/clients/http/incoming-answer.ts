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
    if ((this.present & bitOf(name.length, name.charCodeAt(0))) === 0) return undefined;
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      const key = this.rawHeaders[i]!;
      // Most names differ in length or first letter: no text is made for those.
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
