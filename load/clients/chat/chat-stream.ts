/**
 * Folds the events of one streamed chat completion into its figures. Times are those of the events, on
 * the run's clock; nothing here reads a clock.
 * Chunks are read field by field without a schema, since this runs for each token. Fields that do not
 * belong to the answer (a usage, unknown fields) may have any shape.
 */
import { fieldOf, isObject, parsedJson } from '../../platform/json-file.ts';
import { answers, besideContent, unreadable, type Message } from './chat-content.ts';
import { endReason, isGivenUp } from './chat-end.ts';
import { readUsage, type ChatUsage } from './chat-usage.ts';
import { ChoiceStream } from './choice-stream.ts';
import { ChunkShape } from './chunk-shape.ts';
import type { StreamEnd } from './judge-chat-stream.ts';
import { tokenFigures, type ChatStreamFigures, type FoldedStream } from './stream-figures.ts';
import { errorWords, saysSomething, toldError } from '../http/told-error.ts';

export type { ChatStreamFigures } from './stream-figures.ts';

/** Some servers send the mark as a JSON string, like all their data. */
const doneMark = /^\s*("?)\[DONE\]\1\s*$/;
/** More choices than any server gives. */
const mostChoices = 128;
/** How much text outside of events is kept. */
const keptInPlace = 16 * 1024;

export class ChatStream implements FoldedStream {
  /** By index. A server may leave an index out. */
  readonly choices: (ChoiceStream | undefined)[] = [];
  firstAnswerAtMs: number | undefined;
  readonly gapsMs: number[] = [];
  /**
   * Chunks so far that carried content, reasoning or a tool call. A heartbeat or a chunk with only a role
   * does not count.
   */
  tokenChunks = 0;
  usage: ChatUsage | undefined;
  /** The beginning of what came outside of events, such as a page of HTML or an error as JSON. */
  inPlace = '';
  private readonly ends: StreamEnd;
  private readonly wanted: number;
  /** True if a usage came with the end or after it: nothing follows it. */
  private isUsageLast = false;
  private isDone = false;
  private isGivenUp = false;
  private error: string | undefined;
  private malformed: string | undefined;
  private readonly passedOver = { events: 0, name: '', last: '' };
  /** The shape of the last chunk of text around its text, and the choice that it belonged to. */
  private readonly shape = new ChunkShape();
  private shaped: ChoiceStream | undefined;
  /** Consecutive lines that may be JSON outside of events. */
  private unframed = '';

  /**
   * `wanted`: the number of choices requested. Until that many have ended, the stream goes on after a
   * finish_reason.
   */
  constructor(ends: StreamEnd = 'both', wanted = 1) {
    this.ends = ends;
    this.wanted = wanted;
  }

  /** The next event, as an `EventStream` gives it. Events after the end are ignored. */
  readonly event = (data: string, atMs: number, name: string | undefined): void => {
    if (this.isOver) return;
    this.unframed = '';
    if (name !== undefined && name !== 'message') this.named(data, name);
    else if (isDoneMark(data)) this.isDone = true;
    else if (data !== '' && !this.isAlike(data, atMs)) this.data(data, atMs);
  };

  /**
   * An event that was cut off by the end of the body. It counts if its data are complete; an incomplete
   * one is not reported as malformed.
   */
  readonly cutEvent = (data: string, atMs: number, name: string | undefined): void => {
    if (name !== undefined || isDoneMark(data) || isObject(parsedJson(data))) {
      this.event(data, atMs, name);
    }
  };

  /**
   * A line that is no field of an event. Some servers send an error this way, as `error: …` or as bare
   * JSON.
   */
  readonly line = (line: string): void => {
    if (this.isOver) return;
    const words = /^error:(.*)$/s.exec(line)?.[1]?.trim();
    if (words === undefined) this.readUnframed(line);
    else if (saysSomething(words)) this.error = words;
  };

  /** True when the stream has told its end or an error, so that nothing more is needed. */
  get isOver(): boolean {
    return this.isDone || this.error !== undefined || (this.isUsageLast && this.hasEnded);
  }

  /**
   * True when the declared end is a finish_reason, and all choices have one or one of them was given up.
   * A usage, or the server's error message, may still follow.
   */
  get hasEnded(): boolean {
    if (this.isGivenUp) return true;
    if (this.ends !== 'finish-reason' || this.choices.length < this.wanted) return false;
    return this.choices.every((choice) => choice?.finishReason !== undefined);
  }

  figures(): ChatStreamFigures {
    const { isDone, malformed, passedOver } = this;
    const figures = tokenFigures(this);
    const givenUp = this.isGivenUp ? `finish_reason "${figures.finishReason ?? ''}"` : undefined;
    const error = this.error ?? givenUp;
    return { ...figures, isDone, error, malformed, passedOver: { ...passedOver } };
  }

  /** The first choice's answer so far, without its reasoning. */
  get text(): string {
    return this.choices[0]?.text ?? '';
  }

  /** An event with its own name is not a chunk; servers use many names for heartbeats. */
  private named(data: string, name: string): void {
    if (/^error$/i.test(name)) this.error = data.trim() === '' ? 'an event named error' : data;
    else if (isDoneMark(data)) this.isDone = true;
    else {
      if (this.passedOver.events === 0) this.passedOver.name = name;
      this.passedOver.events += 1;
    }
  }

  /** Whether the chunk has the shape of the one before. If so it has been added. */
  private isAlike(data: string, atMs: number): boolean {
    const { shaped } = this;
    const content = shaped?.isPlain === true ? this.shape.contentOf(data) : undefined;
    if (shaped === undefined || content === undefined) return false;
    shaped.addPlain(content, atMs, this.gapsMs);
    this.tokenChunks += 1;
    return true;
  }

  private data(data: string, atMs: number): void {
    const value = parsedJson(data);
    const error = toldError(value);
    if (error !== undefined) this.error = errorWords(error, data);
    if (!isObject(value)) {
      const isNothing = value === undefined ? data.trim() === '' : !saysSomething(value);
      if (!isNothing) this.refuse(data);
      return;
    }
    const { choices } = value;
    const usage = value['usage'] ?? fieldOf(value['x_groq'], 'usage');
    if (Array.isArray(choices)) {
      for (let i = 0; i < choices.length; i++) this.choice(choices[i], i, data, atMs);
      const isPlain = error === undefined && (usage === undefined || usage === null);
      if (isPlain && choices.length === 1) this.learn(choices[0], data);
    } else if (choices === undefined || choices === null) this.passedOver.last = data;
    else this.refuse(data);
    if (usage !== undefined && usage !== null) this.count(usage);
  }

  private choice(value: unknown, place: number, data: string, atMs: number): void {
    const index = isObject(value) ? (value['index'] ?? place) : undefined;
    // If the index is not a number, the position in the list is used.
    const known = Number.isInteger(index) && (index as number) >= 0 ? (index as number) : place;
    if (!isObject(value) || known >= mostChoices) {
      this.refuse(data);
      return;
    }
    const choice = (this.choices[known] ??= new ChoiceStream());
    choice.finish(value['finish_reason']);
    this.isGivenUp ||= choice.finishReason !== undefined && isGivenUp(choice.finishReason);
    // A server that does not really stream sends the whole message at once.
    const piece = value['delta'] ?? (choice.tokens === 0 ? value['message'] : undefined);
    const delta = isObject(piece) ? piece : undefined;
    const error = toldIn(value) ?? (delta && toldIn(delta));
    if (error !== undefined) this.error = errorWords(error, data);
    if (delta !== undefined) this.add(choice, delta, data, atMs);
    else if (piece !== undefined && piece !== null) this.refuse(data);
  }

  private add(choice: ChoiceStream, delta: Message, data: string, atMs: number): void {
    const before = choice.tokens;
    const bits = choice.add(delta, atMs, this.gapsMs);
    if ((bits & unreadable) !== 0) this.refuse(data);
    if (choice.tokens > before) this.tokenChunks += 1;
    if ((bits & answers) !== 0) this.firstAnswerAtMs ??= atMs;
  }

  /** Most chunks have one choice with text and nothing else. */
  private learn(value: unknown, data: string): void {
    if (!isObject(value) || !isObject(value['delta'])) return;
    const { index = 0, delta, finish_reason } = value;
    const choice = typeof index === 'number' ? this.choices[index] : undefined;
    const { content } = delta;
    if (typeof content !== 'string' || besideContent(delta) !== 0) return;
    if (choice?.isPlain !== true || endReason(finish_reason) !== undefined) return;
    this.shaped = choice;
    this.shape.learn(data, content);
  }

  /** Some servers send a usage with every chunk; the last one with counts is the total. */
  private count(usage: unknown): void {
    const read = readUsage(usage);
    if (read === undefined) return;
    this.usage = read;
    this.isUsageLast = this.hasEnded;
  }

  /** Errors may come as JSON outside of events: on one line, or on several from a line `{` to a line `}`. */
  private readUnframed(line: string): void {
    if (this.inPlace.length < keptInPlace) this.inPlace += `${line}\n`;
    if (this.unframed === '' ? !line.startsWith('{') : this.unframed.length > keptInPlace) return;
    this.unframed += `${line}\n`;
    const isOneLine = this.unframed.length === line.length + 1;
    if (!(isOneLine ? line.trimEnd().endsWith('}') : line.startsWith('}'))) return;
    const error = toldError(parsedJson(this.unframed));
    if (error !== undefined) this.error = errorWords(error, this.unframed.trim());
    this.unframed = '';
  }

  private refuse(data: string): void {
    this.malformed ??= `not a chunk of a completion: ${data}`;
  }
}

/** Returns the error that a choice, or a chunk of its message, reports. A normal one has no such field. */
function toldIn(value: Message): unknown {
  const { error } = value;
  return error !== undefined && saysSomething(error) ? error : undefined;
}

function isDoneMark(data: string): boolean {
  return data.length < 32 && doneMark.test(data);
}
