/** The content cut out of a chunk that is like the one before is the same as parsing it as JSON. */
import { expect, test } from '@playwright/test';
import { ChunkShape } from '../../../../load/clients/chat/chunk-shape.ts';
import { content, delta, done, figuresOf, finish, folded, usage } from '../chat-events.ts';

const chunk = (text: string): string =>
  JSON.stringify({ id: 7, choices: [{ delta: { content: text } }] });

function learned(data: string, text: string): ChunkShape {
  const shape = new ChunkShape();
  shape.learn(data, text);
  return shape;
}

test('the content of a chunk of the same shape is cut out', () => {
  const shape = learned(chunk('one'), 'one');
  for (const text of ['two', ' ', 'größer', '東京 🙂', '{x: 1}']) {
    expect(shape.contentOf(chunk(text))).toBe(text);
  }
});

test('what does not mean itself in JSON, or stands in another shape, is read', () => {
  const shape = learned(chunk('one'), 'one');
  for (const text of ['', 'a "b"', 'a\nb', '\\', '\u0001', '","x":"']) {
    expect(shape.contentOf(chunk(text)), text).toBeUndefined();
  }
  for (const data of [
    chunk('one').replace('7', '8'),
    chunk('one').slice(0, -1),
    `${chunk('one')} `,
    '',
    '[DONE]',
  ]) {
    expect(shape.contentOf(data), data).toBeUndefined();
  }
});

test('nothing is learned where it is not known which field is meant', () => {
  const twice = '{"x":{"content":"one"},"choices":[{"delta":{"content":"one"}}]}';
  const escaped = '{"x\\"content":"one","choices":[{"delta":{"content" :"one"}}]}';
  for (const data of [twice, escaped, chunk('other'), '{"choices":[{"delta":{"content":1}}]}']) {
    expect(learned(data, 'one').contentOf(data.replace('one', 'two')), data).toBeUndefined();
  }
  expect(learned(chunk('a"b'), 'a"b').contentOf(chunk('x'))).toBeUndefined();
});

test('with a space behind the colon it is the same', () => {
  const data = '{"choices": [{"delta": {"content": "one"}}]}';
  expect(learned(data, 'one').contentOf(data.replace('one', 'two'))).toBe('two');
});

test('a stream that is alike to nothing is left alone after a while', () => {
  const shape = new ChunkShape();
  for (let i = 0; i < 100; i++) shape.learn(chunk('one').replace('7', String(i)), 'one');
  expect(shape.contentOf(chunk('two').replace('7', '99'))).toBeUndefined();
});

test('chunks that are alike are counted like any other, up to one that says more', () => {
  const alike = Array.from({ length: 200 }, (_, i) => content(10 * (i + 1), `word${i} `));
  const events = [
    ...alike,
    delta(2010, { content: 'x', refusal: 'No.' }),
    finish(2020),
    usage(2020, 201),
  ];
  expect(figuresOf([...events, done(2020)])).toMatchObject({
    firstTokenAtMs: 10,
    firstAnswerAtMs: 10,
    lastTokenAtMs: 2010,
    chunkGapsMs: Array.from({ length: 200 }, () => 10),
    streamedTokens: 201,
    finishReason: 'stop',
  });
  const { text } = folded(alike);
  expect(text).toBe(alike.map((_, i) => `word${i} `).join(''));
});
