/**
 * How chats end on real servers: each kind of end, streamed and whole. No failed chat is ok, and no good
 * one fails.
 */
import { expect, test } from '@playwright/test';
import { fault } from '../faults/fault-matrix.ts';
import {
  askOnce,
  breaksOff,
  completion,
  done,
  event,
  piece,
  says,
  usageEvent,
  usage,
  type Answering,
} from './chat-server.ts';

const ok = 'ok';
const failed = 'failed application';
const truncated = 'invalid truncated';
const begun = piece({ role: 'assistant', content: '' }) + piece({ content: 'Once' });
const rest = piece({ content: ' upon' });
const words = 'CUDA out of memory';
const error = { message: words, type: 'server_error', code: 500 };
const json = 'application/json';

/** A stream that ends with that chunk, followed by the rest; `null`: no chunk has a finish_reason. */
function endingIn(finish_reason: unknown): string {
  const goesOn = finish_reason === '' || finish_reason === 'null' ? finish_reason : null;
  const start = piece({ role: 'assistant', content: '' }, goesOn) + piece({ content: 'a' }, goesOn);
  return start + piece({ content: 'b' }, finish_reason) + usageEvent(usage) + done;
}

interface Row {
  readonly what: string;
  /** The outcome, or one for each of the two forms. */
  readonly right: string | readonly [streamed: string, whole: string];
  readonly streamed: Answering;
  readonly whole?: Answering;
}

/** Values of finish_reason, and their meaning. */
const reasons: readonly Row[] = [
  ...['stop', 'length', 'tool_calls', 'content_filter', 'function_call', 'STOP'].map((word) =>
    byReason(word, ok),
  ),
  // Unknown values: the server says that the choice has ended.
  ...['eos_token', 'end_turn', 'stop_sequence', 'max_tokens', 'banana'].map((word) =>
    byReason(word, ok),
  ),
  ...['error', 'abort', 'aborted', 'cancelled', 'canceled', 'Engine_Error', 'timeout'].map((word) =>
    byReason(word, failed),
  ),
  ...['insufficient_system_resource', 'network_error', 'failed', 'rate_limit_exceeded'].map(
    (word) => byReason(word, failed),
  ),
  ...['RESOURCE_EXHAUSTED', 'connection_lost', 'MALFORMED_FUNCTION_CALL', 'oom'].map((word) =>
    byReason(word, failed),
  ),
  byReason({ type: 'abort', message: words }, failed),
  byReason({ type: 'stop', matched: '</s>' }, ok),
  // A value without meaning does not end a stream. A whole answer ends with its body.
  ...['', ' ', 'null', 'None', null, undefined, 0, false, {}].map((nothing) =>
    byReason(nothing, [truncated, ok]),
  ),
];

function byReason(reason: unknown, right: Row['right']): Row {
  return {
    what: `finish_reason ${JSON.stringify(reason)}`,
    right,
    streamed: says(endingIn(reason)),
    whole: says(JSON.stringify(completion({ content: 'ab' }, reason, { usage })), json),
  };
}

const whole = (value: unknown): Answering => says(JSON.stringify(value), json);
const ending = piece({}, 'stop') + done;

