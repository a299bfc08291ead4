/** The suite in its image: as playwright.config.ts has it, of built files, without the tools of a checkout. */
import { defineConfig } from '@playwright/test';
import { join } from 'node:path';
import { loadProjects, prepareRun, reportsFolder } from 'loadwright/config';
import { isListing } from '../../fixtures/runner-words.ts';

const { LOAD_RUN_DIR: runFolder } = prepareRun();
const reports = reportsFolder(runFolder, ['html']);

export default defineConfig({
  projects: loadProjects({ testDir: 'tests/systems' }),
  outputDir: join(runFolder, 'playwright'),
  reporter: isListing()
    ? [['list']]
    : [
        ['list', { omitFailures: true }],
        ['./node_modules/loadwright/dist/fixtures/reporter.js'],
        ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
      ],
});
