import { expect, test } from '@playwright/test';
import {
  historyPath,
  keepHistory,
  knownHistory,
  readHistory,
} from '../../../load/baselines/history-file.ts';
import type { JudgedLoad } from '../../../load/budgets/judged-load.ts';
import { repeat } from '../budgets/make-result.ts';
import { loadOf, requests } from '../report/make-log.ts';

function loadIn(slice: { index: number; count: number }, startedAtEpochMs = 0): JudgedLoad {
  const seconds = repeat([requests(repeat(100, 100))], 60);
  return loadOf({ seconds, plan: { plan: { slice, startedAtEpochMs } } });
}

const whole = { index: 1, count: 1 };

/** Returns the lines of the history after one load with `LOAD_HISTORY` set, or not. */
function linesAfter(result: JudgedLoad, { isOn = true, isUpdate = false } = {}) {
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
  expect(linesAfter(loadIn(whole), { isOn: false })).toHaveLength(0);
  expect(linesAfter(loadIn(whole))).toHaveLength(1);
  expect(linesAfter(loadIn(whole, 60_000))).toHaveLength(2);
});

test('a load whose slices are merged again has its line already', () => {
  expect(linesAfter(loadIn(whole))).toHaveLength(1);
  expect(linesAfter(loadIn(whole))).toHaveLength(1);
});

test('what is known of a load is its own plan’s', () => {
  const baselines = test.info().outputPath('baselines');
  linesAfter(loadIn(whole));
  linesAfter(loadIn(whole, 60_000));
  const { plan, ...rest } = loadIn(whole, 120_000);
  const other = { ...rest, plan: { ...plan, timeScale: 0.5 } } as JudgedLoad;
  expect(knownHistory(loadIn(whole), baselines)).toHaveLength(2);
  expect(knownHistory(other, baselines)).toHaveLength(0);
});

test('an accepted change begins the history anew', () => {
  expect(linesAfter(loadIn(whole)).at(-1)).not.toHaveProperty('accepted', true);
  const lines = linesAfter(loadIn(whole, 60_000), { isUpdate: true });
  expect(lines.at(-1)).toHaveProperty('accepted', true);
});

test('a slice leaves none: it is no run of the test', () => {
  expect(linesAfter(loadIn({ index: 2, count: 4 }))).toHaveLength(0);
});
