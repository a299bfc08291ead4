/** For `npm run pair-tries`: one load test and its project. */
import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';

export default defineConfig({
  projects: loadProjects({ testDir: '.', testMatch: '*.load.ts', scenarios: ['pair'] }),
  workers: 1,
  reporter: [['../../fixtures/reporter.ts']],
});
