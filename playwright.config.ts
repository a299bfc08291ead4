/** Projects are scenarios. A test is one system at one load level, selected by its tag. */
import { defineConfig } from '@playwright/test';
import { join } from 'node:path';
import { loadProjects, prepareRun, reportsFolder } from 'loadwright/config';
import { allureOptions } from './load/report/allure/options.ts';
import { exactly, pureSpecs } from './fixtures/pure-specs.ts';
import { isListing } from './fixtures/runner-words.ts';

const { LOAD_RUN_DIR: runFolder } = prepareRun();
const reports = reportsFolder(runFolder, ['html', 'allure-results']);
const allure = allureOptions(join(reports, 'allure-results'));

/** A test of real processes may wait long: on a busy machine the runner's own five seconds are too few. */
const patience = { timeout: 120_000, expect: { timeout: 60_000 } };

/** Shared by the suite's own tests. */
const own = {
  testDir: 'tests',
  grepInvert: /@long|@soak/,
  snapshotPathTemplate: '{testDir}/{testFileDir}/kept/{arg}{ext}',
  ...patience,
};
/** A worker is told which file to run: it need not look for any. */
const isWorker = process.env['TEST_WORKER_INDEX'] !== undefined;
const pure = exactly(isWorker ? [] : pureSpecs(import.meta.dirname));

export default defineConfig({
  projects: [
    ...loadProjects({ testDir: 'tests/systems' }),
    // A bare `npx playwright test` runs this project, which starts no process, opens no socket and sends
    // no load.
    { name: 'engine', testMatch: pure, ...own },
    // Tests with real processes, sockets and browsers.
    {
      name: 'real',
      testIgnore: [pure, '**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      default: false,
    },
    // Tests that take a quarter of a minute and more: whole runs of the runner, packages, real waits.
    {
      name: 'long',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      // Most of these wait for most of their time: as many at once as there are workers.
      fullyParallel: true,
      grepInvert: /@soak/,
      grep: /@long/,
      default: false,
    },
    // Trials and tables that take an hour in total: run every night, not for every change.
    {
      name: 'soak',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      grepInvert: /@long/,
      grep: /@soak/,
      default: false,
    },
    // Tests that measure real time have the machine to themselves; the others may run in parallel.
    { name: 'instrument', testDir: 'tests/instrument', ...patience, default: false },
  ],
  outputDir: join(runFolder, 'playwright'),
  retries: 0,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: isListing()
    ? [['list']]
    : [
        // The next reporter prints the failures. Here they would contain a load's table three times.
        ['list', { omitFailures: true }],
        ['./fixtures/reporter.ts'],
        ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
        ['./fixtures/forget-last-run.ts', { resultsDir: allure.resultsDir }],
        ['./load/report/allure/reporter.ts', allure],
      ],
});
