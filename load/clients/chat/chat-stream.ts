/**
 * Folds the events of one streamed chat completion into what is measured of it. Times are those of the
 * events, on the run's clock; nothing here reads one.
 *
 * A chunk is read by hand, field by field: it is done for each token. What is no part of the answer (a usage,
 * a field that nobody knows) may be as odd as it likes.
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

/** Some servers write it as they write all data: as JSON. */
const doneMark = /^\s*("?)\[DONE\]\1\s*$/;
/** More than any server gives. */
const mostChoices = 128;
/** What comes without a frame is kept up to this. */
const keptInPlace = 16 * 1024;

export class ChatStream implements FoldedStream {
  /** By their index; a server may leave one out. */
  readonly choices: (ChoiceStream | undefined)[] = [];
  firstAnswerAtMs: number | undefined;
  readonly gapsMs: number[] = [];
  /** Chunks so far that carried content, reasoning or a tool call: a heartbeat, or a role alone, does not. */
  tokenChunks = 0;
  usage: ChatUsage | undefined;
  /** The beginning of what came without the frame of an event: a page of HTML, an error as JSON. */
  inPlace = '';
  private readonly ends: StreamEnd;
  private readonly wanted: number;
  /** A usage came with the end or behind it: it is the last. */
  private isUsageLast = false;
  private isDone = false;
  private isGivenUp = false;
  private error: string | undefined;
  private malformed: string | undefined;
  private readonly passedOver = { events: 0, name: '', last: '' };
  /** What the last chunk of text was around its text, and whose it was. */
  private readonly shape = new ChunkShape();
  private shaped: ChoiceStream | undefined;
  /** Lines in a row that may be JSON without a frame. */
  private unframed = '';

  /** `wanted`: the choices that were asked for; with fewer the stream goes on after a finish_reason. */
  constructor(ends: StreamEnd = 'both', wanted = 1) {
    this.ends = ends;
    this.wanted = wanted;
  }

  /** The next event, as an `EventStream` gives it. What follows the end is no part of the answer. */
  readonly event = (data: string, atMs: number, name: string | undefined): void => {
    if (this.isOver) return;
    this.unframed = '';
    if (name !== undefined && name !== 'message') this.named(data, name);
    else if (isDoneMark(data)) this.isDone = true;
    else if (data !== '' && !this.isAlike(data, atMs)) this.data(data, atMs);
  };

  /** An event that the end of the body cut off: what is whole in it counts, and the rest is no fault of its. */
  readonly cutEvent = (data: string, atMs: number, name: string | undefined): void => {
    if (name !== undefined || isDoneMark(data) || isObject(parsedJson(data))) {
      this.event(data, atMs, name);
    }
  };

  /** A line that is no field of an event: some servers write an error so, as `error: …` or as bare JSON. */
  readonly line = (line: string): void => {
    if (this.isOver) return;
    const words = /^error:(.*)$/s.exec(line)?.[1]?.trim();
    if (words === undefined) this.readUnframed(line);
    else if (saysSomething(words)) this.error = words;
  };

  /** Nothing more is wanted of the stream: it told its end, or an error. */
  get isOver(): boolean {
    return this.isDone || this.error !== undefined || (this.isUsageLast && this.hasEnded);
  }

  /**
   * The declared end is a finish_reason, and all choices have one, or one of them was given up. A usage, or
   * the server's words for what happened, may still follow.
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

  /** An event under a name of its own is no chunk: heartbeats go by many names. */
  private named(data: string, name: string): void {
    if (/^error$/i.test(name)) this.error = data.trim() === '' ? 'an event named error' : data;
    else if (isDoneMark(data)) this.isDone = true;
    else {
      if (this.passedOver.events === 0) this.passedOver.name = name;
      this.passedOver.events += 1;
    }
  }

  /** Whether it is a chunk like the one before, which has then been added. */
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
    // An index that is none says less than the place in the list.
    const known = Number.isInteger(index) && (index as number) >= 0 ? (index as number) : place;
    if (!isObject(value) || known >= mostChoices) {
      this.refuse(data);
      return;
    }
    const choice = (this.choices[known] ??= new ChoiceStream());
    choice.finish(value['finish_reason']);
    this.isGivenUp ||= choice.finishReason !== undefined && isGivenUp(choice.finishReason);
    // A server that only pretends to stream sends the whole message at once.
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

  /** One choice with text and nothing else is what most chunks are. */
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

  /** With a usage in every chunk (some servers can) the last that counts is the whole. */
  private count(usage: unknown): void {
    const read = readUsage(usage);
    if (read === undefined) return;
    this.usage = read;
    this.isUsageLast = this.hasEnded;
  }

  /** JSON without a frame is an error's way: one line, or from a line `{` to a line `}`. */
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
    this.malformed ??= `no chunk of a completion: ${data}`;
  }
}

/** What a choice, or a piece of its message, tells of an error; the usual one has no such field. */
function toldIn(value: Message): unknown {
  const { error } = value;
  return error !== undefined && saysSomething(error) ? error : undefined;
}

function isDoneMark(data: string): boolean {
  return data.length < 32 && doneMark.test(data);
}
