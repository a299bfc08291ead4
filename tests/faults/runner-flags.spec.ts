/**
 * The runner's own flags, and the folders from which it may be started (fault matrix, 45): red stays red,
 * the guard on hosts works, all reports are in one place, and the next run works.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JSONReport } from '@playwright/test/reporter';
import { outerEnvironment } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { FlaggedProject } from './flagged-project.ts';
import type { StandIn } from './stand-in.ts';
import { expect, test as base, type Exit, type RunOptions, type SuiteRun } from './suite-run.ts';

interface Flags {
  readonly system: StandIn;
  readonly project: FlaggedProject;
  /** Starts it with these arguments, and resolves with the result and how many requests of load it sent. */
  readonly start: (
    words: readonly string[],
    options?: RunOptions,
  ) => Promise<SuiteRun & Exit & { readonly sent: number }>;
}

const test = base.extend<Flags>({
  system: async ({ standIn }, use) => use(await standIn()),
  project: async ({ system }, use, testInfo) => {
    await use(new FlaggedProject(testInfo.outputPath('project'), system.url));
  },
  start: async ({ run, project, system }, use) => {
    await use(async (words, options = {}) => {
      const before = system.loadRequests;
      const ended = await run({ cwd: project.folder, words, ...options });
      return Object.assign(ended, { sent: system.loadRequests - before });
    });
  },
});

const shown = { annotation: fault(45) };
const long = { annotation: fault(45), tag: '@soak' };
const elsewhere = 'load is sent to this machine only, and load.example is another';

test(
  '--last-failed runs what failed, from a sub-folder, wherever --output is; --timeout cuts the load',
  { ...shown, tag: '@long' },
  async ({ project, start }) => {
    const first = await start(['--project=steady']);
    expect(first.code, first.output).toBe(1);
    expect(first.output).toContain(elsewhere);
    project.expectHeld(first.sent);
    const firstFolder = project.run;
    const red = project.results.loads.filter(({ verdict }) => verdict !== 'pass');
    expect(red.map(({ title }) => title)).toContain('is red');
    // The one that went elsewhere has failed, too.
    expect(project.lastRun.failedTests).toHaveLength(red.length + 1);

    const cwd = join(project.folder, 'tests/systems');
    const words = ['--config=../../playwright.config.ts', '--project=steady', '--last-failed'];
    // The load begins within these seconds on any machine, and would last for much longer.
    const again = await start([...words, '--output=elsewhere', '--timeout=5000'], {
      cwd,
      settings: { LENGTH: '60s' },
    });
    expect(again.code, again.output).toBe(1);
    expect(again.output).toContain(elsewhere);
    expect(again.output).toContain("the test's time limit is 5000 ms");
    expect(again.output).not.toContain('sends no load');
    expect(project.run).not.toBe(firstFolder);
    expect(project.loaded).toEqual(red.map(({ title }) => title).sort());
    for (const { end, testStatus } of project.results.loads) {
      expect([end.cause, testStatus]).toEqual(['interrupted', 'timedOut']);
    }
    project.expectHeld(again.sent);
    project.expectOnePlace();
  },
);

test(
  'in a sub-folder without the configuration no load is sent',
  shown,
  async ({ project, start, system }) => {
    const cwd = join(project.folder, 'tests/systems');
    const settings = { SHOP_URL: system.url };
    const bare = await start(['--grep=red|sends no load'], { cwd, settings });
    expect([bare.code, system.requests], bare.output).toEqual([1, 0]);
    expect(bare.output).toContain('The runner found no configuration where it was started');
    expect(bare.output).toContain('such as --config=../../playwright.config.ts');
    expect(bare.output).toContain('1 passed');
  },
);

for (const words of [['-x'], ['--max-failures=1', '--workers=3', '--fully-parallel']]) {
  test(`${words.join(' ')} ends with the first red load`, long, async ({ project, start }) => {
    const run = await start(['--project=steady', '--grep=red|elsewhere', ...words]);
    expect(run.code, run.output).toBe(1);
    expect(project.loaded).toEqual(['is red']);
    expect(run.output).not.toContain(elsewhere);
    expect(run.output).toContain('1 did not run');
    project.expectHeld(run.sent);
    // --last-failed begins with it, and with those that did not run after it.
    expect(project.lastRun.failedTests).toHaveLength(2);
  });
}

test(
  '--repeat-each repeats the load, and each is in the reports',
  long,
  async ({ project, start }) => {
    const words = ['--project=steady', '--grep=red', '--repeat-each=2', '--workers=3'];
    const run = await start([...words, '--fully-parallel']);
    expect(run.code, run.output).toBe(1);
    expect(project.loaded).toEqual(['is red', 'is red']);
    expect(run.output).toContain('2 failed');
    project.expectHeld(run.sent);
  },
);

