/**
 * Reasoning as plain text: some servers send it as content before the answer, between `<think>` and
 * `</think>`. Only content that begins with the tag is treated as reasoning.
 */
import { answers, thinks } from './chat-content.ts';

const opening = /^\s*<think(?:ing)?>/;
const closing = /<\/think(?:ing)?>/;
/** The longest prefix that may still become a tag. */
const longestTag = '</thinking>'.length;

/** The content of one choice, piece by piece. */
export class ThinkTags {
  private state: 'undecided' | 'thinking' | 'answering' = 'undecided';
  private held = '';
  /** The part of the last piece given to `next` that is answer. */
  text = '';

  /** Whether a text that begins like this may be a tag or the beginning of one. */
  static mayBegin(text: string): boolean {
    const start = text.trimStart();
    return start !== '' && isOpening(start);
  }

  /** The bits of the next piece of content. Text that may still become a tag counts as reasoning. */
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
    // Line breaks between the reasoning and the answer belong to neither.
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
