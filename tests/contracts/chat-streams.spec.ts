/** Every form and fault of a stream, from the reference gateway over a real socket to a verdict. */
import { expect } from '@playwright/test';
import { ChatStream, type ChatStreamFigures } from '../../load/clients/chat/chat-stream.ts';
import { EventStream } from '../../load/clients/http/event-stream.ts';
import { judgeChatStream } from '../../load/clients/chat/judge-chat-stream.ts';
import { batchingCosts } from '../../fixtures/reference/inference-parameters.ts';
import { fault } from '../faults/fault-matrix.ts';
import { chat } from '../reference/api-gateway-client.ts';
import { testOf } from '../reference/launched.ts';

const test = testOf('api-gateway');

interface Followed {
  readonly figures: ChatStreamFigures;
  readonly verdict: string;
  /** The stream was read in these pieces. */
  readonly reads: readonly { readonly atMs: number; readonly text: string }[];
}

async function follow(url: string): Promise<Followed> {
  const response = await chat(url, { stream: true, max_tokens: 12 });
  const folded = new ChatStream();
  const events = new EventStream(folded.event);
  const reads: { atMs: number; text: string }[] = [];
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const atMs = performance.now();
    reads.push({ atMs, text: Buffer.from(bytes).toString() });
    events.chunk(bytes, atMs);
  }
  const figures = folded.figures();
  const type = response.headers.get('content-type') ?? undefined;
  const { outcome, kind } = judgeChatStream(figures, type);
  return { figures, verdict: kind === undefined ? outcome : `${outcome} ${kind}`, reads };
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

// Twelve tokens each: all streamed, or nine counted before the first streamed one.
const reasoned = 9;
for (const [sent, streamed, first] of [
  ['reasoning', 12, '"reasoning_content":"'],
  ['reasoning-hidden', 3, '"content":"'],
] as const) {
  test(`${sent}: the first token is the first that came, and times are between those that came`, async ({
    launch,
  }) => {
    const { url } = await launch({ REFERENCE_FAULTS: `${sent}:${reasoned}` });
    const fromMs = performance.now();
    const { figures, reads } = await follow(url);
    expect(figures).toMatchObject({ streamedTokens: streamed, outputTokens: 12 });
    const tokens = reads.filter(({ text }) => /content":"[^"]/.test(text));
    expect(tokens[0]!.text).toContain(first);
    expect(figures.firstTokenAtMs).toBe(tokens[0]!.atMs);
    const spanMs = tokens.at(-1)!.atMs - tokens[0]!.atMs;
    expect(figures.interTokenMs).toBeCloseTo(spanMs / (streamed - 1), 6);
    // Hidden tokens are computed first, and a step of the model is never shorter than this.
    const leastMs = sent === 'reasoning' ? 0 : reasoned * batchingCosts.baseMs;
    expect(figures.firstTokenAtMs! - fromMs).toBeGreaterThan(leastMs);
  });
}
