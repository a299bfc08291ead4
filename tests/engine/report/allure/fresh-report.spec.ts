/** Into which folder an Allure report is written: a mark decides, not the files that Allure always writes. */
import { expect, test } from '@playwright/test';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import FreshReport from '../../../../load/report/allure/fresh-report.mjs';
import { ownMark } from '../../../../load/settings/own-folder.ts';

const left = [
  'awesome/index.html',
  'data/attachments/a.png',
  'data/test-results/a.json',
  'test-results.json',
  'widgets/tree.json',
];

function folderWith(files: readonly string[]): string {
  const output = test.info().outputPath('allure');
  for (const file of files) {
    mkdirSync(dirname(join(output, file)), { recursive: true });
    writeFileSync(join(output, file), file);
  }
  return output;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

test('the report of another suite stays, though Allure made it', async () => {
  const output = folderWith(left);
  await new FreshReport().start({ output });
  expect(filesIn(output)).toEqual(left);
});

test('a new or an empty folder is marked, and what is in it goes with the next report', async () => {
  const output = test.info().outputPath('allure');
  await new FreshReport().start({ output });
  expect(filesIn(output)).toEqual([ownMark]);
  folderWith([...left, 'data/mine.txt']);
  await new FreshReport().start({ output });
  expect(filesIn(output)).toEqual([ownMark, 'data/mine.txt', 'test-results.json']);
});
