import { expect, test } from '@playwright/test';
import {
  historyPath,
  keepHistory,
  knownHistory,
  readHistory,
} from '../../../load/baselines/history-file.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { repeat } from '../budgets/make-result.ts';
import { requests, resultOf } from '../report/make-log.ts';

function loadOf(slice: { index: number; count: number }, startedAtEpochMs = 0): Result {
  const seconds = repeat([requests(repeat(100, 100))], 60);
  return resultOf({ seconds, plan: { plan: { slice, startedAtEpochMs } } });
}

const whole = { index: 1, count: 1 };

/** What the history has after one load with `LOAD_HISTORY` set, or not. */
function linesAfter(result: Result, { isOn = true, isUpdate = false } = {}) {
  const baselines = test.info().outputPath('baselines');
  if (isOn) process.env['LOAD_HISTORY'] = '1';
  try {
    keepHistory(result, { baselines, isUpdate });
  } finally {
    delete process.env['LOAD_HISTORY'];
  }
  return readHistory(historyPath(baselines, 'local', result.plan.testId));
}

test('a whole load leaves a line, where that is asked for', () => {
  expect(linesAfter(loadOf(whole), { isOn: false })).toHaveLength(0);
  expect(linesAfter(loadOf(whole))).toHaveLength(1);
  expect(linesAfter(loadOf(whole, 60_000))).toHaveLength(2);
});

test('a load whose slices are merged again has its line already', () => {
  expect(linesAfter(loadOf(whole))).toHaveLength(1);
  expect(linesAfter(loadOf(whole))).toHaveLength(1);
});

test('what is known of a load is its own plan’s', () => {
  const baselines = test.info().outputPath('baselines');
  linesAfter(loadOf(whole));
  linesAfter(loadOf(whole, 60_000));
  const { plan, ...rest } = loadOf(whole, 120_000);
  const other = { ...rest, plan: { ...plan, timeScale: 0.5 } } as Result;
  expect(knownHistory(loadOf(whole), baselines)).toHaveLength(2);
  expect(knownHistory(other, baselines)).toHaveLength(0);
});

test('an accepted change begins the history anew', () => {
  expect(linesAfter(loadOf(whole)).at(-1)).not.toHaveProperty('accepted', true);
  const lines = linesAfter(loadOf(whole, 60_000), { isUpdate: true });
  expect(lines.at(-1)).toHaveProperty('accepted', true);
});

test('a slice leaves none: it is no run of the test', () => {
  expect(linesAfter(loadOf({ index: 2, count: 4 }))).toHaveLength(0);
});
