import { expect, test } from '@playwright/test';
import {
  addOutcomes,
  errorKinds,
  errorOutcomes,
  errorsOf,
  outcomes,
  scheduledOf,
} from '../../../load/metrics/outcome.ts';

const one = Object.fromEntries(outcomes.map((outcome) => [outcome, 1]));

test('scheduled is the sum of all eight outcomes', () => {
  expect(outcomes).toHaveLength(8);
  expect(scheduledOf(one)).toBe(8);
  expect(scheduledOf({})).toBe(0);
});

test('errors are failed, timeout, invalid and dropped', () => {
  expect(errorOutcomes).toEqual(['failed', 'timeout', 'invalid', 'dropped']);
  expect(errorsOf({ ...one, failed: 10 })).toBe(13);
  expect(errorsOf({ ok: 5, degraded: 1, throttled: 1, interrupted: 1 })).toBe(0);
});

test('sums leave out what never happened', () => {
  expect(addOutcomes({ ok: 2, failed: 1 }, { ok: 3, timeout: 0 })).toEqual({ ok: 5, failed: 1 });
});

test('every kind of error is named once', () => {
  expect(new Set(errorKinds).size).toBe(errorKinds.length);
});
