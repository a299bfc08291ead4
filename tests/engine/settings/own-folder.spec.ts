import { expect, test } from '@playwright/test';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  claimReports,
  isOwnFolder,
  markOwn,
  removeOwn,
} from '../../../load/settings/own-folder.ts';

const names = ['html', 'allure-results'];

function withFile(path: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'mine');
  return path;
}

test('a folder of reports is claimed, and what a run writes over in it may be removed', () => {
  const reports = test.info().outputPath('reports');
  withFile(join(reports, 'thesis.md'));
  expect(claimReports(reports, names)).toBe(reports);
  withFile(join(reports, 'allure-results/a.json'));
  // The second run finds the files of the first.
  claimReports(reports, names);
  removeOwn(join(reports, 'allure-results'));
  expect(readdirSync(reports).sort()).toEqual(['.loadwright', 'thesis.md']);
});

test('results of others are neither claimed nor removed', () => {
  const reports = test.info().outputPath('reports');
  const file = withFile(join(reports, 'allure-results/a.json'));
  const results = join(reports, 'allure-results');
  expect(() => claimReports(reports, names)).toThrow(
    `${results}: would be overwritten, but no load run made it; move it, or set LOAD_RUN_DIR`,
  );
  expect(existsSync(join(reports, '.loadwright'))).toBe(false);
  expect(() => {
    removeOwn(results);
  }).toThrow(`${results}: is left as it is, because no load run made it`);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('the folder of Playwright’s own results is somebody else’s, though this run has begun in it', () => {
  const reports = test.info().outputPath('test-results');
  // The runner writes it into every folder of results.
  withFile(join(reports, '.last-run.json'));
  withFile(join(reports, 'html/index.html'));
  markOwn(join(reports, 'run-1'));
  expect(() => claimReports(reports, names)).toThrow('html: would be');
});

test('an empty folder is nobody’s, and one that is not there is removed already', () => {
  const reports = test.info().outputPath('reports');
  mkdirSync(join(reports, 'html'), { recursive: true });
  claimReports(reports, names);
  removeOwn(join(test.info().outputPath('elsewhere'), 'allure-results'));
});

test('a file, a folder and a link to nothing named like a log or a report do not stop a run', () => {
  const reports = test.info().outputPath('reports');
  withFile(join(reports, 'html'));
  expect(() => claimReports(reports, names)).toThrow('html: would be overwritten');
  const run = test.info().outputPath('run');
  mkdirSync(join(run, 'folder.ndjson'), { recursive: true });
  symlinkSync(join(run, 'nothing'), join(run, 'link.ndjson'));
  expect(isOwnFolder(run)).toBe(false);
});
