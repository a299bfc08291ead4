/**
 * Checks how the installed Allure reports successive runs, commands that run nothing, and each kind of
 * red.
 */
import { expect, test } from '@playwright/test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../../child-processes.ts';
import { AllureReport, generateReport } from '../allure-report.ts';
import { makeSuite, runSuite } from '../nested-playwright.ts';

/** The limit comes from outside, so that the same test can be green or red. */
const loads = `
import { expect, test } from 'loadwright';
import { announceLoad, attachLog, attachResult, attachUnfit } from '${repository}load/report/playwright/attachments.ts';
import { attachPictures } from '${repository}load/report/charts/pictures.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, requests, writeLog } from '${repository}tests/engine/report/make-log.ts';

const seconds = repeat([requests(repeat(100, 200))], 3);
const limited = (limit) => [budget('p95', limit), budget('errorRate', '< 1 %')];

async function load(testInfo, name, log) {
  const result = loadOf({ seconds, ...log });
  announceLoad(testInfo, result.plan);
  writeLog('run/' + name + '.ndjson', { seconds, ...log });
  attachLog(testInfo, 'run/' + name + '.ndjson');
  attachResult(testInfo, result);
  await attachPictures(testInfo, [result]);
  return result;
}

test('holds 5 users', async ({}, testInfo) => {
  const budgets = limited(process.env.LIMIT ?? '< 1 s');
  expect(await load(testInfo, 'holds', { plan: { budgets } })).toMeetBudget();
});
if (process.env.LIMIT) {
  test('has a broken log', async ({}, testInfo) => {
    expect(await load(testInfo, 'broken', { end: false })).toMeetBudget();
  });
  test('has too few samples', async ({}, testInfo) => {
    const few = [[requests([100])]];
    const budgets = limited('< 1 s');
    expect(await load(testInfo, 'few', { seconds: few, plan: { budgets } })).toMeetBudget();
  });
  test('is not fit for load', async ({}, testInfo) => {
    announceLoad(testInfo, loadOf({ seconds }).plan);
    attachUnfit(testInfo);
    throw new Error('Preflight: the system is not healthy');
  });
  test('fails beside its load', async ({}, testInfo) => {
    await load(testInfo, 'beside', { plan: { budgets: limited('< 1 s') } });
    expect(1).toBe(2);
  });
  for (const message of ['No baseline: a.json', 'Worse than the baseline: p95 (a.json)']) {
    test(message.slice(0, message.indexOf(':')), async ({}, testInfo) => {
      await load(testInfo, 'beside', { plan: { budgets: limited('< 1 s') } });
      throw new Error(message);
    });
  }
}
`;

const output = ['allure-results', '--output', 'allure'];

async function runAndReport(folder: string, settings = {}): Promise<AllureReport> {
  // The suite's own configuration does this, since Allure appends to existing results.
  rmSync(join(folder, 'allure-results'), { recursive: true, force: true });
  await runSuite(folder, [], settings);
  await generateReport(folder, output);
  return new AllureReport(join(folder, 'allure'));
}

test(
  'a report is of the last run, into whichever folder and how often it is made',
  { tag: '@soak' },
  async () => {
    // Allure's generator starts anew for each report.
    test.slow();
    const folder = test.info().outputPath('suite');
    makeSuite(folder, loads);
    const path = 'rag-service › steady › 5 users › ';
    const green = await runAndReport(folder);
    expect(green.tree).toEqual([`${path}holds 5 users: passed`]);
    expect(green.categories).toEqual({});

    const red = await runAndReport(folder, { LIMIT: '< 50 ms' });
    expect(red.tree).toEqual(
      [
        'No baseline',
        'Worse than the baseline',
        'fails beside its load',
        'has a broken log',
        'has too few samples',
        'holds 5 users',
        'is not fit for load',
      ].map((name) => `${path}${name}: failed`),
    );
    // Nothing of the earlier report is left.
    expect(existsSync(join(folder, 'allure/awesome'))).toBe(false);

    await test.step('each red test is sorted by why it is red', () => {
      expect(red.categories).toEqual({
        'Budget not met': ['holds 5 users'],
        'Invalid instrument': ['has a broken log'],
        'No data': ['has too few samples'],
        'Preflight failed': ['is not fit for load'],
        'Worse than the baseline': ['Worse than the baseline'],
        'No baseline': ['No baseline'],
        'Product errors': ['fails beside its load'],
      });
    });

    await test.step('the page of a test tells verdict, p95 and errors beside their limits', () => {
      const { parameters } = red.test('holds 5 users');
      expect(parameters).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'verdict', value: 'fail: p95' }),
          expect.objectContaining({ name: 'p95', value: '100 ms, limit < 50 ms' }),
          expect.objectContaining({ name: 'errors', value: '0 %, limit < 1 %' }),
        ]),
      );
      expect(red.environment).toMatchObject({ Seed: '1', Targets: 'reference services' });
    });

    await test.step('a failure is told once', () => {
      const row = /FAIL +p95 +< 50 ms/g;
      const told = red.textsOf('holds 5 users').flatMap((text) => text.match(row) ?? []);
      expect(told).toHaveLength(1);
      expect(red.test('holds 5 users').error?.trace).toMatch(/^ *at .*rag-service\.spec\.ts:/);
      // A verdict that is not in an error is the description, here of a green test.
      expect(red.test('fails beside its load').descriptionHtml).toContain('Budgets met: ');
    });

    await test.step('listing tests is no run', async () => {
      await runSuite(folder, ['--list']);
      await generateReport(folder, output);
      const listed = new AllureReport(join(folder, 'allure'));
      expect(listed.tree).toEqual(red.tree);
    });
  },
);
