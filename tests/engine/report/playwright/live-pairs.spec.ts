import { expect, test } from '@playwright/test';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LivePairs } from '../../../../load/report/playwright/live-pairs.ts';
import { decidedEnd, pairPlan } from '../../paired/make-pair.ts';
import { makeRounds } from '../../paired/make-round.ts';

test('a pair that runs tells its rounds, what it shows and the time it may still take', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  mkdirSync(folder);
  const path = join(folder, 'shop.pair.jsonl');
  const live = new LivePairs(folder);
  expect(live.look()).toEqual([]);
  writeFileSync(path, `${JSON.stringify(pairPlan)}\n`);
  expect(live.look()).toEqual([]);
  expect(live.text).toBe(
    'shop-pair-4-users: 0 rounds, next look after 8, p50 –, at most 10:00 left',
  );
  const rounds = makeRounds(8, 1.1);
  for (const round of rounds.slice(0, 2)) appendFileSync(path, `${JSON.stringify(round)}\n`);
  expect(live.look()).toHaveLength(1);
  expect(live.text).toMatch(
    /^shop-pair-4-users: 2 rounds, next look after 8, p50 \+1\d % \(.*\), at most 9:30 left$/,
  );
  // Nothing new, nothing told.
  expect(live.look()).toEqual([]);
  for (const round of rounds.slice(2)) appendFileSync(path, `${JSON.stringify(round)}\n`);
  appendFileSync(path, `${JSON.stringify(decidedEnd)}\n`);
  expect(live.look()[0]).toMatch(/^shop-pair-4-users: head is [\d.]+ % slower at p50/);
  expect(live.text).toBe('');
});

test('the logs of an earlier run are no news', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  mkdirSync(folder);
  const lines = [pairPlan, ...makeRounds(2, 1)].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'shop.pair.jsonl'), lines.join(''));
  const live = new LivePairs(folder);
  expect(live.look()).toEqual([]);
  expect(live.text).toBe('');
});
