/** Projects are scenarios; a test is one system at one load level, picked by its tag. */
import { defineConfig } from '@playwright/test';
import { dirname, join } from 'node:path';
import { loadProjects, prepareRun } from 'loadwright/config';
import { allureOptions } from './load/report/allure/options.ts';

const { LOAD_RUN_DIR: runFolder } = prepareRun();
const reportsFolder = dirname(runFolder);

export default defineConfig({
  projects: [
    ...loadProjects({ testDir: 'tests/systems' }),
    // The one project that a bare `npx playwright test` runs.
    {
      name: 'engine',
      testDir: 'tests',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      snapshotPathTemplate: '{testDir}/{testFileDir}/kept/{arg}{ext}',
      timeout: 120_000,
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
    ['list'],
    ['./fixtures/reporter.ts'],
    ['html', { outputFolder: join(reportsFolder, 'html'), open: 'never' }],
    ['allure-playwright', allureOptions(join(reportsFolder, 'allure-results'))],
  ],
});
