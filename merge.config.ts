/** `npx playwright merge-reports --config=merge.config.ts blobs/`: one verdict over slices and shards. */
import { defineConfig } from '@playwright/test';
import { dirname, join } from 'node:path';
import { reportSections } from './fixtures/report-sections.ts';
import { allureMergeOptions } from './load/report/allure/options.ts';

const reportsFolder = dirname(process.env['LOAD_RUN_DIR'] ?? join('reports', 'run'));

export default defineConfig({
  reporter: [
    // First: what it finds is in the reports of the others.
    ['./load/slices/merge-reporter.ts', { sections: reportSections }],
    // The first one tells the failures.
    ['list', { omitFailures: true }],
    ['html', { outputFolder: join(reportsFolder, 'html'), open: 'never' }],
    ['./load/report/allure/merge.ts', allureMergeOptions(join(reportsFolder, 'allure-results'))],
  ],
});
