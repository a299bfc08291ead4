/**
 * Splits bytes into lines as they arrive. Node's own reader also ends lines at U+2028, which may occur in
 * JSON strings, and has no limit on the length of a line.
 */
const lineFeed = 10;
const smallestBuffer = 4096;

export class LineReader {
  private readonly longestBytes: number;
  private readonly onLine: (line: string | undefined) => void;
  /**
   * The beginning of an unfinished line. It grows by doubling, so that many small pieces are not copied
   * again and again.
   */
  private kept = Buffer.alloc(0);
  private size = 0;

  /** `onLine` receives each line that is not empty, and `undefined` for a line longer than `longestBytes`. */
  constructor(longestBytes: number, onLine: (line: string | undefined) => void) {
    this.longestBytes = longestBytes;
    this.onLine = onLine;
  }

  /** The next bytes, which may be cut anywhere. */
  add(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, from)) {
      this.endLine(bytes.subarray(from, at));
      from = at + 1;
    }
    if (from < bytes.length) this.keep(bytes.subarray(from));
  }

  private keep(part: Buffer): void {
    const before = this.size;
    this.size += part.length;
    if (this.size > this.longestBytes) this.kept = Buffer.alloc(0);
    else {
      if (this.size > this.kept.length) {
        const grown = Buffer.allocUnsafe(Math.max(smallestBuffer, 2 * this.size));
        this.kept.copy(grown, 0, 0, before);
        this.kept = grown;
      }
      part.copy(this.kept, before);
    }
  }

  private endLine(last: Buffer): void {
    const isWhole = this.size === 0;
    if (!isWhole) this.keep(last);
    const { size, kept } = this;
    this.size = 0;
    this.kept = Buffer.alloc(0);
    const line = isWhole ? last : kept.subarray(0, size);
    if (Math.max(size, line.length) > this.longestBytes) this.onLine(undefined);
    else if (line.length > 0) this.onLine(line.toString());
  }
}
