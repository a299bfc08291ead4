/**
 * The chunks of a stream are alike but for their content. One that is, to the letter, what the one before it
 * was around its content says the same with another content, which is cut out of its text: to read it as JSON
 * would tell no more, and takes most of the time that a token costs.
 */

/** A content that means itself in JSON. */
const plain = /^[^"\\\u0000-\u001F]+$/;
const field = /[{,\s]"content": ?"/g;
/** After so many chunks in a row that were alike to none, the stream is left alone. */
const mostMisses = 16;

export class ChunkShape {
  private before = '';
  private behind = '';
  private misses = 0;

  /** The content of a chunk of this shape; `undefined` for any other, which has to be read. */
  contentOf(data: string): string | undefined {
    const { before, behind } = this;
    const end = data.length - behind.length;
    if (before === '' || end <= before.length) return undefined;
    if (!data.startsWith(before) || !data.endsWith(behind)) return undefined;
    const content = data.slice(before.length, end);
    if (!plain.test(content)) return undefined;
    this.misses = 0;
    return content;
  }

  /** Takes the shape of a chunk that was read, and carries this content and nothing else. */
  learn(data: string, content: string): void {
    if (this.misses > mostMisses) return;
    this.misses += 1;
    this.before = '';
    if (!plain.test(content)) return;
    field.lastIndex = 0;
    const found = field.exec(data);
    // Another field of that name, and it would not be known which of them is meant.
    if (found === null || field.exec(data) !== null) return;
    const start = found.index + found[0].length;
    if (!data.startsWith(`${content}"`, start)) return;
    this.before = data.slice(0, start);
    this.behind = data.slice(start + content.length);
  }
}
