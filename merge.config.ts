/** `npx playwright merge-reports --config=merge.config.ts blobs/`: one verdict for all slices and shards. */
import { defineConfig } from '@playwright/test';
import { join } from 'node:path';
import { reportsFolder } from 'loadwright/config';
import { reportSections } from './fixtures/report-sections.ts';
import { allureMergeOptions } from './load/report/allure/options.ts';

const runFolder = process.env['LOAD_RUN_DIR'] ?? join(import.meta.dirname, 'reports/run');
const reports = reportsFolder(runFolder, ['html', 'allure-results']);

export default defineConfig({
  reporter: [
    // First, so that the other reporters include its findings.
    ['./load/slices/merge-reporter.ts', { sections: reportSections }],
    // The first reporter prints the failures.
    ['list', { omitFailures: true }],
    ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
    ['./load/report/allure/merge.ts', allureMergeOptions(join(reports, 'allure-results'))],
  ],
});
