/**
 * The chunks of a stream differ only in their content. If the text around the content is identical to
 * that of the chunk before, the content is cut out of the text. Parsing it as JSON would give the same
 * result and takes most of the time that a token costs.
 */

/** Content that needs no JSON unescaping. */
const plain = /^[^"\\\u0000-\u001F]+$/;
const field = /[{,\s]"content": ?"/g;
/** After this many consecutive chunks without a match, no further match is tried for the stream. */
const mostMisses = 16;

export class ChunkShape {
  private before = '';
  private behind = '';
  private misses = 0;

  /** The content of a chunk with this shape; `undefined` for any other chunk, which must be parsed. */
  contentOf(data: string): string | undefined {
    const { before, behind } = this;
    const end = data.length - behind.length;
    if (before === '' || end <= before.length) return undefined;
    // V8 compiles `startsWith` to a loop over characters, which takes several times as long on a long text.
    if (data.slice(0, before.length) !== before || data.slice(end) !== behind) return undefined;
    const content = data.slice(before.length, end);
    if (!plain.test(content)) return undefined;
    this.misses = 0;
    return content;
  }

  /** Stores the shape of a parsed chunk that carries this content and nothing else. */
  learn(data: string, content: string): void {
    if (this.misses > mostMisses) return;
    this.misses += 1;
    this.before = '';
    if (!plain.test(content)) return;
    field.lastIndex = 0;
    const found = field.exec(data);
    // With two fields of that name, it would be unclear which one holds the content.
    if (found === null || field.exec(data) !== null) return;
    const start = found.index + found[0].length;
    if (!data.startsWith(`${content}"`, start)) return;
    this.before = data.slice(0, start);
    this.behind = data.slice(start + content.length);
  }
}
