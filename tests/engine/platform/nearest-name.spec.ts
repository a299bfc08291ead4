import { expect, test } from '@playwright/test';
import { nearestName } from '../../../load/platform/nearest-name.ts';

const names = ['errorRate', 'okRate', 'p95', 'throughput'];

for (const [typed, meant] of [
  ['erorRate', 'errorRate'],
  ['ERRORRATE', 'errorRate'],
  ['okrate', 'okRate'],
  ['p96', 'p95'],
  ['troughput', 'throughput'],
  ['p95', 'p95'],
] as const) {
  test(`${typed} means ${meant}`, () => {
    expect(nearestName(typed, names)).toBe(meant);
  });
}

test('a name that is like none has none near', () => {
  expect(nearestName('zzzzzzzzzzzz', names)).toBeUndefined();
  expect(nearestName('errorRate', [])).toBeUndefined();
});
