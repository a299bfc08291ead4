/** One choice of a streamed completion, with its own tokens, gaps and end. */
import { answers, besideContent, bitsOf, textOf, thinks, type Message } from './chat-content.ts';
import { endReason, isGivenUp } from './chat-end.ts';
import { ThinkTags } from './think-tags.ts';

const piecesKept = 8;

export class ChoiceStream {
  /** Chunks that carried content, reasoning or a tool call. A chunk with only a role does not count. */
  tokens = 0;
  /** These are valid once there are tokens. They are plain numbers because each token sets them. */
  firstAtMs = 0;
  lastAtMs = 0;
  hasAnswered = false;
  hasReasoned = false;
  /** The server's finish_reason. One that says that the choice was given up is not overwritten. */
  finishReason: string | undefined;
  private tags: ThinkTags | undefined;
  private texts: string[] = [];
  private begun = '';

  /** The answer's text so far, without its reasoning. */
  get text(): string {
    return this.begun + this.texts.join('');
  }

  /** Whether content is plain text so far, without tags around reasoning. */
  get isPlain(): boolean {
    return this.tags === undefined;
  }

  finish(reason: unknown): void {
    const word = endReason(reason);
    if (word === undefined) return;
    const isKept = this.finishReason !== undefined && isGivenUp(this.finishReason);
    if (!isKept) this.finishReason = word;
  }

  /** Adds the next piece of an answer that `isPlain` and has no other fields. */
  addPlain(content: string, atMs: number, gapsMs: number[]): void {
    this.addText(content);
    this.token(atMs, gapsMs);
    this.hasAnswered = true;
  }

  /**
   * Adds the next piece, which came at `atMs`, and returns its bits. The gap before it is added to
   * `gapsMs`.
   */
  add(delta: Message, atMs: number, gapsMs: number[]): number {
    const bits = besideContent(delta) | this.addContent(delta['content']);
    if ((bits & (answers | thinks)) === 0) return bits;
    this.token(atMs, gapsMs);
    this.hasAnswered ||= (bits & answers) !== 0;
    this.hasReasoned ||= (bits & thinks) !== 0;
    return bits;
  }

  private token(atMs: number, gapsMs: number[]): void {
    if (this.tokens === 0) this.firstAtMs = atMs;
    else gapsMs.push(atMs - this.lastAtMs);
    this.tokens += 1;
    this.lastAtMs = atMs;
  }

  /** A substring keeps the whole chunk in memory, so pieces are joined and copied a few at a time. */
  private keep(text: string): void {
    this.texts.push(text);
    if (this.texts.length < piecesKept) return;
    this.begun = this.text;
    this.texts = [];
  }

  private addContent(content: unknown): number {
    if (typeof content === 'string') return this.addText(content);
    const bits = bitsOf(content);
    if ((bits & answers) !== 0) this.keep(textOf(content));
    return bits;
  }

  private addText(content: string): number {
    if (content === '') return 0;
    if (this.tags === undefined) {
      const isFirst = this.texts.length === 0 && this.begun === '';
      if (!isFirst || !ThinkTags.mayBegin(content)) {
        this.keep(content);
        return answers;
      }
      this.tags = new ThinkTags();
    }
    const bits = this.tags.next(content);
    if (this.tags.text !== '') this.keep(this.tags.text);
    return bits;
  }
}
