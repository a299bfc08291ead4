/** The figures of a streamed completion follow their definitions, whatever the format of the stream. */
import { expect, test } from '@playwright/test';
import type { ChatStreamFigures } from '../../../../load/clients/chat/chat-stream.ts';
import {
  choice,
  content,
  delta,
  done,
  figuresOf,
  finish,
  oddUsage,
  reasoning,
  role,
  toolCall,
  usage,
  whole,
  type TimedText,
} from '../chat-events.ts';

type Figure = Partial<ChatStreamFigures>;

const rows: readonly (readonly [string, readonly TimedText[], Figure])[] = [
  [
    'a role alone is no token',
    [role(10), content(50), content(60), content(70), finish(70), usage(70, 3), done(70)],
    {
      firstTokenAtMs: 50,
      firstAnswerAtMs: 50,
      lastTokenAtMs: 70,
      interTokenMs: 10,
      chunkGapsMs: [10, 10],
      streamedTokens: 3,
      outputTokens: 3,
      countedBy: 'usage',
      finishReason: 'stop',
      isDone: true,
    },
  ],
  [
    'nor is an empty chunk, first, between or last',
    [delta(5, {}), content(10, ''), content(20), delta(25, {}), content(30), content(35, '')],
    { firstTokenAtMs: 20, lastTokenAtMs: 30, chunkGapsMs: [10], streamedTokens: 2 },
  ],
  [
    'a role that comes with the first token hides it not',
    [delta(20, { role: 'assistant', content: 'a' }), content(30)],
    { firstTokenAtMs: 20, interTokenMs: 10 },
  ],
  [
    'several tokens in a chunk: the usage says how many, gaps are of chunks',
    [content(100), content(130), content(160), finish(160), usage(160, 9)],
    { interTokenMs: 60 / 8, chunkGapsMs: [30, 30], streamedTokens: 9, countedBy: 'usage' },
  ],
  [
    'without usage chunks are counted, and that is told',
    [content(100), content(130), content(160), finish(160), done(160)],
    { interTokenMs: 30, streamedTokens: 3, outputTokens: 3, countedBy: 'chunks' },
  ],
  [
    'a usage that counts nothing where something came is none',
    [content(100), content(130), usage(130, 0)],
    { streamedTokens: 2, countedBy: 'chunks' },
  ],
  [
    'two events of a write have the same time',
    [role(10), content(10), content(30), content(30), usage(30, 3)],
    { firstTokenAtMs: 10, interTokenMs: 10, chunkGapsMs: [20, 0] },
  ],
  [
    'streamed reasoning is the first token, not the first answer',
    [role(10), reasoning(20), reasoning(30), content(40), content(50), usage(50, 4, 2)],
    {
      firstTokenAtMs: 20,
      firstAnswerAtMs: 40,
      interTokenMs: 10,
      streamedTokens: 4,
      outputTokens: 4,
      hasReasoned: true,
    },
  ],
  [
    'reasoning that was counted but not streamed is not between tokens',
    [role(10), content(1000), content(1010), content(1020), usage(1020, 103, 100)],
    {
      firstTokenAtMs: 1000,
      firstAnswerAtMs: 1000,
      interTokenMs: 10,
      streamedTokens: 3,
      outputTokens: 103,
      hasReasoned: false,
    },
  ],
  [
    'reasoning by its other name',
    [delta(20, { reasoning: 'hm' }), content(40)],
    { firstTokenAtMs: 20, firstAnswerAtMs: 40 },
  ],
  [
    'a tool call is a token and an answer',
    [role(10), toolCall(20), toolCall(25), finish(25, 'tool_calls'), usage(25, 2)],
    { firstTokenAtMs: 20, firstAnswerAtMs: 20, interTokenMs: 5, finishReason: 'tool_calls' },
  ],
  [
    'a refusal is one, too',
    [delta(20, { refusal: 'No.' })],
    { firstTokenAtMs: 20, firstAnswerAtMs: 20 },
  ],
  [
    'one token has no time between tokens',
    [content(20), finish(30), usage(30, 1)],
    { firstTokenAtMs: 20, interTokenMs: undefined, chunkGapsMs: [] },
  ],
  [
    'no token at all has no times',
    [role(10), finish(20), usage(20, 0), done(20)],
    {
      firstTokenAtMs: undefined,
      firstAnswerAtMs: undefined,
      lastTokenAtMs: undefined,
      interTokenMs: undefined,
      streamedTokens: 0,
      outputTokens: 0,
      countedBy: 'usage',
    },
  ],
  [
    'of a usage that grows with every chunk the last one counts',
    [content(10), usage(10, 1), content(20), usage(20, 2), content(30), usage(30, 3)],
    { interTokenMs: 10, outputTokens: 3 },
  ],
  [
    'several choices: each has gaps and a span of its own',
    [
      choice(10, 0, { content: 'a' }),
      choice(12, 1, { content: 'x' }),
      choice(30, 0, { content: 'b' }),
      choice(52, 1, { content: 'y' }),
      choice(92, 1, { content: 'z' }),
      choice(100, 0, {}, 'stop'),
      choice(100, 1, {}, 'length'),
      usage(100, 10),
    ],
    {
      firstTokenAtMs: 10,
      firstAnswerAtMs: 10,
      lastTokenAtMs: 92,
      chunkGapsMs: [20, 40, 40],
      // 20 ms and 80 ms, over 10 tokens in two rows.
      interTokenMs: 100 / 8,
      choices: { begun: 2, ended: 2, empty: undefined },
      finishReason: 'stop',
    },
  ],
  [
    'a choice that was given up is told before one that ended',
    [choice(10, 0, { content: 'a' }, 'stop'), choice(10, 1, { content: 'x' }, 'abort')],
    { finishReason: 'abort', error: 'finish_reason "abort"' },
  ],
  [
    'a choice that was given up is not mended by another word',
    [content(10), finish(20, 'error'), finish(30, 'stop')],
    { finishReason: 'error' },
  ],
  [
    'a usage that counts nothing yet does not hide one that does, first or last',
    [oddUsage(5, { prompt_tokens: 3 }), content(10), usage(20, 7), oddUsage(30, {})],
    { outputTokens: 7, countedBy: 'usage' },
  ],
  [
    'an odd count of thoughts costs that count alone',
    [content(10), oddUsage(20, { completion_tokens: 7, completion_tokens_details: 'x' })],
    { streamedTokens: 7, outputTokens: 7, countedBy: 'usage' },
  ],
  [
    'a server that only pretends to stream sends a message at once',
    [whole(10, { role: 'assistant', content: 'Four.' }), done(20)],
    { firstTokenAtMs: 10, firstAnswerAtMs: 10, finishReason: 'stop' },
  ],
  [
    'the end of the stream is no token',
    [content(10), content(20), finish(500), usage(600, 2), done(700)],
    { lastTokenAtMs: 20, interTokenMs: 10 },
  ],
];

for (const [what, events, figures] of rows) {
  test(what, () => {
    expect(figuresOf(events)).toMatchObject(figures);
  });
}
