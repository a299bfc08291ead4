/**
 * Holds the chunks of streams between their arrival and their reading. Each chunk gets its time stamp
 * when it arrives; parsing one before the next is stamped would make the next look late. So arriving
 * chunks go first, and reading uses the turns of the event loop in which nothing arrived.
 */
import type { Clock } from '../../platform/clock.ts';

/** A stream with chunks that it has not read yet. */
export interface ChunkReader {
  /** Reads the first unread chunk, if there is one. Must not throw. */
  readNext(): void;
}

/** Chunks read in one turn before the sockets are checked again; takes about 0.1 ms. */
const readsPerTurn = 8;
/** More chunks must not wait, even while others arrive, since waiting chunks take memory. */
const mostWaiting = 4096;

export class ChunkQueue {
  private readonly clock: Pick<Clock, 'afterTurn'>;
  /** A ring buffer. It grows to the largest number that ever waited, so nothing is allocated per chunk. */
  private ring: (ChunkReader | undefined)[] = Array.from({ length: 64 });
  private first = 0;
  private waiting = 0;
  /** How many arrived since the last turn. */
  private arrived = 0;
  private isReading = false;

  constructor(clock: Pick<Clock, 'afterTurn'>) {
    this.clock = clock;
  }

  /** Called when the reader got one more chunk. */
  add(reader: ChunkReader): void {
    if (this.waiting === this.ring.length) this.grow();
    this.ring[(this.first + this.waiting) & (this.ring.length - 1)] = reader;
    this.waiting += 1;
    this.arrived += 1;
    if (this.isReading) return;
    this.isReading = true;
    this.awaitTurn();
  }

  private awaitTurn(): void {
    this.arrived = 0;
    this.clock.afterTurn(this.onTurn);
  }

  private readonly onTurn = (): void => {
    if (this.arrived === 0 || this.waiting >= mostWaiting) this.readSome();
    this.isReading = this.waiting > 0;
    if (this.isReading) this.awaitTurn();
  };

  private readSome(): void {
    for (let reads = 0; reads < readsPerTurn && this.waiting > 0; reads++) {
      const reader = this.ring[this.first]!;
      this.ring[this.first] = undefined;
      this.first = (this.first + 1) & (this.ring.length - 1);
      this.waiting -= 1;
      reader.readNext();
    }
  }

  private grow(): void {
    const inOrder = [...this.ring.slice(this.first), ...this.ring.slice(0, this.first)];
    this.ring = [...inOrder, ...inOrder.map(() => undefined)];
    this.first = 0;
  }
}

interface Chunk {
  readonly bytes: Buffer;
  readonly atMs: number;
}

/** The chunks of one stream that its reader has not read yet. */
export class UnreadChunks implements ChunkReader {
  private readonly onChunk: (bytes: Buffer, atMs: number) => void;
  private readonly onFailure: (error: unknown) => void;
  /** The next chunk. Nearly always it is the only one, and no list is allocated for it. */
  private bytes: Buffer | undefined;
  private atMs = -Infinity;
  private behind: Chunk[] | undefined;
  private next = 0;

  /** `onFailure` receives what the reader threw. After that the reader gets no more chunks. */
  constructor(onChunk: UnreadChunks['onChunk'], onFailure: UnreadChunks['onFailure']) {
    this.onChunk = onChunk;
    this.onFailure = onFailure;
  }

  push(bytes: Buffer, atMs: number): void {
    if (this.bytes === undefined) this.take(bytes, atMs);
    else (this.behind ??= []).push({ bytes, atMs });
  }

  readNext(): void {
    const { bytes, atMs } = this;
    if (bytes === undefined) return;
    this.moveUp();
    try {
      this.onChunk(bytes, atMs);
    } catch (error) {
      this.drop();
      this.onFailure(error);
    }
  }

  readAll(): void {
    while (this.bytes !== undefined) this.readNext();
  }

  /** Drops the waiting chunks. */
  drop(): void {
    this.bytes = this.behind = undefined;
    this.next = 0;
  }

  private take(bytes: Buffer, atMs: number): void {
    this.bytes = bytes;
    this.atMs = atMs;
  }

  private moveUp(): void {
    const chunk = this.behind?.[this.next];
    if (chunk === undefined) this.drop();
    else {
      this.take(chunk.bytes, chunk.atMs);
      this.next += 1;
    }
  }
}
