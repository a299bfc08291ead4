import { expect, test } from '@playwright/test';
import type { System } from '../virtual-load.ts';
import { runPairVirtually } from '../virtual-pair.ts';

/** Service times that vary by a fifth either way, the same for twins. */
function takes(meanMs: number): System {
  return ({ atMs, draws: [draw] }, clock) => clock.until(atMs + meanMs * (0.8 + 0.4 * draw));
}

test('a head that is a tenth slower is found at the first look', async () => {
  const { pair } = await runPairVirtually({ base: takes(20), head: takes(22), mostRounds: 16 });
  const { verdict, rounds, metrics } = pair.verdict;
  expect(verdict).toBe('slower');
  expect(rounds).toBe(8);
  const p50 = metrics.find(({ metric }) => metric === 'p50')!;
  expect(p50.finding).toBe('worse');
  expect(Math.expm1(p50.difference!)).toBeCloseTo(0.1, 1);
  expect(p50.figures[0]).toBeCloseTo(20, 0);
});
