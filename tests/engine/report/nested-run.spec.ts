import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../../load/report/files/results-json.ts';
import { repository } from '../../child-processes.ts';
import { allureResultsIn, makeSuite, runSuite } from './nested-playwright.ts';

const loads = `
import { expect, test } from 'loadwright';
import { announceLoad, attachLog, attachResult } from '${repository}load/report/playwright/attachments.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, requests, writeLog } from '${repository}tests/engine/report/make-log.ts';

const seconds = repeat([requests(repeat(100, 200))], 3);

function load(testInfo, name, log) {
  const result = loadOf(log);
  announceLoad(testInfo, result.plan);
  writeLog('run/' + name + '.ndjson', log);
  attachLog(testInfo, 'run/' + name + '.ndjson');
  return result;
}

test('keeps its budgets', ({}, testInfo) => {
  const result = load(testInfo, 'keeps', { seconds });
  attachResult(testInfo, result);
  expect(result).toMeetBudget();
});
test('is too slow', ({}, testInfo) => {
  const result = load(testInfo, 'slow', { seconds, plan: { budgets: [budget('p50', '< 50 ms')] } });
  attachResult(testInfo, result);
  expect(result).toMeetBudget();
});
test('loses its worker', async ({}, testInfo) => {
  load(testInfo, 'lost', { seconds, end: false });
  // Kills at once; what was pushed must have reached the runner by then.
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
});
test('never starts', () => {
  throw new Error('Preflight: the system is not healthy');
});
`;

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'run/results.json'), 'utf8')) as Results;
}

test('beside the reporters of others, with a worker that is killed', { tag: '@long' }, async () => {
  const folder = test.info().outputPath('suite');
  makeSuite(folder, loads);
  const { code, stdout, stderr } = await runSuite(folder);
  expect(stderr).toBe('');
  expect(code).toBe(1);

  // Ours: each load, and the one whose worker was killed at the end.
  expect(stdout).toMatch(/\nkeeps\n\ntask +requests[^]*\n\nBudgets met: all 5\n/);
  expect(stdout).toMatch(/\nslow\n\ntask +requests[^]*\n\nBudget not met: p50 is 100 ms/);
  expect(stdout).toMatch(
    /\nlost\n\ntask +requests[^]*\n\nInvalid instrument: log breaks off at 3 s/,
  );
  expect(stdout).toContain(
    '\nLoad: 10 of 16 budgets met in 3 loads; invalid: lost; report: run/index.html\n',
  );
  expect(resultsIn(folder).loads.map(({ log, verdict, testStatus }) => [log, verdict, testStatus]))
    // In the order of their names.
    .toEqual([
      ['keeps.ndjson', 'pass', 'passed'],
      ['lost.ndjson', 'invalid', 'failed'],
      ['slow.ndjson', 'fail', 'failed'],
    ]);
  // The list reporter's own outcomes stay.
  expect(stdout).toContain('3 failed');
  expect(stdout).toContain('1 passed');
  expect(existsSync(join(folder, 'html/index.html'))).toBe(true);

  await test.step('Allure has labels, parameters, categories, and the log of the killed worker', () => {
    const results = allureResultsIn(folder);
    const slow = results.find(({ name }) => name === 'is too slow')!;
    expect(slow.labels).toContainEqual({ name: 'system', value: 'rag-service' });
    expect(slow.labels).toContainEqual({ name: 'parentSuite', value: 'rag-service' });
    expect(slow.labels.filter(({ name }) => name === 'parentSuite')).toHaveLength(1);
    expect(slow.parameters).toContainEqual({ name: 'seed', value: '1', excluded: true });
    expect(slow.steps.map(({ name }) => name)).toEqual([
      'interval log',
      // The budgets are its error.
      'statistics',
      'outcomes',
    ]);
    const lost = results.find(({ name }) => name === 'loses its worker')!;
    expect(lost.steps.map(({ name }) => name)).toEqual(['interval log']);
    const categories = JSON.parse(
      readFileSync(join(folder, 'allure-results/categories.json'), 'utf8'),
    ) as { name: string; messageRegex: string }[];
    const categoryOf = (name: string): string[] => {
      const { message = '' } = results.find((one) => one.name === name)!.statusDetails;
      return categories
        .filter((one) => new RegExp(one.messageRegex).test(message))
        .map((c) => c.name);
    };
    expect(categoryOf('is too slow')).toEqual(['Budget not met']);
    expect(categoryOf('never starts')).toEqual(['Preflight failed']);
    expect(categoryOf('loses its worker')).toEqual([]);
  });
});

test('quiet and listing', async () => {
  const folder = test.info().outputPath('suite');
  makeSuite(folder, loads);
  const listed = await runSuite(folder, ['--list']);
  expect(listed.code).toBe(0);
  expect(listed.stdout).toContain('Total: 4 tests in 1 file');
  expect(listed.stdout).not.toContain('Load:');
  expect(existsSync(join(folder, 'run'))).toBe(false);

  const quiet = await runSuite(folder, ['-g', 'keeps'], { LOAD_QUIET: '1' });
  expect(quiet.code).toBe(0);
  expect(quiet.stdout).toContain('\nkeeps: Budgets met: all 5\n');
  expect(quiet.stdout).not.toContain('outcome ');
});
