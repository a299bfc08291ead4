import { expect, test } from '@playwright/test';
import { meets, parseLimit } from '../../../load/budgets/limit.ts';
import type { Dimension } from '../../../load/metrics/figure-text.ts';

const good: readonly [string, Dimension, string, number][] = [
  ['< 3 s', 'time', '<', 3000],
  ['<= 250 us', 'time', '<=', 0.25],
  ['< 2.0 s', 'time', '<', 2000],
  ['> 1.5 m', 'time', '>', 90_000],
  ['< 1 h', 'time', '<', 3_600_000],
  ['< 0.1 %', 'share', '<', 0.001],
  ['< 0.7 %', 'share', '<', 0.007],
  ['< 2 points', 'share', '<', 0.02],
  ['>= 99.99 %', 'share', '>=', 0.9999],
  ['= 0', 'share', '=', 0],
  ['= 0', 'time', '=', 0],
  ['= 0', 'number', '=', 0],
  ['> 8.3 /s', 'perSecond', '>', 8.3],
  ['> 100', 'perSecond', '>', 100],
  ['> 100 /min', 'perSecond', '>', 100 / 60],
  ['< 1.5 MB', 'bytes', '<', 1_500_000],
  ['  <   20   kB ', 'bytes', '<', 20_000],
];

for (const [text, dimension, op, limit] of good) {
  test(`'${text}' of a ${dimension} is ${op} ${limit}`, () => {
    expect(parseLimit(text, dimension)).toEqual({ op, limit });
  });
}

const bad: readonly [unknown, Dimension, string][] = [
  [
    '',
    'time',
    "'' is empty; accepted: one of < <= > >= =, a number, unit us ms s m h, as in '< 3 s'",
  ],
  ['   ', 'time', 'is empty'],
  ['3 s', 'time', 'does not begin with an operator'],
  ['<3 s', 'time', 'does not begin with an operator and a space'],
  ['== 3 s', 'time', 'does not begin with an operator'],
  ['<', 'time', 'has no plain number'],
  ['< NaN s', 'time', 'has no plain number'],
  ['< Infinity s', 'time', 'has no plain number'],
  ['< -3 s', 'time', 'has no plain number from 0 up'],
  ['< 1e308 ms', 'time', 'has no plain number'],
  ['< 3s', 'time', 'has no plain number'],
  ['< 3 sec', 'time', 'has the unknown unit "sec"'],
  ['< 3 s s', 'time', 'goes on after the unit'],
  ['< 3 %', 'time', 'has the unit "%", but the metric is a time'],
  ['< 3', 'time', 'has no unit'],
  ['< 1.1 h', 'time', 'is beyond 1 h'],
  ['< 0 ms', 'time', 'can never be met'],
  [
    '< 1',
    'share',
    "has no unit; accepted: one of < <= > >= =, a number, unit % points, as in '< 1 %'",
  ],
  ['< 0.01', 'share', 'has no unit'],
  ['< 101 %', 'share', 'is beyond 100 %'],
  ['> 100 %', 'share', 'can never be met'],
  ['< 1 s', 'share', 'has the unit "s", but the metric is a share'],
  ['= 0 %', 'number', 'has the unit "%", but the metric is a plain number'],
  [`< ${'9'.repeat(400)}`, 'number', 'is beyond 1000000000000'],
  [3, 'time', '3 is no text'],
  [NaN, 'time', 'is no text'],
  [undefined, 'time', 'undefined is no text'],
];

for (const [text, dimension, message] of bad) {
  test(`${String(text).slice(0, 40)} of a ${dimension} is refused: ${message.slice(0, 60)}`, () => {
    expect(() => parseLimit(text, dimension)).toThrow(message);
  });
}

test('a share of exactly the limit does not keep a strict one', () => {
  expect(meets(7 / 1000, parseLimit('< 0.7 %', 'share'))).toBe(false);
  expect(meets(7 / 1000, parseLimit('<= 0.7 %', 'share'))).toBe(true);
  expect(meets(1 / 1000, parseLimit('< 0.1 %', 'share'))).toBe(false);
  expect(meets(1 / 1001, parseLimit('< 0.1 %', 'share'))).toBe(true);
});

test('every tenth of a percent is the share that counting gives', () => {
  for (let tenths = 1; tenths < 1000; tenths++) {
    expect(parseLimit(`<= ${(tenths / 10).toFixed(1)} %`, 'share').limit).toBe(tenths / 1000);
  }
});

const comparisons: readonly [number, string, boolean][] = [
  [1999.9, '< 2 s', true],
  [2000, '< 2 s', false],
  [2000, '<= 2 s', true],
  [2000, '> 2 s', false],
  [2000, '>= 2 s', true],
  [2000, '= 2 s', true],
  [Infinity, '< 1 h', false],
  [Infinity, '> 2 s', true],
];

for (const [value, text, isMet] of comparisons) {
  test(`${value} ms ${isMet ? 'keeps' : 'breaks'} '${text}'`, () => {
    expect(meets(value, parseLimit(text, 'time'))).toBe(isMet);
  });
}
