/**
 * How much of answers this process holds at once, over all requests of all its loads. Each answer has a cap
 * of its own; hundreds that come in together would still be more than there is memory.
 */
const mostBytes = 256 * 2 ** 20;
/** A chunk is an object of its own, however few its bytes are. */
const bytesPerChunk = 128;

export class KeptBodies {
  private readonly mostBytes: number;
  private bytes = 0;

  constructor(most: number) {
    this.mostBytes = most;
  }

  /** Counts a chunk that is kept; false where there is no room for it. It is to be given back all the same. */
  take(chunkBytes: number): boolean {
    this.bytes += chunkBytes + bytesPerChunk;
    return this.bytes <= this.mostBytes;
  }

  giveBack(bytes: number, chunks: number): void {
    this.bytes -= bytes + chunks * bytesPerChunk;
  }

  get isEmpty(): boolean {
    return this.bytes === 0;
  }
}

export const keptBodies = new KeptBodies(mostBytes);

export const noRoom = `the answers of all requests under way are more than ${mostBytes} bytes`;
