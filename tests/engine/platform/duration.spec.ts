import { expect, test } from '@playwright/test';
import { formatMs, parseDurationMs, parseRatePerSecond } from '../../../load/platform/duration.ts';

for (const [value, durationMs] of [
  ['250us', 0.25],
  ['250ms', 250],
  ['10s', 10_000],
  ['10 s', 10_000],
  ['1.5m', 90_000],
  ['1m30s', 90_000],
  [' 1m 30s ', 90_000],
  ['2h 5m', 7_500_000],
  ['0', 0],
  ['0s', 0],
  [0, 0],
  [1500, 1500],
  ['720h', 2_592_000_000],
] as const) {
  test(`the duration ${JSON.stringify(value)} is ${durationMs} ms`, () => {
    expect(parseDurationMs(value, 'users.duration')).toBe(durationMs);
  });
}

for (const value of [
  '',
  ' ',
  '10',
  '10 S',
  '10sec',
  '-5s',
  '5s-',
  '1e3ms',
  's',
  '5s x',
  'five',
  '1,5s',
  'NaN',
  'Infinity',
  '721h',
  `${'9'.repeat(400)}s`,
  NaN,
  Infinity,
  -Infinity,
  -1,
  1e308,
  2_592_000_001,
]) {
  test(`the duration ${JSON.stringify(value)} (${String(value).slice(0, 20)}) is refused`, () => {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
    expect(() => parseDurationMs(value, 'users.duration')).toThrow(
      `users.duration: ${shown} is no duration; accepted: 250ms, 10s, 1m 30s, 2h, or milliseconds`,
    );
  });
}

for (const [value, perSecond] of [
  ['200/s', 200],
  ['90/m', 1.5],
  ['90 / min', 1.5],
  ['3600/h', 1],
  ['0.5/s', 0.5],
  ['7', 7],
  [7, 7],
  [0, 0],
] as const) {
  test(`the rate ${JSON.stringify(value)} is ${perSecond} per second`, () => {
    expect(parseRatePerSecond(value, 'arrivals.rate')).toBe(perSecond);
  });
}

for (const value of [
  '',
  '-1/s',
  '5/d',
  '5 per s',
  '1e3/s',
  '/s',
  NaN,
  Infinity,
  -1,
  1e308,
  1e6 + 1,
]) {
  test(`the rate ${JSON.stringify(value)} (${value}) is refused`, () => {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
    expect(() => parseRatePerSecond(value, 'arrivals.rate')).toThrow(
      `arrivals.rate: ${shown} is no rate; accepted:`,
    );
  });
}

for (const [ms, text] of [
  [0.0123, '12.3 µs'],
  [0.5, '500 µs'],
  [12.345, '12.3 ms'],
  [250, '250 ms'],
  [1234, '1.23 s'],
  [65_000, '65 s'],
  [600_000, '10 min'],
  [Infinity, '∞'],
  [NaN, '–'],
] as const) {
  test(`${ms} ms reads ${text}`, () => {
    expect(formatMs(ms)).toBe(text);
  });
}
