import { expect, test } from '@playwright/test';
import {
  coverage,
  foundAmongPlain,
  measuredDeviations,
  sameBuild,
  slowerBuild,
  verdictsOf,
} from '../../../bench/pair-cases.ts';

// `npm run power:pairs` makes two thousand per row and checks the promised bounds. These few only check
// that the rules have not changed their effect.
const few = 25;

test('of one build hardly any pair is called slower', () => {
  const shares = sameBuild.map((conditions) => verdictsOf(conditions, few).shareOf('worse'));
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThanOrEqual(0.02);
});

for (const { tolerance, within, bound, ...conditions } of slowerBuild) {
  test(`it is found: ${conditions.name}`, () => {
    const { shareOf } = verdictsOf(conditions, few, tolerance);
    expect(shareOf('worse', within)).toBeGreaterThanOrEqual(Math.min(bound, 0.9));
  });
}

test('of a machine so loud that p95 varies by a third, nothing is promised, and nothing claimed', () => {
  const loud = measuredDeviations.find(({ deviation }) => deviation > 0.3)!;
  const asked = { change: 1, tolerance: 0.1, within: 40 };
  expect(foundAmongPlain(loud, asked, 400)).toBeLessThanOrEqual(0.02);
});

const pairs = 2000;

for (const conditions of sameBuild) {
  test(`false alarms and coverage: ${conditions.name}`, { tag: '@soak' }, () => {
    test.setTimeout(1_200_000);
    expect(verdictsOf(conditions, pairs).shareOf('worse')).toBeLessThanOrEqual(0.01);
    for (const share of Object.values(coverage(conditions, pairs, 16))) {
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    }
  });
}

for (const { bounds, ...row } of measuredDeviations) {
  test(`what is found where a round varies as: ${row.name}`, { tag: '@soak' }, () => {
    const find = (change: number, tolerance: number, within: number): number =>
      foundAmongPlain(row, { change, tolerance, within }, 2 * pairs);
    expect(find(1, 0.1, 40)).toBeLessThanOrEqual(bounds.same);
    expect(find(1.1, 0.1, 8)).toBeGreaterThanOrEqual(bounds.ten);
    expect(find(1.05, 0.05, 40)).toBeGreaterThanOrEqual(bounds.five);
  });
}
