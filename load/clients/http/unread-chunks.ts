/** The chunks of one stream that its reader has not had yet. */
import type { ChunkReader } from './chunk-queue.ts';
import type { RequestOptions } from './http.ts';

export class UnreadChunks implements ChunkReader {
  private readonly onChunk: NonNullable<RequestOptions<unknown>['onChunk']>;
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

  private empty(): void {
    this.chunks = [];
    this.next = 0;
  }
}
