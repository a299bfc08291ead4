import { expect, test } from '@playwright/test';
import * as text from '../../../load/metrics/figure-text.ts';

const changes: readonly [number, string][] = [
  [0.667, '+67 %'],
  [-0.667, '−67 %'],
  [0.0853, '+8.5 %'],
  [0.0004, '+0.04 %'],
  [2.345, '+235 %'],
  [0, '0 %'],
  [1e-12, '0 %'],
  [Infinity, '+∞'],
  [-Infinity, '−∞'],
];

for (const [change, told] of changes) {
  test(`a change of ${change} reads ${told}`, () => {
    expect(text.changeText(change)).toBe(told);
  });
}

test('a change beside a limit has the digits to tell them apart', () => {
  expect(text.changeBesideLimit(0.101, 0.1)).toBe('+10.1 %');
  expect(text.changeBesideLimit(0.1, 0.1)).toBe('+10 %');
  expect(text.changeBesideLimit(0.153, 0.1)).toBe('+15 %');
});

test('a difference of logarithms reads as the change that it stands for', () => {
  expect([Math.LN2, -Math.LN2].map(text.logChangeText)).toEqual(['+100 %', '−50 %']);
});

const differences: readonly [number | undefined, text.Dimension, string][] = [
  [4500, 'bytes', '+4.5 kB'],
  [-2e6, 'bytes', '−2 MB'],
  [0, 'bytes', '0 B'],
  [-12, 'time', '−12 ms'],
  [3, 'number', '+3'],
  [undefined, 'bytes', '–'],
];

for (const [difference, dimension, told] of differences) {
  test(`a difference of ${difference} in ${dimension} reads ${told}`, () => {
    expect(text.differenceText(difference, dimension)).toBe(told);
  });
}

test('points, factors, chances and numbers', () => {
  expect([0.005, -0.1, 0.00667, 1e-12].map(text.pointsText)).toEqual([
    '+0.5 points',
    '−10 points',
    '+0.667 points',
    '0 points',
  ]);
  expect([20.26, 0].map(text.factorText)).toEqual(['20.3×', '0.0×']);
  expect([0.0004, 0.0123, 0.05, 0.232, 1].map(text.chanceText)).toEqual([
    'p < 0.001',
    'p = 0.012',
    'p = 0.05',
    'p = 0.23',
    'p = 1',
  ]);
  expect([8.266, 54.24, 1101.4, -0.12345].map(text.numberText)).toEqual([
    '8.27',
    '54.2',
    '1101',
    '-0.123',
  ]);
});
