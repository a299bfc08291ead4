/** For `npm run pair-tries`: one load test, in the one project that it needs. */
import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';

export default defineConfig({
  projects: loadProjects({ testDir: '.', testMatch: '*.load.ts', scenarios: ['pair'] }),
  workers: 1,
  reporter: [['../../fixtures/reporter.ts']],
});
