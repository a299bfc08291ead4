import { expect, test } from '@playwright/test';
import {
  compareOften,
  falseAlarmCases,
  powerCases,
  type Outcome,
} from '../../../bench/power-cases.ts';
import { simulatedRun } from '../../../bench/simulated-run.ts';
import { measuredIn } from '../../../load/baselines/measured.ts';
import { scheduledOf } from '../../../load/metrics/outcome.ts';

// `npm run power` makes a thousand per row and checks the promised bounds. These few only check that the
// rules have not changed their effect.
const perRow = 15;

test('where nothing changed hardly anything is red, and little is left open', () => {
  const outcomes = falseAlarmCases
    .filter(({ bounds }) => bounds !== undefined)
    .map((conditions) => compareOften(conditions, conditions, perRow));
  const meanOf = (share: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + share(outcome), 0) / outcomes.length;
  expect(meanOf(({ shares }) => shares.critical + shares.regression)).toBeLessThanOrEqual(0.03);
  expect(meanOf(({ shares }) => shares.inconclusive)).toBeLessThanOrEqual(0.15);
  expect(meanOf(({ shares }) => shares.pass)).toBeGreaterThan(0.8);
});

for (const { what, usual, now, found, bound } of powerCases) {
  if (bound === undefined) continue;
  test(`it is found: ${usual.service.name}, ${what}`, () => {
    expect(found(compareOften(usual, now, 12))).toBeGreaterThanOrEqual(bound);
  });
}

test('the simulated queue is the one that theory knows', () => {
  const service = { name: 'theory', meanMs: 10 };
  const runs = Array.from({ length: 40 }, (_, seed) =>
    simulatedRun({ service, utilisation: 0.7 }, seed + 1),
  ).map((run) => measuredIn(run, 'serve')!.whole);
  const requests = runs.reduce((sum, { outcomes }) => sum + scheduledOf(outcomes), 0);
  const totalMs = runs.reduce((sum, { responseTime }) => sum + responseTime.sum / 1000, 0);
  // 70 arrivals per second, and a mean time in the system of 1 / (μ − λ).
  expect(requests / 40 / 60 / 70).toBeCloseTo(1, 1);
  expect(totalMs / requests / (1000 / 30)).toBeCloseTo(1, 1);
});
