/**
 * Limit on the memory for answers in this process, over all requests of all its loads. Each answer has
 * its own limit, but hundreds that arrive together could still exceed the memory.
 */
const mostBytes = 256 * 2 ** 20;
/** Overhead of the object for a chunk. */
const bytesPerChunk = 128;

export class KeptBodies {
  private readonly mostBytes: number;
  private bytes = 0;

  constructor(most: number) {
    this.mostBytes = most;
  }

  /** Counts a chunk that is kept. Returns false if there is no room; it must be given back in either case. */
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
