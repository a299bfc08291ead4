/**
 * A body that somebody reads as it comes in: each chunk is unpacked where it is encoded, and handed to its
 * reader, who says what it was. A reader of chunks gets them when there is time (chunk-queue.ts); one who
 * looks for the end of a body that is kept gets each at once.
 */
import { UnreadChunks, type ChunkQueue } from './chunk-queue.ts';
import { BodyDecoder, isEncoded, type DecodingProblem } from './decode-body.ts';
import type { RequestOptions } from './http.ts';

export interface BodyReader {
  /** Sees each chunk of the body as it arrives; without it the body is kept. */
  readonly onChunk: RequestOptions<unknown>['onChunk'];
  /** Sees each chunk of a body that is kept, and says whether the answer is whole with it. */
  readonly isWhole: RequestOptions<unknown>['isWhole'];
}

/** The exchange whose body it is. */
export interface ReadBodyOwner {
  header(name: string): string | undefined;
  /** An unpacked chunk of a body that is kept. */
  keep(bytes: Buffer): void;
  /** Content came in at `atMs`; `undefined`: the reader did not say whether it was. */
  onRead(bytes: Buffer, atMs: number, isContent: boolean | undefined): void;
  /** The answer is over with what came at `atMs`; `ended`: more is wanted that may come behind it. */
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

  /** The next bytes, as they came in at `atMs`. */
  add(bytes: Buffer, atMs: number): void {
    if (this.isClosed) return;
    if (this.decoder === undefined) this.take(bytes, atMs);
    else if (!this.isUnpacked) this.decoder.write(bytes, atMs);
  }

  /**
   * No more bytes come. True where all are unpacked: otherwise `then` is called when they are. What nobody
   * has read by then, `readRest` reads.
   */
  end(then: () => void): boolean {
    if (this.decoder === undefined || this.isUnpacked) return true;
    this.onUnpacked = then;
    this.decoder.end();
    return false;
  }

  /** Reads what is there, without waiting for a quiet moment. */
  readRest(): void {
    this.unread?.readAll();
  }

  /** Nothing more is read; whoever waits for the rest to be unpacked waits no more. */
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
