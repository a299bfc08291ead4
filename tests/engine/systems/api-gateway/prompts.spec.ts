/** Generated prompts have the stated distributions, and a file of prompts is checked line by line. */
import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { drawKey, purpose, uniform } from '../../../../load/platform/random.ts';
import {
  countTokens,
  promptGenerator,
  promptSource,
  tokenBucket,
  type Prompt,
  type PromptRow,
  type PromptShape,
} from '../../../../load/systems/api-gateway/prompts.ts';
import { countWords } from '../../../../load/systems/phrases.ts';
import { ksCritical, ksDistance } from '../../statistics.ts';

const shape: PromptShape = {
  inputTokens: { median: 100, sigma: 0.5, min: 10, max: 400 },
  outputTokens: { median: 150, sigma: 0, min: 1, max: 150 },
  sharedPrefix: { share: 0.4, tokens: 30 },
  nonce: true,
};
const many = 4000;

function draws(seed: number): number[] {
  const key = drawKey(seed, 'users');
  return Array.from({ length: many }, (_, i) => uniform(key, i, purpose('test')));
}

function generate(more: Partial<PromptShape> = {}, seed = 1, owner = 'run-1'): Prompt[] {
  const next = promptGenerator({ ...shape, ...more });
  return draws(seed).map((draw) => next(draw, owner));
}

const textOf = ({ messages }: Prompt): string => messages.map(({ content }) => content).join(' ');

test('one seed gives the same prompts, another one others', () => {
  expect(generate()).toEqual(generate());
  expect(generate().map(textOf)).not.toEqual(generate({}, 2).map(textOf));
});

test('a prompt has as many words as it says', () => {
  const prompts = generate();
  const stated = prompts.map(({ inputTokens }) => inputTokens);
  expect(prompts.map((prompt) => textOf(prompt).split(' ').length)).toEqual(stated);
  expect(prompts.map(({ messages }) => countTokens(messages))).toEqual(stated);
});

test('what a prompt asks is whole sentences, after its nonce', () => {
  const asked = generate().map(({ messages }) => messages.at(-1)!.content);
  expect(asked).toHaveLength(many);
  expect(asked.filter((text) => !/^run-1-[0-9a-z]+: [A-Z].*[.?!]$/.test(text))).toEqual([]);
});

test('input lengths are log-normal around their median, clipped', () => {
  const sizes = generate().map(({ inputTokens }) => inputTokens);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
  // Whole numbers are compared with the distribution at their upper edge, half a token above.
  const spread = sizes.map((size, i) => size - 0.5 + (i + 0.5) / many);
  const cdf = (x: number): number => normalCdf(Math.log(x / 100) / 0.5);
  const free = spread.filter((size) => size < 399);
  expect(ksDistance(free, cdf)).toBeLessThan(ksCritical(many));
});

test('without deviation every length is the median', () => {
  const fixed = { median: 77, sigma: 0, min: 1, max: 1000 };
  const prompts = generate({ inputTokens: fixed, outputTokens: fixed });
  expect(new Set(prompts.map(({ inputTokens }) => inputTokens))).toEqual(new Set([77]));
  expect(new Set(prompts.map(({ maxTokens }) => maxTokens))).toEqual(new Set([77]));
});

test('the stated share begins with the same words, and no more than these are shared', () => {
  const shared = generate().filter(({ messages }) => messages.length === 2);
  // Five deviations of a binomial share of 0.4.
  expect(Math.abs(shared.length - 0.4 * many)).toBeLessThan(5 * Math.sqrt(many * 0.24));
  const prefixes = new Set(
    shared
      .filter(({ inputTokens }) => inputTokens >= 36)
      .map(({ messages }) => messages[0]!.content),
  );
  expect(prefixes.size).toBe(1);
  expect([...prefixes][0]!.split(' ')).toHaveLength(30);
  const own = generate({ nonce: false })
    .map(({ messages }) => messages.at(-1)!.content)
    .filter((text) => text.split(' ').length >= 40);
  expect(own.length).toBeGreaterThan(many / 2);
  expect(new Set(own).size).toBe(own.length);
});

