/** Projects are scenarios; a test is one system at one load level, picked by its tag. */
import { defineConfig, type Project } from '@playwright/test';
import { dirname, join } from 'node:path';
import { checkedOutCommit } from './load/settings/commit.ts';
import { allureOptions } from './load/report/allure/options.ts';
import { fourLetters, nameRun, refuseUnusableFolder } from './load/settings/run-folder.ts';
import { settings as readSettings } from './load/settings/settings.ts';
import { refuseWrongSettings } from './load/systems/systems.ts';

const isListing = process.argv.includes('--list');
const isWorker = process.env['TEST_WORKER_INDEX'] !== undefined;
orQuit(() => {
  nameRun(process.env, new Date(), fourLetters());
});
// Once, for all of the run: a worker that starts later would see what was changed meanwhile.
if (!isListing && !isWorker && (process.env['LOAD_COMMIT'] ?? '') === '') {
  const commit = checkedOutCommit(import.meta.dirname);
  if (commit !== undefined) process.env['LOAD_COMMIT'] = commit;
}
// Wrong settings stop everything at once; the workers have the same environment.
orQuit(() => {
  refuseWrongSettings(process.env);
});
const settings = readSettings();
if (!isListing) {
  orQuit(() => {
    refuseUnusableFolder(settings.LOAD_RUN_DIR);
  });
}
const reportsFolder = dirname(settings.LOAD_RUN_DIR);

// SIGTERM would end the runner without a report: it takes the way of Ctrl-C, also the second time.
// Not in the workers, which load this file, too.
if (!isWorker) {
  process.on('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
}

/** The message alone: where in the code it was noticed is nothing to who has to mend a setting. */
function orQuit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** What can be run by `--project=…` on every system that has it. */
const scenarios = [
  'smoke',
  'steady',
  'spike',
  'endurance',
  'custom',
  'baseline',
  'progressive',
  'light',
  'medium',
  'heavy',
  'stress',
  'peak',
  'arrival',
  'general',
  'cache',
  'batch',
  'streaming',
  'conversation',
];

function scenario(name: string): Project {
  return {
    name,
    testDir: 'tests/systems',
    grep: new RegExp(`@${name}(?![a-z-])`),
    // A load test bounds itself; the runner must not end it in the middle.
    timeout: 0,
  };
}

export default defineConfig({
  projects: [
    ...scenarios.map(scenario),
    {
      name: 'engine',
      testDir: 'tests',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      snapshotPathTemplate: '{testDir}/{testFileDir}/kept/{arg}{ext}',
      timeout: 120_000,
    },
    // What measures real time has the machine to itself; the others may run side by side.
    { name: 'instrument', testDir: 'tests/instrument', timeout: 120_000 },
  ],
  globalSetup: ['./fixtures/refuse-everything.ts', './fixtures/forget-last-run.ts'],
  outputDir: join(settings.LOAD_RUN_DIR, 'playwright'),
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
