/**
 * Thoughts as plain text: some servers send them as content, before the answer, between `<think>` and
 * `</think>`. Only what begins with the tag is taken for that.
 */
import { answers, thinks } from './chat-content.ts';

const opening = /^\s*<think(?:ing)?>/;
const closing = /<\/think(?:ing)?>/;
/** The longest that a tag may be still on its way. */
const longestTag = '</thinking>'.length;

/** The content of one choice as it comes. */
export class ThinkTags {
  private state: 'undecided' | 'thinking' | 'answering' = 'undecided';
  private held = '';
  /** The part of what `next` was given last that is an answer. */
  text = '';

  /** Whether a text that begins so may be a tag, or the first part of one. */
  static mayBegin(text: string): boolean {
    const start = text.trimStart();
    return start !== '' && isOpening(start);
  }

  /** The bits of the next piece of content. What may be a tag yet counts as a thought. */
  next(content: string): number {
    this.text = '';
    if (content === '') return 0;
    if (this.state === 'answering') return this.answer(content);
    this.held += content;
    if (this.state === 'undecided') {
      if (!isOpening(this.held.trimStart())) return this.answer(this.held);
      const tag = opening.exec(this.held);
      if (tag === null) return thinks;
      this.state = 'thinking';
      this.held = this.held.slice(tag[0].length);
    }
    const end = closing.exec(this.held);
    if (end !== null) return this.answer(this.held.slice(end.index + end[0].length)) | thinks;
    this.held = this.held.slice(-longestTag);
    return thinks;
  }

  private answer(content: string): number {
    // Between the thoughts and the answer there are line breaks: they are neither.
    const text = this.state === 'thinking' ? content.trimStart() : content;
    if (this.state === 'thinking' && text === '') {
      this.held = '</think>';
      return 0;
    }
    this.state = 'answering';
    this.text = text;
    return answers;
  }
}

function isOpening(start: string): boolean {
  return opening.test(start) || '<think>'.startsWith(start) || '<thinking>'.startsWith(start);
}

/** The bits of a whole text. */
export function bitsOfText(content: string): number {
  return opening.test(content) ? new ThinkTags().next(content) : answers;
}
