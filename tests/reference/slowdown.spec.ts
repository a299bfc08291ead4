import { expect, test } from '@playwright/test';
import { parseSlowdown } from '../../fixtures/reference/slowdown.ts';

const accepted = [
  { text: undefined, chat: 1, 'log food': 1, xp: 1 },
  { text: '50', chat: 50, 'log food': 50, xp: 50 },
  { text: 'chat:2', chat: 2, 'chat completion': 2, 'log food': 1, xp: 1 },
  { text: 'chat:2,chat completion:3', chat: 2, 'chat completion': 3, 'log food': 1, xp: 1 },
  { text: 'chat completion:3', chat: 1, 'chat completion': 3, 'log food': 1, xp: 1 },
  { text: 'chat:2,food:3', chat: 2, 'log food': 3, xp: 1 },
  { text: ' log food : 0.5 , xp:4', chat: 1, 'log food': 0.5, xp: 4 },
  { text: '5,chat:2', chat: 2, 'log food': 5, xp: 5 },
  { text: 'read_file:9', chat: 1, 'log food': 1, xp: 1 },
];
for (const { text, ...factors } of accepted) {
  test(`reads ${text ?? 'an unset variable'}`, () => {
    const slowdown = parseSlowdown(text);
    expect(Object.fromEntries(Object.keys(factors).map((task) => [task, slowdown(task)]))).toEqual(
      factors,
    );
  });
}

const refused = [
  ['', 'is not a number'],
  ['fast', 'is not a number'],
  ['NaN', 'is not a number'],
  ['-2', 'is not a number'],
  ['0', 'from 0.01 to 1000'],
  ['1e308', 'from 0.01 to 1000'],
  ['1001', 'from 0.01 to 1000'],
  ['chat:', 'is not a number'],
  ['chat:2,', 'is not a number'],
  ['chta:2', 'no system has a task "chta"'],
  [':2', 'no system has a task ""'],
  ['chat:2,chat:3', 'names "chat" twice'],
  ['2,3', 'two factors'],
] as const;
for (const [text, reason] of refused) {
  test(`refuses "${text}" with field, value and what is accepted`, () => {
    expect(() => parseSlowdown(text)).toThrow(`REFERENCE_SLOWDOWN="${text}"`);
    expect(() => parseSlowdown(text)).toThrow(reason);
    expect(() => parseSlowdown(text)).toThrow('Accepted: a factor for every task');
  });
}
