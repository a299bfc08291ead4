/** The list of runs, with folders of others and with running loads that this process did not start. */
import { expect, test } from '@playwright/test';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolders } from '../../../load/live/run-list.ts';
import { RunFollower } from '../../../load/live/run-follower.ts';
import { ownMark } from '../../../load/settings/own-folder.ts';
import { repeat } from '../budgets/make-result.ts';
import { requests, writeLog } from '../report/make-log.ts';
import { VirtualClock } from '../virtual-clock.ts';

const seconds = [[requests(repeat(50, 80))]];

test('a folder that is in the place of a file keeps no other run from being shown', async ({}, testInfo) => {
  const reports = testInfo.outputPath('reports');
  writeLog(join(reports, 'earlier/shop.ndjson'), { seconds });
  writeLog(join(reports, 'odd/shop.ndjson'), { seconds });
  mkdirSync(join(reports, 'odd/results.json'));
  writeFileSync(join(reports, 'odd/slices'), '');
  const { runs } = new RunFolders(reports).list();
  expect(runs.map(({ id }) => id).sort()).toEqual(['earlier', 'odd']);
  const follower = new RunFollower(join(reports, 'odd'), { clock: new VirtualClock() });
  await follower.look();
  expect(follower.names()).toEqual(['shop']);
  follower.close();
});

test('a run that was written to a moment ago and has no report is not removed', ({}, testInfo) => {
  const reports = testInfo.outputPath('reports');
  const log = join(reports, 'mine/slices/1-of-2/shop.ndjson');
  writeLog(log, { seconds, end: false });
  writeFileSync(join(reports, 'mine', ownMark), '');
  const mark = join(reports, 'mine', ownMark);
  for (const path of [mark, join(reports, 'mine/slices/1-of-2'), join(reports, 'mine/slices')])
    utimesSync(path, 0, 0);
  utimesSync(log, 1000, 1000);
  const folders = new RunFolders(reports);
  expect(() => {
    folders.remove('mine', 1_030_000);
  }).toThrow(/mine: may be under way/);
  expect(existsSync(log)).toBe(true);
  folders.remove('mine', 1_061_000);
  expect(existsSync(join(reports, 'mine'))).toBe(false);
});

test('a long log is not read on for nobody', async ({}, testInfo) => {
  const path = testInfo.outputPath('run/shop.ndjson');
  const text = 'x'.repeat(3 * 2 ** 20);
  const events = [{ atMs: 0, kind: 'note', text }];
  writeLog(path, { seconds: Array.from({ length: 4 }, () => seconds[0]!), interval: { events } });
  const follower = new RunFollower(testInfo.outputPath('run'), { clock: new VirtualClock() });
  const looking = follower.look();
  follower.close();
  await looking;
  expect(follower.names()).toEqual([]);
});
