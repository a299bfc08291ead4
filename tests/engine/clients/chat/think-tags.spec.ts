/** Reasoning between tags, cut anywhere. */
import { expect, test } from '@playwright/test';
import { answers, thinks } from '../../../../load/clients/chat/chat-content.ts';
import { bitsOfText } from '../../../../load/clients/chat/think-tags.ts';
import { content, done, figuresOf, finish, folded, usage } from '../chat-events.ts';

function streamed(pieces: readonly string[]) {
  const chunks = pieces.map((text, i) => content(10 * (i + 1), text));
  return figuresOf([...chunks, finish(500), usage(500, pieces.length), done(500)]);
}

test('what stands between the tags is no answer', () => {
  const pieces = ['<think>', '\n', 'two and two', '\n</think>', '\n\n', 'Four', '.'];
  expect(streamed(pieces)).toMatchObject({
    firstTokenAtMs: 10,
    firstAnswerAtMs: 60,
    lastTokenAtMs: 70,
    hasReasoned: true,
    choices: { empty: undefined },
  });
});

test('wherever the text is cut, the first token of the answer is the one with its first letter', () => {
  const text = '<think>hm</think>\n\nFour.';
  for (let cut = 1; cut < text.length; cut++) {
    const answerAtMs = cut > text.indexOf('F') ? 10 : 20;
    const pieces = [text.slice(0, cut), text.slice(cut)];
    expect([cut, streamed(pieces).firstAnswerAtMs]).toEqual([cut, answerAtMs]);
  }
  const letters = Array.from(text);
  expect(streamed(letters).firstAnswerAtMs).toBe(10 * (text.indexOf('F') + 1));
});

test('an answer that begins like the tag is one', () => {
  for (const pieces of [
    ['<', 'thinly veiled'],
    ['<b>no</b>'],
    ['<thinks>', 'x'],
    ['a <think>', 'b'],
  ]) {
    const { choices, firstTokenAtMs } = streamed(pieces);
    expect([choices.empty, firstTokenAtMs]).toEqual([undefined, 10]);
  }
});

test('thoughts that never end are no answer, and that is told', () => {
  const { choices } = streamed(['<think>', 'hm', 'hm']);
  expect(choices.empty).toContain('it has only reasoning');
  expect(figuresOf([content(10, '<think>'), content(20), finish(30, 'length')]).choices.empty).toBe(
    undefined,
  );
});

test('a whole text is judged the same way', () => {
  expect(bitsOfText('<think>hm</think>\nFour.')).toBe(thinks | answers);
  expect(bitsOfText('<thinking>hm')).toBe(thinks);
  expect(bitsOfText('<think>hm</think>\n')).toBe(thinks);
  for (const text of ['Four.', '<', 'a <think>b</think>']) expect(bitsOfText(text)).toBe(answers);
});

test('the answer goes on without its thoughts', () => {
  const events = ['<think>a', 'b</th', 'ink>\n', 'Fo', 'ur.'].map((text, i) =>
    content(i + 1, text),
  );
  expect(folded(events).text).toBe('Four.');
});
