/** Every form and fault of a stream, from the reference gateway over a real socket to a verdict. */
import { expect } from '@playwright/test';
import { ChatStream, type ChatStreamFigures } from '../../load/clients/chat/chat-stream.ts';
import { EventStream } from '../../load/clients/http/event-stream.ts';
import { judgeChatStream } from '../../load/clients/chat/judge-chat-stream.ts';
import { fault } from '../faults/fault-matrix.ts';
import { chat } from '../reference/api-gateway-client.ts';
import { testOf } from '../reference/launched.ts';

const test = testOf('api-gateway');

interface Followed {
  readonly figures: ChatStreamFigures;
  readonly verdict: string;
}

async function follow(url: string): Promise<Followed> {
  const response = await chat(url, { stream: true, max_tokens: 12 });
  const folded = new ChatStream();
  const events = new EventStream(folded.event);
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    events.chunk(bytes, performance.now());
  }
  const figures = folded.figures();
  const type = response.headers.get('content-type') ?? undefined;
  const { outcome, kind } = judgeChatStream(figures, type);
  return { figures, verdict: kind === undefined ? outcome : `${outcome} ${kind}` };
}

const shapes: readonly (readonly [string, Partial<ChatStreamFigures>])[] = [
  ['crlf', {}],
  ['comments', {}],
  ['split-utf8', {}],
  ['role-with-content', {}],
  ['events-per-write:2', {}],
  ['tokens-per-chunk:5', {}],
  ['tokens-per-chunk:5,events-per-write:3,split-utf8,comments,crlf', {}],
  ['no-usage', { countedBy: 'chunks' }],
  ['tool-call', { finishReason: 'length' }],
  ['reasoning:5', { hasReasoned: true }],
  ['reasoning-hidden:5', { hasReasoned: false, streamedTokens: 7 }],
];
for (const [faults, figures] of shapes) {
  test(
    `${faults}: ok, and no token is lost`,
    { annotation: faults.includes('split-utf8') ? [fault(21)] : [] },
    async ({ launch }) => {
      const { url } = await launch({ REFERENCE_FAULTS: faults });
      const followed = await follow(url);
      expect(followed.verdict).toBe('ok');
      const all = { outputTokens: 12, streamedTokens: 12, countedBy: 'usage', isDone: true };
      expect(followed.figures).toMatchObject({ ...all, ...figures });
    },
  );
}

const faults = [
  ['error-mid-stream', 'failed application'],
  ['error-event', 'failed application'],
  ['missing-done', 'invalid truncated'],
  ['no-finish-reason', 'invalid truncated'],
  ['cut-short', 'invalid truncated'],
  ['empty-completion', 'invalid schema'],
  ['html', 'invalid contentType'],
  ['success-false', 'invalid contentType'],
] as const;
for (const [sent, verdict] of faults) {
  test(`${sent}: ${verdict}`, { annotation: fault(21) }, async ({ launch }) => {
    const { url } = await launch({ REFERENCE_FAULTS: `${sent},after:1` });
    expect((await follow(url)).verdict).toBe('ok');
    expect((await follow(url)).verdict).toBe(verdict);
  });
}

test('hidden reasoning delays the first token and stretches no time between tokens', async ({
  launch,
}) => {
  // Twelve tokens each: all streamed, or nine counted before the first streamed one.
  const shown = await launch({ REFERENCE_FAULTS: 'reasoning:9' });
  const hidden = await launch({ REFERENCE_FAULTS: 'reasoning-hidden:9' });
  const rounds: { readonly shown: Timed; readonly hidden: Timed }[] = [];
  // In turns, so that disturbances of this machine affect both. The first of each opens connections.
  for (let round = 0; round < 6; round++) {
    rounds.push({ shown: await timed(shown.url), hidden: await timed(hidden.url) });
  }
  const ratio = (of: keyof Timed): number =>
    median(rounds.slice(1).map((round) => round.hidden[of] / round.shown[of]));
  expect(ratio('ttftMs')).toBeGreaterThan(2);
  expect(ratio('interTokenMs')).toBeLessThan(2.5);
  expect(ratio('interTokenMs')).toBeGreaterThan(0.4);
});

interface Timed {
  readonly ttftMs: number;
  readonly interTokenMs: number;
}

async function timed(url: string): Promise<Timed> {
  const fromMs = performance.now();
  const { figures } = await follow(url);
  return { ttftMs: figures.firstTokenAtMs! - fromMs, interTokenMs: figures.interTokenMs! };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
