/** The HTTP response to one request, read as its bytes arrive: the answer, and the messages before it. */
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

/** How often a stream that ended without its answer may be resumed. */
const mostResumptions = 256;
/** The pause before resuming, if the server states none. A stated pause is limited to this range. */
const usualPauseMs = 1000;
const pauseMs = { min: 10, max: 30_000 };
/** A longer event id is not kept; the stream then cannot be resumed. */
const longestEventId = 1024;

/** The sender of the request. */
export interface ReplyListener {
  /** The server sent a request; `reply` is the reply to send. */
  onQuestion(reply: object): void;
  /** The stream ended before the answer and is resumed. */
  onResume(): void;
}

/**
 * Reads a response. In an event stream the answer is complete with its event: a server may keep the
 * stream open behind it for as long as it likes, and nobody waits for that.
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
   * Where to resume a stream that ended or broke off before its answer: the server may close one stream
   * and answer on the next, which names the last event seen. `undefined`: it cannot be resumed.
   */
  readonly resume: NonNullable<RequestOptions<unknown>['resume']> = (head) => {
    if (this.lastEventId === undefined || this.resumptions === mostResumptions) return undefined;
    // Refused, or answered in another way.
    const isStream = head.status < 300 && isEventStream(head.header('content-type'));
    if (head.status !== 0 && !isStream) return undefined;
    this.resumptions += 1;
    this.listener.onResume();
    // The server repeats the event in which the stream broke off.
    this.events = undefined;
    const afterMs = Math.min(Math.max(this.retryMs, pauseMs.min), pauseMs.max);
    return {
      headers: { accept: 'text/event-stream', 'last-event-id': this.lastEventId },
      afterMs,
    };
  };

  /** Parses the body, when it has ended or the answer has arrived. */
  read(answer: Answer): RpcAnswer {
    return this.found ?? readAnswer(answer.bytes, answer.header('content-type'), this.id);
  }

  private event(data: string, name: string | undefined, id: string | undefined): void {
    if (id !== undefined && id !== '') this.lastEventId = isKept(id) ? id : undefined;
    if (name !== undefined && name !== 'message') return;
    // Text that is not JSON is not a message. It is shown if no answer arrives.
    for (const value of messagesIn(data) ?? []) {
      if (this.found !== undefined) return;
      if (isAnswerTo(value, this.id)) this.found = answerOf(value);
      const reply = replyTo(value);
      if (reply !== undefined) this.listener.onQuestion(reply);
    }
  }
}

/** The id is sent back in a header. */
function isKept(id: string): boolean {
  return id.length <= longestEventId && /^[!-~]([ -~]*[!-~])?$/.test(id);
}