const others: readonly Row[] = [
  {
    what: 'an error object in a choice',
    right: failed,
    streamed: says(begun + piece({ content: '' }, 'error', { error }) + usageEvent(usage) + done),
    whole: whole({ choices: [{ message: { content: 'Once' }, finish_reason: 'stop', error }] }),
  },
  {
    what: 'an error object in a choice without a message',
    right: failed,
    streamed: says(begun + event({ choices: [{ index: 0, error }] }) + done),
    whole: whole({ choices: [{ index: 0, error }] }),
  },
  {
    what: 'an error beside sound choices',
    right: failed,
    streamed: says(
      begun + event({ choices: [{ delta: { content: 'b' } }], error: words }) + ending,
    ),
    whole: whole(completion({ content: 'Once' }, 'stop', { error: words })),
  },
  {
    what: 'data that tell of an error',
    right: failed,
    streamed: says(begun + event({ error }) + ending),
    whole: says(event({ error })),
  },
  {
    what: 'an `error:` field',
    right: failed,
    streamed: says(`${begun}error: ${JSON.stringify(error)}\n\n${done}`),
  },
  {
    what: 'an `error:` field that the end cuts off',
    right: failed,
    streamed: says(`${begun}error: ${JSON.stringify(error)}`),
  },
  {
    what: 'an event named error',
    right: failed,
    streamed: says(`${begun}event: error\ndata: ${JSON.stringify(error)}\n\n${ending}`),
    whole: says(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
  },
  {
    what: 'an event named error, of plain text',
    right: failed,
    streamed: says(`${begun}event: error\ndata: ${words}\n\n`),
    whole: says(`event: error\ndata: ${words}\n\n`),
  },
  {
    what: 'bare JSON without a frame',
    right: failed,
    streamed: says(`${begun}${JSON.stringify({ error })}\n\n${ending}`),
  },
  {
    what: 'bare JSON at the end, without a line break',
    right: failed,
    streamed: says(begun + JSON.stringify({ error })),
  },
  {
    what: 'bare JSON over several lines',
    right: failed,
    streamed: says(`${begun}${JSON.stringify({ error }, null, 2)}\n`),
    whole: says(JSON.stringify({ error }, null, 2), 'text/event-stream'),
  },
  {
    what: 'JSON in place of an answer',
    right: failed,
    streamed: whole({ error }),
    whole: whole({ error }),
  },
  {
    what: 'JSON in place of an answer, called plain text',
    right: failed,
    streamed: says(JSON.stringify({ error }), 'text/plain'),
    whole: says(JSON.stringify({ error }), 'text/plain'),
  },
  {
    what: 'an object of kind error',
    right: failed,
    streamed: says(begun + event({ object: 'error', message: words, code: 40303 })),
    whole: whole({ object: 'error', message: words, code: 40303 }),
  },
  {
    what: 'an error in a list of its own',
    right: failed,
    streamed: says(begun + event([{ error }]) + ending),
    whole: whole([{ error }]),
  },
  {
    what: 'an error in the vendor’s own part, beside a sound end',
    right: failed,
    streamed: says(
      begun + event({ choices: [{ finish_reason: 'stop' }], x_groq: { error } }) + done,
    ),
    whole: whole(completion({ content: 'Once' }, 'stop', { x_groq: { error } })),
  },
  {
    what: 'success: false',
    right: failed,
    streamed: says(begun + event({ success: false, errors: [{ message: words }] }) + ending),
    whole: whole({ success: false, errors: [{ message: words }] }),
  },
  {
    what: 'a body that breaks off',
    right: truncated,
    streamed: breaksOff(begun + rest),
    whole: breaksOff('{"choices":[{"message":{"con', json),
  },
  {
    what: 'an end in good order in the middle',
    right: truncated,
    streamed: says(begun + rest),
    whole: says('{"choices":[{"message":{"con', json),
  },
  {
    what: '[DONE] is missing',
    right: [truncated, ok],
    streamed: says(begun + rest + piece({}, 'stop')),
    whole: whole(completion({ content: 'Once upon' })),
  },
  {
    what: 'an event that breaks off',
    right: truncated,
    streamed: says(`${begun}data: {"choices":[{"delta":{"content":"a"},"finish_r`),
  },
  {
    what: '[DONE] as JSON',
    right: ok,
    streamed: says(`${begun}${piece({}, 'stop')}data: "[DONE]"\n\n`),
  },
  {
    what: '[DONE] without a line break behind it',
    right: ok,
    streamed: says(`${begun}${piece({}, 'stop')}data: [DONE]`),
  },
  {
    what: 'a break behind the declared end',
    right: ok,
    streamed: breaksOff(begun + ending),
  },
  {
    what: 'an error behind a finish_reason that says nothing more',
    right: failed,
    streamed: says(begun + piece({}, 'error') + event({ error }) + done),
  },
  {
    what: 'an error that says nothing in every chunk',
    right: ok,
    streamed: says(
      [null, '', 'null', false, {}, { message: '' }, []]
        .map((none) => event({ choices: [{ delta: { content: 'a' } }], error: none, errors: none }))
        .join('') + ending,
    ),
    whole: whole(completion({ content: 'Once' }, 'stop', { error: null, errors: [] })),
  },
];

for (const { what, right, ...ways } of [...reasons, ...others]) {
  for (const [place, way] of (['streamed', 'whole'] as const).entries()) {
    const answer = ways[way];
    if (answer === undefined) continue;
    const verdict = typeof right === 'string' ? right : right[place]!;
    test(`${what}, ${way}: ${verdict}`, { annotation: fault(49) }, async () => {
      const asked = await askOnce(answer, way);
      expect(asked.verdict, asked.detail).toBe(verdict);
      // A failure is told in the server's own words.
      if (verdict === failed && !what.startsWith('finish_reason')) {
        expect(asked.detail).toContain(words);
      }
      if (verdict === failed && what.startsWith('finish_reason')) {
        expect(asked.detail).toContain('finish_reason "');
      }
    });
  }
}

for (const told of [
  { detail: words },
  { choices: null, base_resp: { status_code: 1013, status_msg: words } },
  { modelStreamErrorException: { message: words } },
]) {
  test(`a stream that breaks off behind ${JSON.stringify(told)} shows it`, async () => {
    const asked = await askOnce(says(begun + event(told)), 'streamed');
    expect(asked.verdict).toBe(truncated);
    expect(asked.detail).toContain(words);
  });
}

test('an error is told at once, though the server goes on and leaves the connection open', async () => {
  const asked = await askOnce((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`${begun}event: error\ndata: ${words}\n\n`);
  }, 'streamed');
  expect(asked.verdict).toBe('failed application');
  expect(asked.detail).toContain(words);
});

test('the words of an error are found behind a long frame', async () => {
  const long = { ...error, trace: 'x'.repeat(1000) };
  const frame = { id: `chatcmpl-${'7'.repeat(60)}`, system_fingerprint: 'f'.repeat(200) };
  for (const text of [
    begun + event({ ...frame, error: long }),
    begun + event({ ...frame, choices: [{ delta: {}, finish_reason: 'error', error: long }] }),
  ]) {
    const asked = await askOnce(says(text), 'streamed');
    expect(asked.detail).toContain(words);
  }
  const asked = await askOnce(whole({ ...frame, choices: [{ error: long }] }), 'whole');
  expect(asked.detail).toContain(words);
});
