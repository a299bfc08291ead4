import { expect, test } from '@playwright/test';
import { parseTolerances, toleratedDifference } from '../../../load/paired/tolerances.ts';

test('ratios are stated in per cent, shares in points', () => {
  const [p50, errors] = parseTolerances({ p50: '10 %', errorRate: '0.5 points' });
  expect(p50).toEqual({ metric: 'p50', text: '10 %', share: 0.1 });
  expect(errors).toEqual({ metric: 'errorRate', text: '0.5 points', share: 0.005 });
  expect(toleratedDifference(p50!)).toBeCloseTo(Math.log(1.1), 12);
  expect(toleratedDifference(errors!)).toBe(0.005);
});

test('the error rate is judged by its default if it is not named', () => {
  expect(parseTolerances({ p99: '20 %' })).toEqual([
    { metric: 'p99', text: '20 %', share: 0.2 },
    { metric: 'errorRate', text: '0.5 points', share: 0.005 },
  ]);
  expect(parseTolerances({ errorRate: '2 points' })).toHaveLength(1);
});

for (const [stated, message] of [
  [{ p50: '10' }, 'tolerances.p50: "10"'],
  [{ p50: '0 %' }, 'tolerances.p50: "0 %"'],
  [{ p50: '101 %' }, 'tolerances.p50: "101 %"'],
  [{ p50: '5 points' }, 'tolerances.p50: "5 points"'],
  [{ errorRate: '1 %' }, 'tolerances.errorRate: "1 %"'],
  [{ p50: 10 }, 'tolerances.p50: 10'],
  [{ p51: '10 %' }, 'tolerances: no metric "p51"; known are p50, p95'],
  [{}, 'tolerances: there is none'],
  ['10 %', 'tolerances: accepted is an object'],
] as const) {
  test(`refused: ${JSON.stringify(stated)}`, () => {
    expect(() => parseTolerances(stated)).toThrow(message);
  });
}
