/**
 * Chunks of streams, between their arrival and their reading. A chunk is stamped with its time as it
 * arrives; to parse one before the next was stamped would make the next look late. So what arrives goes
 * first: reading follows what arrived in a turn of the event loop, where that was little, and else fills the
 * turns in which nothing did.
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
  private readonly clock: Pick<Clock, 'afterTurn'>;
  /** A ring, which grows to what ever waited at once: nothing is allocated per chunk. */
  private ring: (ChunkReader | undefined)[] = Array.from({ length: 64 });
  private first = 0;
  private waiting = 0;
  /** Came in since the last turn. */
  private arrived = 0;
  private isReading = false;

  constructor(clock: Pick<Clock, 'afterTurn'>) {
    this.clock = clock;
  }

  /** The reader got one more chunk. */
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
    const isLittle = this.waiting <= readsPerTurn;
    if (isLittle || this.arrived === 0 || this.waiting >= mostWaiting) this.readSome();
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

/** The chunks of one stream that its reader has not had yet. */
export class UnreadChunks implements ChunkReader {
  private readonly onChunk: (bytes: Buffer, atMs: number) => void;
  private readonly onFailure: (error: unknown) => void;
  /** The next: nearly always there is no other, and nothing is allocated for it. */
  private bytes: Buffer | undefined;
  private atMs = -Infinity;
  private behind: Chunk[] | undefined;
  private next = 0;

  /** `onFailure` is told what the reader threw; it then gets no more. */
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

  /** Nothing of what waits is read any more. */
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
