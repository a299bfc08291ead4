/** Judges a stream: gives it exactly one outcome. A status of 200 says nothing about how the stream ended. */
import type { ChatStreamFigures } from './stream-figures.ts';
import { isEventStream } from '../http/event-stream.ts';
import { applicationError } from '../http/judge-response.ts';
import { rawText } from '../redaction.ts';
import type { ErrorKind } from '../../metrics/outcome.ts';
import type { Judgement } from '../http/http.ts';
import { counted } from '../../platform/words.ts';

/**
 * A complete stream of the target ends with this. `both`: a finish_reason and [DONE], as OpenAI does. A
 * target that sends only one of the two declares which.
 */
export type StreamEnd = 'both' | 'finish-reason' | 'done';

/**
 * `contentType` is the response's header, `inPlace` the beginning of what came outside of events. The
 * first broken rule decides the outcome.
 */
export function judgeChatStream(
  figures: ChatStreamFigures,
  contentType: string | undefined,
  ends: StreamEnd = 'both',
  inPlace = '',
): Judgement<never> {
  const isStream = isEventStream(contentType);
  const { error, malformed, choices } = figures;
  // An error message of the server says more than the type of the body.
  if (error !== undefined)
    return applicationError(isStream ? `error in the stream: ${error}` : error);
  if (!isStream) {
    const shown = inPlace === '' ? '' : `: ${rawText(inPlace)}`;
    const detail = `content type ${contentType ?? 'missing'}, not an event stream${shown}`;
    return invalid('contentType', detail);
  }
  if (malformed !== undefined) return invalid('schema', malformed);
  const missing = missingEnds(figures, ends);
  if (missing.length > 0) {
    const detail = `the stream ended without ${missing.join(' and ')}${asideText(figures, inPlace)}`;
    return invalid('truncated', detail);
  }
  return choices.empty === undefined ? { outcome: 'ok' } : invalid('schema', choices.empty);
}

function missingEnds({ choices, isDone }: ChatStreamFigures, ends: StreamEnd): string[] {
  const { begun, ended } = choices;
  const missing: string[] = [];
  if (ends !== 'done' && ended < Math.max(1, begun)) {
    const of = begun > 1 ? ` of ${begun - ended} of ${begun} choices` : '';
    missing.push(`finish_reason${of}`);
  }
  if (ends !== 'finish-reason' && !isDone) missing.push('[DONE]');
  return missing;
}

/** Describes the events that are no chunks: they may explain why no chunk came. */
function asideText({ passedOver }: ChatStreamFigures, inPlace: string): string {
  const { events, name, last } = passedOver;
  const named = events === 0 ? '' : ` (${counted(events, `event`)} named "${name}" passed over)`;
  const beside = last === '' ? '' : `; beside the chunks: ${rawText(last)}`;
  return named + beside + (inPlace === '' ? '' : `; in place of events: ${rawText(inPlace)}`);
}

function invalid(kind: ErrorKind, detail: string): Judgement<never> {
  return { outcome: 'invalid', kind, detail };
}