test('a prompt shorter than the prefix keeps a question of its own', () => {
  const inputTokens = { median: 12, sigma: 0, min: 1, max: 12 };
  const prompts = generate({ inputTokens, sharedPrefix: { share: 1, tokens: 30 } });
  const [system, user] = prompts[0]!.messages;
  expect([system!.content.split(' ').length, user!.content.split(' ').length]).toEqual([6, 6]);
  const shortest = { median: 5, sigma: 0, min: 1, max: 5 };
  const [short] = generate({ inputTokens: shortest, sharedPrefix: { share: 1, tokens: 30 } });
  expect(short!.messages.map(({ role, content }) => [role, countWords(content)])).toEqual([
    ['user', 5],
  ]);
});

test('the nonce differs in every prompt, and between owners for the same draw', () => {
  const nonces = (owner: string): string[] =>
    generate({}, 1, owner).map(({ messages }) => messages.at(-1)!.content.split(' ')[0]!);
  expect(new Set([...nonces('run-1'), ...nonces('run-2')]).size).toBe(2 * many);
  const plain = generate({ nonce: false });
  expect(plain.map(textOf)).toEqual(generate({ nonce: false }, 1, 'run-2').map(textOf));
});

const wrong = [
  [{ sharedPrefix: { share: 1.1, tokens: 3 } }, 'share'],
  [{ inputTokens: { median: 5, sigma: 0, min: 10, max: 20 } }, 'min ≤ median'],
  [{ outputTokens: { median: 5, sigma: -1, min: 1, max: 20 } }, 'sigma'],
] as const;
for (const [more, field] of wrong) {
  test(`refuses ${JSON.stringify(more)}`, () => {
    expect(() => promptGenerator({ ...shape, ...more })).toThrow(field);
  });
}

test('a file of prompts gives its rows in turn, with their own limits', ({}, testInfo) => {
  const path = testInfo.outputPath('prompts.jsonl');
  const rows: PromptRow[] = [
    { prompt: 'What is two and two?', max_tokens: 5 },
    {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'Hi' },
      ],
    },
  ];
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  const source = promptSource(path, shape);
  expect(source.data!.rows).toEqual(rows);
  const context = { random: () => 0, user: { number: 1, uniqueId: 'run-1' } };
  const asked = source.data!.rows.map((row) =>
    source.next({ ...context, data: { next: () => row } }),
  );
  expect(asked).toEqual([
    {
      messages: [{ role: 'user', content: 'What is two and two?' }],
      inputTokens: 5,
      maxTokens: 5,
    },
    { messages: 'messages' in rows[1]! && rows[1].messages, inputTokens: 3, maxTokens: 150 },
  ]);
});

test('a wrong line is named with the file', ({}, testInfo) => {
  const path = testInfo.outputPath('prompts.jsonl');
  writeFileSync(path, '{"prompt": "Hi"}\n{"promt": "Hi"}\n');
  expect(() => promptSource(path, shape).data?.rows).toThrow(`${path}:2`);
});

test('without a file prompts are generated with one draw each', () => {
  let taken = 0;
  const context = {
    random: () => 0.1 * ++taken,
    user: { number: 1, uniqueId: 'run-1' },
    data: {
      next(): never {
        throw new Error('there are no rows');
      },
    },
  };
  const source = promptSource('', shape);
  const prompts = [source.next(context), source.next(context)];
  expect(prompts.map(textOf)).toEqual(
    [0.1, 0.2].map((draw) => textOf(promptGenerator(shape)(draw, 'run-1'))),
  );
  expect([taken, source.data]).toEqual([2, undefined]);
});

const buckets = [
  [1, '≤ 1'],
  [100, '≤ 128'],
  [128, '≤ 128'],
  [129, '≤ 256'],
] as const;
test('a bucket is the next power of two', () => {
  expect(buckets.map(([tokens]) => tokenBucket(tokens))).toEqual(buckets.map(([, name]) => name));
});

/** Abramowitz and Stegun 26.2.17, wrong by less than 1e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const series = coefficients.reduceRight((sum, c) => (sum + c) * t, 0);
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x > 0 ? 1 - tail : tail;
}
