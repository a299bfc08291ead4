/** What comes back over HTTP for one request, as its bytes come in: the answer, and what is said before it. */
import { EventStream, isEventStream } from '../http/event-stream.ts';
import type { Answer, RequestOptions } from '../http/http.ts';
import {
  answerOf,
  isAnswerTo,
  messagesIn,
  readAnswer,
  replyTo,
  type RpcAnswer,
} from './message.ts';

/** A stream that ended without its answer may be taken up again so often. */
const mostResumptions = 256;
/** The pause before, where the server states none; what it states is kept within these. */
const usualPauseMs = 1000;
const pauseMs = { min: 10, max: 30_000 };
/** A longer id of an event is not kept: the stream cannot be taken up again then. */
const longestEventId = 1024;

/** Whoever sent the request. */
export interface ReplyListener {
  /** The server asked something; this is what is to be said. */
  onQuestion(reply: object): void;
  /** The stream ended before the answer, and is taken up again. */
  onResume(): void;
}

/**
 * In a stream of events the answer is there with its own event: a server may keep the stream open behind
 * it for as long as it likes, and nobody waits for that.
 */
export class McpReply {
  private readonly id: number;
  private readonly listener: ReplyListener;
  private events: EventStream | undefined;
  private found: RpcAnswer | undefined;
  private lastEventId: string | undefined;
  private retryMs = usualPauseMs;
  private resumptions = 0;

  constructor(id: number, listener: ReplyListener) {
    this.id = id;
    this.listener = listener;
  }

  readonly isWhole: NonNullable<RequestOptions<unknown>['isWhole']> = (bytes, head) => {
    if (!isEventStream(head.header('content-type'))) return false;
    this.events ??= new EventStream(
      (data, _, name, id) => {
        this.event(data, name, id);
      },
      undefined,
      (ms) => {
        this.retryMs = ms;
      },
    );
    this.events.chunk(bytes);
    return this.found !== undefined;
  };

  /**
   * Where a stream that ended, or broke off, before its answer goes on: the server may close one and answer
   * on the next, which names the last event that was seen. `undefined`: nowhere.
   */
  readonly resume: NonNullable<RequestOptions<unknown>['resume']> = (head) => {
    if (this.lastEventId === undefined || this.resumptions === mostResumptions) return undefined;
    // Refused, or answered in another way.
    const isStream = head.status < 300 && isEventStream(head.header('content-type'));
    if (head.status !== 0 && !isStream) return undefined;
    this.resumptions += 1;
    this.listener.onResume();
    // What the stream broke off in is told again, whole.
    this.events = undefined;
    const afterMs = Math.min(Math.max(this.retryMs, pauseMs.min), pauseMs.max);
    return {
      headers: { accept: 'text/event-stream', 'last-event-id': this.lastEventId },
      afterMs,
    };
  };

  /** What a body says that has ended, or with which the answer came. */
  read(answer: Answer): RpcAnswer {
    return this.found ?? readAnswer(answer.bytes, answer.header('content-type'), this.id);
  }

  private event(data: string, name: string | undefined, id: string | undefined): void {
    if (id !== undefined && id !== '') this.lastEventId = isKept(id) ? id : undefined;
    if (name !== undefined && name !== 'message') return;
    // What is no JSON is no message: if the answer does not come, it is shown.
    for (const value of messagesIn(data) ?? []) {
      if (this.found !== undefined) return;
      if (isAnswerTo(value, this.id)) this.found = answerOf(value);
      const reply = replyTo(value);
      if (reply !== undefined) this.listener.onQuestion(reply);
    }
  }
}

/** It goes back in a header. */
function isKept(id: string): boolean {
  return id.length <= longestEventId && /^[!-~]([ -~]*[!-~])?$/.test(id);
}
