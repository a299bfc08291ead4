/**
 * Chunks of streams, between their arrival and their reading. A chunk is stamped with its time as it
 * arrives; to parse one before the next was stamped would make the next look late. So what arrives goes
 * first, and reading fills the turns of the event loop in which nothing did.
 */
import type { Clock } from '../../platform/clock.ts';

/** Whoever keeps chunks that it has not read yet. */
export interface ChunkReader {
  /** Reads the first of them, if one is left. Must not throw. */
  readNext(): void;
}

/** Read in one turn, before the sockets are looked at again: some 0.1 ms. */
const readsPerTurn = 8;
/** More must not wait, whatever arrives: what is kept is memory. */
const mostWaiting = 4096;

export class ChunkQueue {
  private readonly clock: Pick<Clock, 'turn'>;
  private readers: ChunkReader[] = [];
  private isReading = false;

  constructor(clock: Pick<Clock, 'turn'>) {
    this.clock = clock;
  }

  /** The reader got one more chunk. */
  add(reader: ChunkReader): void {
    this.readers.push(reader);
    if (!this.isReading) void this.readAll();
  }

  private async readAll(): Promise<void> {
    this.isReading = true;
    let next = 0;
    while (next < this.readers.length) {
      const arrived = this.readers.length;
      await this.clock.turn();
      const isQuiet = this.readers.length === arrived;
      const waiting = this.readers.length - next;
      if (!isQuiet && waiting < mostWaiting) continue;
      const until = Math.min(this.readers.length, next + readsPerTurn);
      while (next < until) this.readers[next++]!.readNext();
      if (next < mostWaiting) continue;
      this.readers = this.readers.slice(next);
      next = 0;
    }
    this.readers = [];
    this.isReading = false;
  }
}

/** The chunks of one stream that its reader has not had yet. */
export class UnreadChunks implements ChunkReader {
  private readonly onChunk: (bytes: Buffer, atMs: number) => void;
  private readonly onFailure: (error: unknown) => void;
  private chunks: { readonly bytes: Buffer; readonly atMs: number }[] = [];
  private next = 0;

  /** `onFailure` is told what the reader threw; it then gets no more. */
  constructor(onChunk: UnreadChunks['onChunk'], onFailure: UnreadChunks['onFailure']) {
    this.onChunk = onChunk;
    this.onFailure = onFailure;
  }

  push(bytes: Buffer, atMs: number): void {
    this.chunks.push({ bytes, atMs });
  }

  readNext(): void {
    const chunk = this.chunks[this.next];
    if (chunk === undefined) return;
    this.next += 1;
    if (this.next === this.chunks.length) this.empty();
    try {
      this.onChunk(chunk.bytes, chunk.atMs);
    } catch (error) {
      this.empty();
      this.onFailure(error);
    }
  }

  readAll(): void {
    while (this.chunks.length > 0) this.readNext();
  }

  /** Nothing of what waits is read any more. */
  drop(): void {
    this.empty();
  }

  private empty(): void {
    this.chunks = [];
    this.next = 0;
  }
}
