import { expect, test } from '@playwright/test';
import { looksWithin } from '../../../load/paired/looks.ts';

test('each look spends half of the risk that is left, the last one the rest', () => {
  expect(looksWithin(40)).toEqual([
    { rounds: 8, risk: 0.005 },
    { rounds: 16, risk: 0.0025 },
    { rounds: 24, risk: 0.00125 },
    { rounds: 32, risk: 0.000625 },
    { rounds: 40, risk: 0.000625 },
  ]);
});

for (const mostRounds of [1, 8, 9, 20, 40, 100]) {
  test(`over all looks within ${mostRounds} rounds the risk is 1 %`, () => {
    const looks = looksWithin(mostRounds);
    expect(looks.reduce((sum, { risk }) => sum + risk, 0)).toBeCloseTo(0.01, 12);
    expect(looks.at(-1)!.rounds).toBe(mostRounds);
  });
}
