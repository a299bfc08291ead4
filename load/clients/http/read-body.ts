/**
 * A body that is read as it arrives: each chunk is decoded if necessary and given to its reader, which
 * says whether it had content. A reader of chunks receives them when there is time (chunk-queue.ts). A
 * reader that looks for the end of a kept body receives each at once.
 */
import { UnreadChunks, type ChunkQueue } from './chunk-queue.ts';
import { BodyDecoder, isEncoded, type DecodingProblem } from './decode-body.ts';
import type { RequestOptions } from './http.ts';

export interface BodyReader {
  /** Receives each chunk of the body as it arrives; without it the body is kept. */
  readonly onChunk: RequestOptions<unknown>['onChunk'];
  /** Receives each chunk of a kept body and says whether the answer is complete with it. */
  readonly isWhole: RequestOptions<unknown>['isWhole'];
}

/** The exchange whose body it is. */
export interface ReadBodyOwner {
  header(name: string): string | undefined;
  /** A decoded chunk of a kept body. */
  keep(bytes: Buffer): void;
  /** Content arrived at `atMs`. `isContent` is undefined if the reader did not say whether it was content. */
  onRead(bytes: Buffer, atMs: number, isContent: boolean | undefined): void;
  /** The answer ended with what arrived at `atMs`. `ended`: what may follow is still needed. */
  onAnswered(how: 'ended' | 'whole', atMs: number): void;
  /** The reader threw. */
  onUnreadable(error: unknown): void;
  onUndecodable(problem: DecodingProblem): void;
}

export class ReadBody {
  private readonly owner: ReadBodyOwner;
  private readonly reader: BodyReader;
  private readonly chunks: ChunkQueue;
  private readonly unread: UnreadChunks | undefined;
  private readonly decoder: BodyDecoder | undefined;
  private isUnpacked = false;
  private isClosed = false;
  private onUnpacked: () => void = () => undefined;

  constructor(owner: ReadBodyOwner, reader: BodyReader, chunks: ChunkQueue, maxBytes: number) {
    this.owner = owner;
    this.reader = reader;
    this.chunks = chunks;
    if (reader.onChunk !== undefined) {
      this.unread = new UnreadChunks(this.read, (error) => {
        owner.onUnreadable(error);
      });
    }
    const encoding = owner.header('content-encoding');
    if (!isEncoded(encoding)) return;
    this.decoder = new BodyDecoder(encoding, maxBytes, {
      onBytes: this.take,
      onEnd: (problem) => {
        if (problem !== undefined) owner.onUndecodable(problem);
        this.unpacked();
      },
    });
  }

  /** The next bytes, which arrived at `atMs`. */
  add(bytes: Buffer, atMs: number): void {
    if (this.isClosed) return;
    if (this.decoder === undefined) this.take(bytes, atMs);
    else if (!this.isUnpacked) this.decoder.write(bytes, atMs);
  }

  /**
   * Call it when no more bytes come. Returns true if all are decoded; otherwise `then` is called when
   * they are. `readRest` reads what is then unread.
   */
  end(then: () => void): boolean {
    if (this.decoder === undefined || this.isUnpacked) return true;
    this.onUnpacked = then;
    this.decoder.end();
    return false;
  }

  /** Reads all waiting chunks, without waiting for a quiet moment. */
  readRest(): void {
    this.unread?.readAll();
  }

  /** Reads nothing more and drops the callback that waits for the decoding. */
  close(): void {
    this.isClosed = true;
    this.decoder?.destroy();
    this.unread?.drop();
    this.unpacked();
  }

  private unpacked(): void {
    const { onUnpacked } = this;
    this.isUnpacked = true;
    this.onUnpacked = () => undefined;
    onUnpacked();
  }

  private readonly take = (bytes: Buffer, atMs: number): void => {
    if (this.unread === undefined) this.look(bytes, atMs);
    else {
      this.unread.push(bytes, atMs);
      this.chunks.add(this.unread);
    }
  };

  private readonly read = (bytes: Buffer, atMs: number): void => {
    const { owner } = this;
    const told = this.reader.onChunk!(bytes, atMs);
    if (told === 'whole' || told === 'ended') owner.onAnswered(told, atMs);
    else owner.onRead(bytes, atMs, typeof told === 'boolean' ? told : undefined);
  };

  private look(bytes: Buffer, atMs: number): void {
    const { owner } = this;
    owner.keep(bytes);
    owner.onRead(bytes, atMs, undefined);
    try {
      if (this.reader.isWhole?.(bytes, owner) === true) owner.onAnswered('whole', atMs);
    } catch (error) {
      owner.onUnreadable(error);
    }
  }
}
