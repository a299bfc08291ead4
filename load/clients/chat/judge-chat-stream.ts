/** From what a stream was to exactly one outcome: a status of 200 says nothing of how it went on. */
import { isEmptyAnswer } from './chat-reply.ts';
import type { ChatStreamFigures } from './chat-stream.ts';
import { isEventStream } from '../http/event-stream.ts';
import { applicationError, shownBody, tellsError } from '../http/judge-response.ts';
import type { ErrorKind } from '../../metrics/outcome.ts';
import type { Judgement } from '../http/http.ts';

/**
 * What a complete stream of the target ends with. `both` a finish_reason and [DONE], as OpenAI's; a
 * target that sends only one of them is declared so.
 */
export type StreamEnd = 'both' | 'finish-reason' | 'done';

/**
 * `contentType` is the response's header, `inPlace` the beginning of what came in place of events; the
 * first rule that is broken names the outcome.
 */
export function judgeChatStream(
  figures: ChatStreamFigures,
  contentType: string | undefined,
  ends: StreamEnd = 'both',
  inPlace: Buffer = Buffer.alloc(0),
): Judgement<never> {
  // An error of the server's own words says more than what kind of body it came in.
  if (tellsError(inPlace)) return applicationError(shownBody(inPlace));
  if (!isEventStream(contentType)) {
    const shown = inPlace.length === 0 ? '' : `: ${shownBody(inPlace)}`;
    const detail = `content type ${contentType ?? 'missing'}, no event stream${shown}`;
    return invalid('contentType', detail);
  }
  const { error, malformed, finishReason, isDone } = figures;
  if (error !== undefined) return applicationError(`error in the stream: ${error}`);
  if (malformed !== undefined) return invalid('schema', malformed);
  const missing = [
    ...(finishReason === undefined && ends !== 'done' ? ['finish_reason'] : []),
    ...(!isDone && ends !== 'finish-reason' ? ['[DONE]'] : []),
  ];
  if (missing.length > 0) {
    return invalid('truncated', `the stream ended without ${missing.join(' and ')}`);
  }
  const hasAnswered = figures.firstAnswerAtMs !== undefined;
  const isEmpty = isEmptyAnswer(hasAnswered, figures.hasReasoned, finishReason);
  return isEmpty ? invalid('schema', 'empty completion') : { outcome: 'ok' };
}

function invalid(kind: ErrorKind, detail: string): Judgement<never> {
  return { outcome: 'invalid', kind, detail };
}
