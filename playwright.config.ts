/** Projects are scenarios; a test is one system at one load level, picked by its tag. */
import { defineConfig, type Project } from '@playwright/test';
import { dirname, join } from 'node:path';
import { checkedOutCommit } from './load/commit.ts';
import { allureOptions } from './load/report/allure-options.ts';
import { fourLetters, nameRun, refuseUnusableFolder } from './load/run-folder.ts';
import { readSettings } from './load/settings.ts';

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
const settings = orQuit(() => readSettings(process.env));
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
  ...['smoke', 'steady', 'spike', 'endurance', 'custom'],
  ...['baseline', 'progressive', 'light', 'medium', 'heavy', 'stress', 'peak', 'arrival'],
  ...['general', 'cache', 'batch', 'streaming', 'conversation'],
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

/** What the suite's own tests share. */
const own = {
  testDir: 'tests',
  grepInvert: /@long/,
  snapshotPathTemplate: '{testDir}/{testFileDir}/kept/{arg}{ext}',
  // For what hangs: no test is judged by how long it took.
  timeout: 300_000,
};
const long = { grep: /@long/, grepInvert: /^$/ };

/**
 * Spec files of the engine that start no process and open no socket, and the others that do neither;
 * tests/architecture.spec.ts sees to it that they are all of them.
 */
const startsSomething = [
  'clock|command-words|commit|target-lock|targets',
  'regression-issue/(github-faults|regression-issue|tracker)',
  'report/(compare|live-terminal|nested-run|rebuild)',
  'shards/(await-coordinator|merge-baselines|merge-reports)',
  'systems/(sandbox-pages|sandbox-probes)',
].join('|');
const startsNothing = [
  'architecture|contracts/(catalogue|executors)|faults/refuse-load',
  'reference/(batcher|batching-model|chunk-cache|connection-pool|faults|feature-hashing)',
  'reference/(host-readings|latency|lru-cache|prefix-cache|rag-costs|slowdown)',
  'reference/(text-chunks|vector-store)',
].join('|');
const pure = RegExp(
  String.raw`/tests/(engine/(?!(${startsSomething})\.spec).*|${startsNothing})\.spec\.ts$`,
);

export default defineConfig({
  projects: [
    ...scenarios.map(scenario),
    { name: 'engine', testMatch: pure, ...own },
    // Real processes, sockets and browsers.
    { name: 'real', testIgnore: [pure, '**/tests/systems/**', '**/tests/instrument/**'], ...own },
    // What takes minutes, or wants a machine that does little else.
    {
      name: 'long',
      testIgnore: ['**/tests/systems/**', '**/tests/instrument/**'],
      ...own,
      ...long,
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
    ['./load/report/playwright-reporter.ts'],
    ['html', { outputFolder: join(reportsFolder, 'html'), open: 'never' }],
    ['allure-playwright', allureOptions(join(reportsFolder, 'allure-results'))],
  ],
});
