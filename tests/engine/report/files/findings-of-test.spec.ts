import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import { findingsOfTest } from '../../../../load/report/files/findings-of-test.ts';
import { repeat } from '../../budgets/make-result.ts';
import { logText, requests, resultOf, writeLog, type MadeLog } from '../make-log.ts';

/** Ten seconds of a level, with two requests of each user in a second. */
function level(users: number, ms: number): MadeLog {
  const plan = { system: 'shop', level: `${users}-users`, testId: `shop-${users}` };
  const interval = { users };
  return { plan: { plan }, seconds: repeat([requests(repeat(ms, 2 * users))], 10), interval };
}

/** The p95 of each level in the chart of a test with this many users, lowest first. */
async function shownBeside(folder: string, users: number): Promise<number[]> {
  const made = level(users, 100);
  const logPath = join(folder, `shop-${users}.ndjson`);
  writeLog(logPath, made);
  const { progressions } = await findingsOfTest([judgedLoad(resultOf(made), logPath)], folder);
  const [{ steps } = { steps: [] }] = progressions;
  return steps.map(({ p95Ms }) => Math.round(p95Ms));
}

test('a finished load is read once for all later tests: its log may be gone, and its figures stay', async ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  const before = join(folder, 'before.ndjson');
  writeLog(before, level(10, 50));
  expect(await shownBeside(folder, 20)).toEqual([50, 100]);
  for (const name of ['before', 'shop-20']) writeFileSync(join(folder, `${name}.ndjson`), '');
  expect(await shownBeside(folder, 40)).toEqual([50, 100, 100]);
});

test('a load that still runs is read anew, with what came in since', async ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  const other = join(folder, 'other.ndjson');
  writeLog(other, { ...level(10, 50), end: false });
  expect(await shownBeside(folder, 20)).toEqual([50, 100]);
  writeFileSync(other, logText(level(10, 70)));
  expect(await shownBeside(folder, 40)).toEqual([70, 100, 100]);
});
