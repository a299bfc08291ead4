/** Which JSON reports an error, and its message. */
import { expect, test } from '@playwright/test';
import { errorWords, saysSomething, toldError } from '../../../../load/clients/http/told-error.ts';

for (const told of [
  { error: 'no memory' },
  { error: { message: 'no memory' } },
  { error: { code: 500, message: '' } },
  { error: true },
  { error: 7 },
  { errors: [{ message: 'no memory' }] },
  { success: false },
  { object: 'error', message: 'no memory' },
  { type: 'error' },
  { status: 'error' },
  [{ error: { code: 429, message: 'no quota' } }],
  { id: 'c', x_groq: { id: 'r', error: 'over_capacity' } },
]) {
  test(`${JSON.stringify(told)} tells of one`, () => {
    expect(toldError(told)).toBeDefined();
  });
}

for (const none of [
  {},
  { error: null },
  { error: '' },
  { error: 'null' },
  { error: 'None' },
  { error: false },
  { error: 0 },
  { error: {} },
  { error: { code: 0, message: '' } },
  { error: { message: null } },
  { error: [] },
  { errors: [] },
  { success: true },
  { success: 'false' },
  { object: 'chat.completion' },
  { status: 'ok' },
  [],
  [{ id: 'c' }],
  [{ error: 'no memory' }, { id: 'c' }],
  { x_groq: { id: 'r', error: null } },
  { x_error: 'of nobody' },
  'error',
  null,
  undefined,
  7,
]) {
  test(`${none === undefined ? 'nothing' : JSON.stringify(none)} tells of none`, () => {
    expect(toldError(none)).toBeUndefined();
  });
}

test('what is nested without end is looked at so far, and no further', () => {
  let deep: unknown = '';
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(saysSomething(deep)).toBe(true);
});

test('the words are the text, or the message where that is long', () => {
  const error = { message: 'no memory', code: 500, trace: 'x'.repeat(1000) };
  expect(errorWords({ message: 'no memory' }, '{"error":{"message":"no memory"}}')).toBe(
    '{"error":{"message":"no memory"}}',
  );
  expect(errorWords(error, JSON.stringify({ error }))).toBe('no memory (500)');
  const text = 'y'.repeat(1000);
  expect(errorWords(text, JSON.stringify({ error: text }))).toBe(text);
});
