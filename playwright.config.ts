/** Projects are scenarios; a test is one system at one load level, picked by its tag. */
import { defineConfig } from '@playwright/test';
import { dirname, join } from 'node:path';
import { loadProjects, prepareRun } from 'loadwright/config';
import { allureOptions } from './load/report/allure/options.ts';
import { pureSpecs } from './fixtures/pure-specs.ts';

const { LOAD_RUN_DIR: runFolder } = prepareRun();
const reportsFolder = dirname(runFolder);

/** What the suite's own tests share. */
const own = {
  testDir: 'tests',
  grepInvert: /@long/,
  snapshotPathTemplate: '{testDir}/{testFileDir}/kept/{arg}{ext}',
  timeout: 120_000,
};
const pure = pureSpecs(import.meta.dirname);
const long = { grep: /@long/, grepInvert: /^$/ };

export default defineConfig({
  projects: [
    ...loadProjects({ testDir: 'tests/systems' }),
    // A bare `npx playwright test` runs this one: it starts no process, opens no socket, sends no load.
    { name: 'engine', testMatch: pure, ...own },
    // Real processes, sockets and browsers.
    {
      name: 'real',
      testIgnore: [...pure, '**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      default: false,
    },
    // What takes minutes, or wants a machine that does little else.
    {
      name: 'long',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      ...long,
      default: false,
    },
    // What measures real time has the machine to itself; the others may run side by side.
    { name: 'instrument', testDir: 'tests/instrument', timeout: 120_000, default: false },
  ],
  globalSetup: './fixtures/forget-last-run.ts',
  outputDir: join(runFolder, 'playwright'),
  retries: 0,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [
    // Failures are the next one's: here they would have the table of a load three times over.
    ['list', { omitFailures: true }],
    ['./fixtures/reporter.ts'],
    ['html', { outputFolder: join(reportsFolder, 'html'), open: 'never' }],
    ['./load/report/allure/reporter.ts', allureOptions(join(reportsFolder, 'allure-results'))],
  ],
});
