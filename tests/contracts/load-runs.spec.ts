/** Load runs are started as processes of the runner, steered through their file, and stopped. */
import { expect, test as base } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as runLoadRun } from '../../fixtures/commands/run.ts';
import {
  outputFile,
  startLoadRun,
  type StartedLoadRun,
  type StartOptions,
} from '../../fixtures/commands/start-load-run.ts';
import { parseLine } from '../../load/metrics/log/reader.ts';
import type { LogLine } from '../../load/metrics/log/schema.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import type { LoadRunEntry } from '../../load/settings/load-run-file.ts';
import { controlFile, writeControl } from '../../load/workload/control.ts';
import {
  isRunning,
  killAll,
  linkedProject,
  outerEnvironment,
  processTree,
  repository,
} from '../child-processes.ts';

const quickly = { LOAD_THINK: '50ms' };
const patience = { timeout: 60_000, intervals: [50] };
const minute: LoadRunEntry = {
  system: 'health-agent',
  scenario: 'custom',
  users: 2,
  duration: '60s',
};

const spec = `
import { custom, expect, settings, test } from 'loadwright';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
test('takes a load', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(healthAgentUser, custom(settings()));
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});`;

/** A team's repository with one spec. Everything started in it ends with the test. */
const test = base.extend<{
  folder: string;
  start: (entry: LoadRunEntry, options?: StartOptions) => StartedLoadRun;
}>({
  folder: async ({}, use, testInfo) => {
    const folder = linkedProject(testInfo.outputPath('team'));
    writeFileSync(join(folder, 'tests/systems/health-agent.spec.ts'), spec);
    await use(folder);
  },
  start: async ({ folder }, use) => {
    const started: StartedLoadRun[] = [];
    await use((entry, options = {}) => {
      const environment = { ...outerEnvironment(), ...quickly, ...options.environment };
      const run = startLoadRun(entry, { folder, ...options, environment });
      started.push(run);
      return run;
    });
    for (const { pid, exited } of started) {
      if (isRunning(pid)) await killAll(processTree(pid).map((one) => one.pid));
      await exited;
    }
  },
});

function linesOf({ folder }: Pick<StartedLoadRun, 'folder'>): LogLine[] {
  const [path] = existsSync(folder) ? logsIn(folder) : [];
  if (path === undefined) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, i) => parseLine(line, `${path}:${i + 1}`));
}

async function untilSent(run: StartedLoadRun, requests: number): Promise<void> {
  const sent = (): number =>
    linesOf(run).reduce((sum, line) => sum + (line.type === 'interval' ? line.sent : 0), 0);
  await expect.poll(sent, patience).toBeGreaterThanOrEqual(requests);
}

function resultsOf({ folder }: Pick<StartedLoadRun, 'folder'>): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

test('a load is started, steered and ended before its time by the control file; with -u it is refused as a baseline', async ({
  start,
  folder,
}) => {
  writeFileSync(join(folder, 'playwright.config.ts'), updatingConfig(folder));
  const run = start(minute);
  await untilSent(run, 5);
  writeControl(run.folder, { users: 6 });
  const users = (): number =>
    Math.max(...linesOf(run).map((line) => (line.type === 'interval' ? line.users : 0)));
  await expect.poll(users, patience).toBe(6);
  writeFileSync(join(run.folder, controlFile), '{"users": 6, "stop": true}');
  expect(await run.exited).toBe(1);
  const stages = linesOf(run).flatMap((line) =>
    line.type === 'interval' ? (line.stages ?? []) : [],
  );
  expect(stages).toMatchObject([{ of: 'users', from: 2, to: 6 }]);
  const [load] = resultsOf(run).loads;
  expect(load).toMatchObject({ runId: run.id, steered: true, stages, interrupted: true });
  expect(load!.end).toMatchObject({ cause: 'interrupted' });
  expect(existsSync(join(run.folder, 'html/index.html'))).toBe(true);
  const said = readFileSync(join(run.folder, outputFile), 'utf8');
  expect(said.replaceAll(/\s+/g, ' ')).toContain('the load was steered while it ran');
  expect(existsSync(join(folder, 'baselines'))).toBe(false);
});

test(
  'the load and its reports outlive whoever has started it',
  { tag: '@long' },
  async ({ folder }) => {
    const starter = join(repository, 'fixtures/commands/start-load-run.ts');
    const script =
      `import { startLoadRun } from ${JSON.stringify(starter)};` +
      `console.log(JSON.stringify(startLoadRun(${JSON.stringify({ ...minute, duration: '3s' })})));`;
    const words = ['--import', 'tsx/esm', '--input-type=module', '-e', script];
    const env = { ...outerEnvironment(), ...quickly };
    const child = spawn(process.execPath, words, { cwd: folder, env });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await expect.poll(() => said, patience).toContain('"pid"');
    const { pid, ...run } = JSON.parse(said) as StartedLoadRun;
    child.kill('SIGKILL');
    try {
      await expect.poll(() => existsSync(join(run.folder, 'results.json')), patience).toBe(true);
      expect(linesOf(run).at(-1)).toMatchObject({ type: 'end', cause: 'completed' });
      await expect.poll(() => isRunning(pid), patience).toBe(false);
    } finally {
      if (isRunning(pid)) await killAll(processTree(pid).map((one) => one.pid));
    }
  },
);