test(
  'loads of two projects never overlap, whatever --workers says',
  long,
  async ({ project, start }) => {
    const words = ['--project=steady', '--project=spike', '--grep=red|green', '--workers=4'];
    const run = await start(words);
    expect(run.code, run.output).toBe(1);
    project.expectHeld(run.sent);
    const spans = project.spans;
    expect(spans.length).toBeGreaterThan(1);
    for (const [i, { startMs }] of spans.entries()) {
      if (i > 0) expect(startMs).toBeGreaterThanOrEqual(spans[i - 1]!.endMs);
    }
    // The run that found the target under load is red and sent nothing.
    const refused = run.output.match(/run the tests of one run one by one: --workers=1/g) ?? [];
    expect(refused.length + spans.length).toBeGreaterThanOrEqual(4);
  },
);

test(
  '--global-timeout cuts the load, which is reported and red',
  long,
  async ({ project, start }) => {
    const run = await start(['--project=endurance', '--global-timeout=20000']);
    expect(run.code, run.output).toBe(1);
    const [load] = project.results.loads;
    expect([load?.end.cause, load?.testStatus]).toEqual(['interrupted', 'interrupted']);
    project.expectHeld(run.sent);
  },
);

test(
  '--ignore-snapshots passes over baselines, not over budgets',
  long,
  async ({ project, start }) => {
    const ignored = await start(['--project=baseline', '--ignore-snapshots']);
    expect(ignored.code, ignored.output).toBe(1);
    expect(ignored.output).toContain('Baseline not compared: the runner ignores snapshots');
    expect(existsSync(join(project.folder, 'baselines'))).toBe(false);
    project.expectHeld(ignored.sent);
  },
);

test(
  'shards of several projects, each by itself, are one run at the merge',
  long,
  async ({ project, start }) => {
    const sent: number[] = [];
    for (const name of ['steady', 'spike']) {
      for (const shard of ['1/2', '2/2']) {
        const file = join(project.folder, `blobs/${name}-${shard.replace('/', '-of-')}.zip`);
        const settings = { LOAD_RUN_ID: 'sharded', PLAYWRIGHT_BLOB_OUTPUT_FILE: file };
        // One test for each shard, so that none is empty.
        const words = [
          `--project=${name}`,
          `--shard=${shard}`,
          '--fully-parallel',
          '--reporter=blob',
        ];
        const run = await start([...words, '--grep=red|green'], { settings });
        sent.push(run.sent);
      }
    }
    expect(
      sent.every((requests) => requests > 0),
      String(sent),
    ).toBe(true);
    const cwd = join(project.folder, 'tests');
    const words = ['--config=../merge.config.ts', '../blobs'];
    const merged = await start(words, { command: 'merge-reports', cwd });
    expect(merged.code, merged.output).toBe(1);
    expect(merged.output).not.toMatch(/missing|doubled|foreign/);
    expect(project.results.unreadable).toEqual([]);
    expect(project.loaded).toEqual(['is red', 'is red', 'may be green', 'may be green']);
    project.expectHeld(sent.reduce((sum, requests) => sum + requests));
    project.expectOnePlace();
  },
);

test(
  'with reporters of others the fixtures give the verdict, and `report` makes the files later',
  long,
  async ({ project, start }) => {
    const file = join(project.folder, 'tests.json');
    const run = await start(['--project=steady', '--grep=red', '--reporter=json,github'], {
      settings: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    });
    expect(run.code, run.output).toBe(1);
    expect(run.stdout).toContain('::error');
    const { stats, suites } = JSON.parse(readFileSync(file, 'utf8')) as JSONReport;
    expect([stats.unexpected, stats.expected, stats.flaky]).toEqual([1, 0, 0]);
    const names = JSON.stringify(suites);
    for (const name of ['interval log', 'budgets', 'statistics'])
      expect(names).toContain(`"${name}"`);
    expect(existsSync(join(project.run, 'results.json'))).toBe(false);
    const reported = await command(project.folder, 'npx', [
      'tsx',
      'fixtures/commands/loadwright.ts',
      'report',
      'reports/latest',
    ]);
    expect(reported.output).toContain('Load: ');
    project.expectHeld(run.sent);
  },
);

test(
  '`npm --prefix` leaves all in the folder of the project',
  long,
  async ({ project, system }, testInfo) => {
    const cwd = testInfo.outputPath('elsewhere');
    mkdirSync(cwd);
    for (const more of [[], ['--', '--last-failed']]) {
      const before = system.loadRequests;
      const words = ['--prefix', project.folder, 'run', 'load', ...more];
      const { code, output } = await command(cwd, 'npm', words);
      expect(code, output).toBe(1);
      expect(output).toContain(elsewhere);
      project.expectHeld(system.loadRequests - before);
      project.expectOnePlace();
    }
  },
);

function command(
  cwd: string,
  file: string,
  words: readonly string[],
): Promise<{ code: number; output: string }> {
  const options = { cwd, env: outerEnvironment(), maxBuffer: 1e8 };
  return new Promise((resolve) => {
    execFile(file, words, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}
