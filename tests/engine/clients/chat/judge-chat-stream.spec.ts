/** Each stream has exactly one outcome. */
import { expect, test } from '@playwright/test';
import {
  judgeChatStream,
  type StreamEnd,
} from '../../../../load/clients/chat/judge-chat-stream.ts';
import {
  content,
  delta,
  done,
  error,
  folded,
  finish,
  reasoning,
  role,
  toolCall,
  usage,
  type TimedText,
} from '../chat-events.ts';

interface JudgeOptions {
  readonly type?: string | null;
  readonly ends?: StreamEnd;
}

function judge(
  events: readonly TimedText[],
  { type = 'text/event-stream', ends }: JudgeOptions = {},
): string {
  const { figures, inPlace } = folded(events, ends);
  const judged = judgeChatStream(figures, type ?? undefined, ends, inPlace);
  return [judged.outcome, judged.kind, judged.detail].filter(Boolean).join(' ');
}

const named = (atMs: number): TimedText => [atMs, 'event: error\ndata: {"message":"boom"}\n\n'];
const raw = (data: string): TimedText => [5, `data: ${data}\n\n`];
const good = [role(1), content(2), finish(3), usage(3, 1), done(3)];

const rows: readonly (readonly [
  string,
  readonly TimedText[],
  string,
  Parameters<typeof judge>[1]?,
])[] = [
  ['whole', good, 'ok'],
  ['without usage', [content(2), finish(3), done(3)], 'ok'],
  ['cut off by the limit', [content(2), finish(3, 'length'), done(3)], 'ok'],
  ['with comments', [[1, ': ping\n\n'], ...good], 'ok'],
  ['a tool call', [toolCall(2), finish(3, 'tool_calls'), done(3)], 'ok'],
  ['reasoning and answer', [reasoning(1), ...good], 'ok'],
  ['reasoning up to the limit', [reasoning(1), finish(2, 'length'), done(2)], 'ok'],
  [
    'reasoning and no answer',
    [reasoning(1), finish(2), done(2)],
    'invalid schema empty completion: it has only reasoning and no answer (finish_reason "stop")',
  ],
  [
    'no token',
    [role(1), finish(2), usage(2, 0), done(2)],
    'invalid schema empty completion (finish_reason "stop")',
  ],
  [
    'a role and [DONE]',
    [role(1), done(2)],
    'invalid truncated the stream ended without finish_reason',
  ],
  ['nothing', [], 'invalid truncated the stream ended without finish_reason and [DONE]'],
  ['no [DONE]', [content(2), finish(3)], 'invalid truncated the stream ended without [DONE]'],
  [
    'no finish_reason',
    [content(2), done(3)],
    'invalid truncated the stream ended without finish_reason',
  ],
  ['no [DONE], none promised', [content(2), finish(3)], 'ok', { ends: 'finish-reason' }],
  ['no finish_reason, none promised', [content(2), done(3)], 'ok', { ends: 'done' }],
  [
    'the promised end is missing',
    [content(2), done(3)],
    'invalid truncated the stream ended without finish_reason',
    { ends: 'finish-reason' },
  ],
  [
    'an error in the data, then all the rest',
    [content(2), error(3), finish(4), done(4)],
    'failed application error in the stream: {"error":{"message":"no memory"}}',
  ],
  [
    'an event named error',
    [content(2), named(3)],
    'failed application error in the stream: {"message":"boom"}',
  ],
  [
    'an object of kind error',
    [raw('{"object":"error","message":"x"}')],
    'failed application error in the stream: {"object":"error","message":"x"}',
  ],
  [
    'success false',
    [raw('{"success":false}')],
    'failed application error in the stream: {"success":false}',
  ],
  ['an error of null is none', [delta(1, { content: 'a' }), raw('{"error":null}'), ...good], 'ok'],
  ['no JSON', [raw('oops'), ...good], 'invalid schema not a chunk of a completion: oops'],
  [
    'JSON of another shape',
    [raw('{"choices":"x"}'), ...good],
    'invalid schema not a chunk of a completion: {"choices":"x"}',
  ],
  [
    'JSON in place of a stream',
    [[1, '{"choices":[]}']],
    'invalid contentType content type application/json, not an event stream: {"choices":[]}\n',
    { type: 'application/json' },
  ],
  [
    'an error as JSON in place of a stream',
    [[1, '{"error":{"message":"no memory"}}']],
    'failed application {"error":{"message":"no memory"}}',
    { type: 'application/json' },
  ],
  [
    'success false, called a stream',
    [[1, '{"success":false}']],
    'failed application error in the stream: {"success":false}',
  ],
  [
    'a page',
    [[1, '<html>']],
    'invalid contentType content type text/html, not an event stream: <html>\n',
    { type: 'text/html' },
  ],
  [
    'no type',
    good,
    'invalid contentType content type missing, not an event stream',
    { type: null },
  ],
];

for (const [what, events, verdict, options] of rows) {
  test(`${what}: ${verdict.split(' ', 2).join(' ')}`, () => {
    expect(judge(events, options)).toBe(verdict);
  });
}
