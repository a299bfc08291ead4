/**
 * The answer to one request as its bytes come in. In a stream of events it is there with its own event:
 * a server may keep the stream open behind it for as long as it likes, and nobody waits for that.
 */
import { EventStream, isEventStream } from '../http/event-stream.ts';
import type { Answer, RequestOptions } from '../http/http.ts';
import { answerIn, readAnswer, type RpcAnswer } from './message.ts';

export class McpReply {
  private readonly id: number;
  private events: EventStream | undefined;
  private found: RpcAnswer | undefined;

  constructor(id: number) {
    this.id = id;
  }

  readonly isWhole: NonNullable<RequestOptions<unknown>['isWhole']> = (bytes, head) => {
    // Packed bytes are no text yet: such a stream is read when it has ended.
    const isText = head.header('content-encoding') === undefined;
    if (!isText || !isEventStream(head.header('content-type'))) return false;
    this.events ??= new EventStream((data) => {
      this.found ??= answerIn(data, this.id);
    });
    this.events.chunk(bytes, NaN);
    return this.found !== undefined;
  };

  /** What a body says that has ended, or with which the answer came. */
  read(answer: Answer): RpcAnswer {
    return this.found ?? readAnswer(answer.bytes, answer.header('content-type'), this.id);
  }
}
