/** The workflow that runs the suite at GitHub: what it may do, and that what it runs is there. */
import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import playwrightConfig from '../../playwright.config.ts';
import { readSettings } from '../../load/settings.ts';
import { outerEnvironment, repository } from '../child-processes.ts';
import { writeText } from '../engine/baselines/plain-files.ts';

const path = join(repository, '.github/workflows/load.yml');
const text = readFileSync(path, 'utf8');

const permissions = z.record(z.string(), z.string());
const step = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const job = z.object({
  if: z.string(),
  'timeout-minutes': z.number(),
  permissions: permissions.optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step),
});
const workflow = z
  .object({
    on: z.record(z.string(), z.unknown()),
    permissions,
    jobs: z.record(z.string(), job),
  })
  .parse(parse(text));

const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([name, { steps: own }]) => own.map((one) => ({ job: name, ...one })));
const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

test('every action is pinned by its commit, with its version beside it', () => {
  const lines = text.split('\n').filter((line) => /\buses:/.test(line));
  expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
  for (const line of lines) {
    expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test('one action has one version throughout', () => {
  const used = new Set(steps.flatMap(({ uses }) => uses ?? []));
  const names = [...used].map((uses) => uses.split('@')[0]);
  expect(names).toHaveLength(new Set(names).size);
});

test('it reads, and only the job of the issues and that of the history write', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  const more = jobs.filter(([, one]) => one.permissions !== undefined);
  expect(more.map(([name, one]) => [name, one.permissions])).toEqual([
    ['issue', { contents: 'read', issues: 'write' }],
    ['history', { contents: 'write' }],
  ]);
});

test('on pull requests only the smoke runs, without a secret and without the rights of its target', () => {
  expect(Object.keys(workflow.on)).toEqual(['pull_request', 'schedule', 'workflow_dispatch']);
  expect(workflow.jobs['smoke']?.if).toBe("github.event_name == 'pull_request'");
  for (const [name, one] of jobs.filter(([other]) => other !== 'smoke')) {
    expect(`${name}: ${one.if}`).toMatch(/!= 'pull_request'|== '(schedule|workflow_dispatch)'/);
  }
  expect(text).not.toMatch(/secrets\.|pull_request_target|workflow_run/);
  const withToken = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('token'));
  expect(withToken.map((one) => one.job)).toEqual(['issue']);
});

test('a checkout leaves its token behind only where something is pushed', () => {
  const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  const keeping = checkouts.filter((one) => one.with?.['persist-credentials'] !== false);
  expect(keeping.map((one) => one.job)).toEqual(['history']);
});

test('it runs nightly, and on Sundays at 02:00 UTC with the long scenarios', () => {
  expect(workflow.on['schedule']).toEqual([{ cron: '0 2 * * 1-6' }, { cron: '0 2 * * 0' }]);
  const sunday = workflow.jobs['load']?.env?.['SCENARIOS'];
  expect(sunday).toContain("github.event.schedule == '0 2 * * 0'");
});

test('its scenarios are projects of the suite, and every load test is in one of them', () => {
  const { NIGHTLY = '', LONG = '' } = workflow.jobs['load']?.env ?? {};
  const named = [...NIGHTLY.split(' '), ...LONG.split(' '), 'smoke'];
  const projects = (playwrightConfig.projects ?? []).map(({ name = '' }) => name);
  expect(named.filter((name) => !projects.includes(name))).toEqual([]);
  const left = ['custom', 'engine', 'instrument'];
  expect(projects.filter((name) => !named.includes(name) && !left.includes(name))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test('every script that it names is in package.json, every file in the repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = runs.flatMap((run) =>
    [...run.matchAll(/npm run ([\w:-]+)/g)].map(([, one]) => one),
  );
  expect(named).toEqual(['regression-issue']);
  expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  const files = [...new Set(runs.flatMap((run) => run.match(/[\w./-]+\.ts\b/g) ?? []))];
  expect(files).toContain('merge.config.ts');
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});

test('what is run is a shell script without an expression in it, every job ends by itself', () => {
  for (const run of runs) {
    execFileSync('bash', ['-n', '-c', run]);
    // An expression would be pasted into the script, whatever it holds.
    expect(run).not.toContain('${{');
  }
  for (const [, one] of jobs) expect(one['timeout-minutes']).toBeLessThanOrEqual(360);
});

function script(job: string, name: string): string {
  const found = workflow.jobs[job]?.steps.find((one) => one.name === name)?.run;
  if (found === undefined) throw new Error(`${job}: no step "${name}"`);
  return found;
}

function inFolder(folder: string, command: string, env: Record<string, string> = {}): string {
  return execFileSync('bash', ['-e', '-o', 'pipefail', '-c', command], {
    ...{ cwd: folder, encoding: 'utf8', stdio: 'pipe' },
    env: { ...outerEnvironment(), HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env },
  });
}

/** A repository with a history of two tests, and a clone of it. */
function clonedRepository(): { origin: string; clone: string } {
  const [origin, clone] = [test.info().outputPath('origin'), test.info().outputPath('clone')];
  writeText(join(origin, 'baselines/github/history/a.jsonl'), '{"n":1}\n');
  writeText(join(origin, 'baselines/github/history/b.jsonl'), '{"n":1}\n');
  const commit = 'git -c user.name=x -c user.email=x@example.org commit -q -m first';
  inFolder(origin, `git init -q -b main && git add . && ${commit}`);
  inFolder(origin, 'git config receive.denyCurrentBranch updateInstead');
  inFolder(dirname(clone), `git clone -q "${origin}" clone`);
  return { origin, clone };
}

test('a machine hands on only the history that it has added to', () => {
  const { clone } = clonedRepository();
  writeText(join(clone, 'baselines/github/history/b.jsonl'), '{"n":1}\n{"n":2}\n');
  writeText(join(clone, 'baselines/github/history/new test.jsonl'), '{"n":1}\n');
  writeText(join(clone, 'baselines/github/baseline/b.json'), '{}');
  inFolder(clone, script('load', 'Collect the history that this machine has added to'));
  expect(readdirSync(join(clone, 'history-changes/baselines/github'))).toEqual(['history']);
  const kept = join(clone, 'history-changes/baselines/github/history');
  expect(readdirSync(kept).sort()).toEqual(['b.jsonl', 'new test.jsonl']);
});

test('a machine without new history hands on nothing, and does not fail', () => {
  const { clone } = clonedRepository();
  inFolder(clone, script('load', 'Collect the history that this machine has added to'));
  expect(readdirSync(join(clone, 'history-changes'))).toEqual([]);
});

test('the history is committed on top of what came in the meantime; without any there is no commit', () => {
  const { origin, clone } = clonedRepository();
  const commit = script('history', 'Commit the history');
  expect(inFolder(clone, commit, { LOAD_RUN_ID: 'run-1' })).toContain('No history to commit.');
  writeText(join(clone, 'baselines/github/history/b.jsonl'), '{"n":1}\n{"n":2}\n');
  writeText(join(clone, 'not-of-a-baseline.txt'), 'x');
  writeText(join(origin, 'README.md'), 'meanwhile');
  inFolder(
    origin,
    'git add . && git -c user.name=x -c user.email=x@example.org commit -q -m second',
  );
  inFolder(clone, commit, { LOAD_RUN_ID: 'run-1' });
  expect(inFolder(origin, 'git log --format="%an: %s"').trim().split('\n')).toEqual([
    'github-actions[bot]: baselines: history of run run-1',
    ...['x: second', 'x: first'],
  ]);
  expect(inFolder(origin, 'git show --stat --format= HEAD')).not.toContain('not-of-a-baseline');
  expect(readFileSync(join(origin, 'baselines/github/history/b.jsonl'), 'utf8')).toContain('"n":2');
});

test('where nothing was compared no issue is looked for; the files of all machines are handed over', () => {
  const folder = test.info().outputPath('job');
  mkdirSync(folder, { recursive: true });
  const open = `npm() { printf '%s\\n' "$@"; }\n${script('issue', 'Open, follow or close the issues of regressions')}`;
  expect(inFolder(folder, open, { LOAD_RUN_ID: 'run-1' })).toBe('Nothing was compared.\n');
  for (const file of ['run-1/run-1', 'run-2/run-1', 'run-2/run-1-confirmation']) {
    writeText(join(folder, 'runs', file, 'comparison.json'), '{}');
  }
  expect(inFolder(folder, open, { LOAD_RUN_ID: 'run-1' }).trim().split('\n')).toEqual([
    ...['run', 'regression-issue', '--'],
    ...['runs/run-1/run-1/comparison.json', 'runs/run-2/run-1/comparison.json'],
    ...['--confirmed-by', 'runs/run-2/run-1-confirmation/comparison.json'],
  ]);
});

test('four slices of one load start at a moment that is to come, each with its share', () => {
  const { outputs, slice, env } = slicesOf();
  const page = writeText(test.info().outputPath('output'), '');
  inFolder(dirname(page), script('start', 'In six minutes every machine is ready'), {
    GITHUB_OUTPUT: page,
  });
  const at = /^at=(\d{13})\n$/.exec(readFileSync(page, 'utf8'))![1]!;
  expect(Number(at)).toBeGreaterThan(Date.now());
  expect(outputs).toEqual({ at: '${{ steps.clock.outputs.at }}' });
  expect(slice).toEqual([1, 2, 3, 4]);
  expect(env['LOAD_START_AT']).toBe('${{ needs.start.outputs.at }}');
  for (const n of slice) {
    const LOAD_SLICE = env['LOAD_SLICE']!.replace('${{ matrix.slice }}', String(n));
    expect(readSettings({ LOAD_SLICE, LOAD_START_AT: at })).toMatchObject({
      LOAD_SLICE: { index: n, count: slice.length },
      LOAD_START_AT: Number(at),
    });
  }
});

function slicesOf() {
  const { jobs: all } = z
    .object({
      jobs: z.object({
        start: z.object({ outputs: z.record(z.string(), z.string()) }),
        slice: z.object({
          strategy: z.object({ matrix: z.object({ slice: z.array(z.number()) }) }),
          env: z.record(z.string(), z.string()),
        }),
      }),
    })
    .parse(parse(text));
  const { strategy, env } = all.slice;
  return { outputs: all.start.outputs, slice: strategy.matrix.slice, env };
}

test('a summary that is not there is no failure', () => {
  const folder = test.info().outputPath('job');
  mkdirSync(folder, { recursive: true });
  const page = writeText(join(folder, 'page.md'), '');
  const environment = { LOAD_RUN_ID: 'run-1', GITHUB_STEP_SUMMARY: page };
  for (const name of ['smoke', 'report', 'verdict']) {
    inFolder(folder, script(name, 'Show the summary'), environment);
  }
  expect(readFileSync(page, 'utf8')).toBe('');
  writeText(join(folder, 'reports/run-1/summary.md'), '# Load run\n');
  inFolder(folder, script('report', 'Show the summary'), environment);
  expect(readFileSync(page, 'utf8')).toBe('# Load run\n');
});