test(
  'the command runs two systems side by side, and is red where one of them is',
  { tag: '@long' },
  async ({ folder }) => {
    writeFileSync(
      join(folder, 'tests/systems/never.spec.ts'),
      spec.replace('custom(settings())', "(() => { throw new Error('never'); })()"),
    );
    writeLoadRun(folder, 'two', [
      { ...minute, duration: '2s' },
      { ...minute, system: 'never' },
    ]);
    const { code, output } = await command(folder, ['two']);
    expect(output).toContain('[health-agent custom] ');
    expect(output).toMatch(/^health-agent custom: run \S+ passed$/m);
    expect(output).toMatch(/^never custom: run \S+ ended with exit code 1$/m);
    expect(code).toBe(1);
    const runs = readdirSync(join(folder, 'reports')).filter((name) => /^\d{4}-/.test(name));
    expect(runs).toHaveLength(2);
  },
);

test('Ctrl-C ends the loads of the command, which drain and are reported', async ({ folder }) => {
  writeLoadRun(folder, 'long', [minute]);
  const running = command(folder, ['long']);
  const run = (): { folder: string } => {
    const [id = ''] = existsSync(join(folder, 'reports'))
      ? readdirSync(join(folder, 'reports')).filter((name) => /^\d{4}-/.test(name))
      : [];
    return { folder: join(folder, 'reports', id || 'none') };
  };
  await expect.poll(() => JSON.stringify(linesOf(run())), patience).toContain('"type":"interval"');
  running.child.kill('SIGINT');
  expect((await running).code).toBe(130);
  expect(linesOf(run()).at(-1)).toMatchObject({ type: 'end', cause: 'interrupted' });
  const [load] = resultsOf(run()).loads;
  expect(load).toMatchObject({ interrupted: true });
  expect(load!.notes.join('\n')).not.toContain('torn');
});

test('wrong files are told with every field, and nothing is started', async ({ folder }) => {
  writeLoadRun(folder, 'bad', [{ ...minute, users: 0, target: 'http://example.org' }]);
  writeFileSync(
    join(folder, 'load-runs/renamed.json'),
    JSON.stringify({ name: 'x', runs: [minute] }),
  );
  writeFileSync(join(folder, 'load-runs/torn.json'), '{"name": "torn"');
  for (const [words, told] of [
    [['bad'], /load-runs\/bad.json: runs.0.users: 0; accepted: a whole number from 1 on/],
    [['renamed'], /load-runs\/renamed.json: name: "x"; accepted: renamed, as its file/],
    [['torn'], /load-runs\/torn.json: /],
    [['missing'], /load-runs\/missing.json: no such file/],
    [['../load-runs/bad'], /"..\/load-runs\/bad" is no name of a load run/],
    [[], /takes one name/],
  ] as const) {
    await expect(runLoadRun(words, folder)).rejects.toThrow(told);
  }
  const { code, output } = await command(folder, ['missing']);
  expect([code, output]).toEqual([1, expect.stringContaining('no such file')]);
  expect(existsSync(join(folder, 'reports'))).toBe(false);
});

test('what no entry may say is refused by who starts it, too', ({}, testInfo) => {
  const folder = testInfo.outputPath('nothing');
  mkdirSync(folder, { recursive: true });
  expect(() => startLoadRun({ ...minute, system: '../x' }, { folder })).toThrow('runs.0.system: ');
  expect(() => startLoadRun(minute, { folder: '/' })).toThrow(
    '/: @playwright/test is not installed',
  );
  expect(readdirSync(folder)).toEqual([]);
});

/** As if it were always run with `-u`. */
function updatingConfig(folder: string): string {
  const text = readFileSync(join(folder, 'playwright.config.ts'), 'utf8');
  return text.replace('retries: 0,', "retries: 0, updateSnapshots: 'all',");
}

function writeLoadRun(folder: string, name: string, runs: readonly LoadRunEntry[]): void {
  mkdirSync(join(folder, 'load-runs'), { recursive: true });
  writeFileSync(join(folder, `load-runs/${name}.json`), JSON.stringify({ name, runs }));
}

function command(folder: string, words: readonly string[]) {
  const file = join(repository, 'fixtures/commands/loadwright.ts');
  const child = spawn(process.execPath, ['--import', 'tsx/esm', file, 'run', ...words], {
    cwd: folder,
    env: { ...outerEnvironment(), ...quickly },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
  return Object.assign(ended, { child });
}
