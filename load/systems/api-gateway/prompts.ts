/**
 * What chat users ask: prompts of whole sentences with lengths drawn from stated distributions, or the rows
 * of a team's own file. A token is counted as a word between white space; a server's own tokeniser makes a
 * few more of it.
 */
import { z } from 'zod';
import { drawKey, normal, purpose, uniform, type DrawKey } from '../../platform/random.ts';
import { dataset, type DataCursor, type Dataset } from '../../user/dataset.ts';
import type { UserIdentity } from '../../user/define-user.ts';
import { countWords, textsOf } from '../phrases.ts';
import { chatSentences, instructionSentences } from './chat-texts.ts';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

export interface Prompt {
  readonly messages: readonly ChatMessage[];
  /** Words of all messages. */
  readonly inputTokens: number;
  readonly maxTokens: number;
}

/** Who asks: what a prompt is drawn with. One draw of `random` is taken, or one row of `data`. */
interface PromptContext {
  readonly random: () => number;
  readonly data: DataCursor<PromptRow>;
  readonly user: UserIdentity;
}

export interface PromptSource {
  /** For the user definition; `undefined` where prompts are generated. */
  readonly data: Dataset<PromptRow> | undefined;
  next(context: PromptContext): Prompt;
}

/** Log-normal around `median`, `sigma` the deviation of the logarithm (0: always the median), clipped. */
const lengths = z
  .strictObject({
    median: z.number().min(1),
    sigma: z.number().min(0).max(3),
    min: z.number().int().min(1),
    max: z.number().int().max(1_000_000),
  })
  .refine(({ min, median, max }) => min <= median && median <= max, 'min ≤ median ≤ max');
type TokenLengths = Readonly<z.infer<typeof lengths>>;

const shapeSchema = z.strictObject({
  inputTokens: lengths,
  /** Sent as max_tokens. */
  outputTokens: lengths,
  /** A share of the prompts begins with the same words: so many, but for the last ones of a short prompt. */
  sharedPrefix: z.strictObject({
    share: z.number().min(0).max(1),
    tokens: z.number().int().min(0).max(100_000),
  }),
  /** Begins what is a prompt's own with a word that no other prompt has, so that no cache knows what follows. */
  nonce: z.boolean(),
});
export type PromptShape = Readonly<z.infer<typeof shapeSchema>>;

const rowTokens = z.number().int().min(1).optional();
const text = z.string().min(1);
const promptRow = z.union([
  z.object({ prompt: text, max_tokens: rowTokens }),
  z.object({
    messages: z.array(z.object({ role: text, content: text })).min(1),
    max_tokens: rowTokens,
  }),
]);

/** A line of a file of prompts: `{"prompt": "…"}` or `{"messages": […]}`, either with `max_tokens`. */
export type PromptRow = z.infer<typeof promptRow>;

/** The rows of the file in `path` in turn, or without one what the shape says. Throws where either is wrong. */
export function promptSource(path: string | undefined, shape: PromptShape): PromptSource {
  const generate = promptGenerator(shape);
  if (path === undefined || path === '') {
    return { data: undefined, next: ({ random, user }) => generate(random(), user.uniqueId) };
  }
  // Copied, and so read at once: a setting that is wrong stops the run before any load.
  const data = { ...dataset(path, 'circular', promptRow) };
  return { data, next: (context) => promptOfRow(context.data.next(), shape) };
}

/**
 * Prompts as a function of one draw in [0, 1): the same draw asks the same in every run, but for the
 * nonce, which is `owner` and the draw. Throws where the shape is wrong.
 */
export function promptGenerator(shape: PromptShape): (draw: number, owner: string) => Prompt {
  const checked = shapeSchema.safeParse(shape);
  if (!checked.success) throw new Error(`prompts: ${z.prettifyError(checked.error)}`);
  const { inputTokens, outputTokens, sharedPrefix, nonce } = shape;
  const common = instruction(sharedPrefix.tokens, drawsOf(drawKey(0, 'common prefix')));
  return (draw, owner) => {
    const number = Math.floor(draw * 2 ** 32);
    const key = drawKey(number, 'prompt');
    const total = lengthOf(inputTokens, key, inputDraw);
    const shares = uniform(key, 0, prefixDraw) < sharedPrefix.share;
    // A prompt asks something, however short it is.
    const shared = shares ? common.slice(0, Math.max(0, total - leastOwnWords)) : [];
    const mark = nonce ? [`${owner}-${number.toString(36)}:`] : [];
    const own = [...mark, ...asked(total - shared.length - mark.length, drawsOf(key))];
    const messages = [{ role: 'user', content: own.join(' ') }];
    if (shared.length > 0) messages.unshift({ role: 'system', content: shared.join(' ') });
    return { messages, inputTokens: total, maxTokens: lengthOf(outputTokens, key, outputDraw) };
  };
}

/** The rule by which tokens are counted. */
export function countTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + countWords(content), 0);
}

/** A label with few values: the next power of two, as in `≤ 128`. */
export function tokenBucket(tokens: number): string {
  return `≤ ${2 ** Math.ceil(Math.log2(Math.max(1, tokens)))}`;
}

const inputDraw = purpose('prompt: input length');
const outputDraw = purpose('prompt: output length');
const prefixDraw = purpose('prompt: shares the prefix');
/** A short question, and the nonce before it. */
const leastOwnWords = 6;

const sentenceDraw = purpose('prompt: sentence');

const asked = textsOf(chatSentences);
const instruction = textsOf(instructionSentences);

function drawsOf(key: DrawKey): () => number {
  let i = 0;
  return () => uniform(key, i++, sentenceDraw);
}

function lengthOf({ median, sigma, min, max }: TokenLengths, key: DrawKey, what: number): number {
  const drawn = Math.round(median * Math.exp(sigma * normal(key, 0, what, 0)));
  return Math.min(max, Math.max(min, drawn));
}

function promptOfRow(row: PromptRow, { outputTokens }: PromptShape): Prompt {
  const messages = 'messages' in row ? row.messages : [{ role: 'user', content: row.prompt }];
  const maxTokens = row.max_tokens ?? Math.round(outputTokens.median);
  return { messages, inputTokens: countTokens(messages), maxTokens };
}
