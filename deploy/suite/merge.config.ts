/** The merge in the image: as merge.config.ts has it, without Allure, which is a tool of a checkout. */
import { defineConfig } from '@playwright/test';
import { join } from 'node:path';
import { reportsFolder } from 'loadwright/config';
import { reportSections } from '../../fixtures/report-sections.ts';

const runFolder = process.env['LOAD_RUN_DIR'] ?? 'reports/run';
const reports = reportsFolder(runFolder, ['html']);

export default defineConfig({
  reporter: [
    // First: what it finds is in the reports of the others.
    ['./node_modules/loadwright/dist/load/slices/merge-reporter.js', { sections: reportSections }],
    ['list', { omitFailures: true }],
    ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
  ],
});
