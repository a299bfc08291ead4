/**
 * Prompts of chat users: whole sentences with lengths drawn from given distributions, or the rows of a
 * team's own file. A token is counted as a word between white space; a server's own tokeniser counts a
 * few more.
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

/** A prompt is drawn with one draw of `random`, or with one row of `data`. */
interface PromptContext {
  readonly random: () => number;
  readonly data: DataCursor<PromptRow>;
  readonly user: UserIdentity;
}

export interface PromptSource {
  /** For the user definition; `undefined` if prompts are generated. */
  readonly data: Dataset<PromptRow> | undefined;
  next(context: PromptContext): Prompt;
}

/** Log-normal around `median`, clipped; `sigma` is the deviation of the logarithm (0: always the median). */
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
  /** This share of the prompts begins with the same words, up to this number; short prompts share fewer. */
  sharedPrefix: z.strictObject({
    share: z.number().min(0).max(1),
    tokens: z.number().int().min(0).max(100_000),
  }),
  /** Puts a unique word in front of each prompt's own part, so that no cache can know what follows. */
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

/** A line of a file with prompts: `{"prompt": "…"}` or `{"messages": […]}`, either with `max_tokens`. */
export type PromptRow = z.infer<typeof promptRow>;

/**
 * Prompts from the file at `path` in turn, or without one generated from `shape`. Throws if either is
 * wrong.
 */
export function promptSource(path: string | undefined, shape: PromptShape): PromptSource {
  const generate = promptGenerator(shape);
  if (path === undefined || path === '') {
    return { data: undefined, next: ({ random, user }) => generate(random(), user.uniqueId) };
  }
  // Copying reads the file at once, so a wrong file stops the run before any load.
  const data = { ...dataset(path, 'circular', promptRow) };
  return { data, next: (context) => promptOfRow(context.data.next(), shape) };
}

/**
 * Prompts as a function of one draw in [0, 1): the same draw gives the same prompt in every run, except
 * for the nonce, which consists of `owner` and the draw. Throws if the shape is wrong.
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
    // Even a short prompt has a question.
    const shared = shares ? common.slice(0, Math.max(0, total - leastOwnWords)) : [];
    const mark = nonce ? [`${owner}-${number.toString(36)}:`] : [];
    const own = [...mark, ...asked(total - shared.length - mark.length, drawsOf(key))];
    const messages = [{ role: 'user', content: own.join(' ') }];
    if (shared.length > 0) messages.unshift({ role: 'system', content: shared.join(' ') });
    return { messages, inputTokens: total, maxTokens: lengthOf(outputTokens, key, outputDraw) };
  };
}

/** The number of tokens, counted as words. */
export function countTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + countWords(content), 0);
}

/** A label with few values: the next power of two, such as `≤ 128`. */
export function tokenBucket(tokens: number): string {
  return `≤ ${2 ** Math.ceil(Math.log2(Math.max(1, tokens)))}`;
}

const inputDraw = purpose('prompt: input length');
const outputDraw = purpose('prompt: output length');
const prefixDraw = purpose('prompt: shares the prefix');
/** A short question and the nonce before it. */
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
