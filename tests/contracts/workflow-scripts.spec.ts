/** The scripts of the workflow that runs the suite at GitHub, run as its jobs run them. */
import { expect, test } from '@playwright/test';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../load/settings/settings.ts';
import { repository } from '../child-processes.ts';
import { writeText } from '../engine/comparing/plain-files.ts';
import { inFolder, script, text } from './load-workflow.ts';

const me = '-c user.name=x -c user.email=x@example.org';

/** A repository with a history of two tests, and a clone of it. */
function clonedRepository(): { origin: string; clone: string } {
  const [origin, clone] = [test.info().outputPath('origin'), test.info().outputPath('clone')];
  writeText(join(origin, 'baselines/github/history/a.jsonl'), '{"n":1}\n');
  writeText(join(origin, 'baselines/github/history/b.jsonl'), '{"n":1}\n');
  cpSync(join(repository, '.gitattributes'), join(origin, '.gitattributes'));
  const commit = `git ${me} commit -q -m first`;
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

test('of what machines handed on only lines of the history come into the checkout', () => {
  const { clone } = clonedRepository();
  const temp = test.info().outputPath('temp');
  const take = script('history', 'Take over the lines of the history, and nothing else');
  const environment = { RUNNER_TEMP: temp, LOAD_ENVIRONMENT: 'github' };
  mkdirSync(temp);
  inFolder(clone, take, environment);
  expect(inFolder(clone, 'git status --porcelain')).toBe('');
  const history = join(temp, 'history/baselines/github/history');
  writeText(join(history, 'b.jsonl'), '{"n":1}\n{"n":2}\n');
  for (const path of [
    'history/README.md',
    'history/.github/workflows/load.yml',
    'history/baselines/github/baseline/b.json',
    'history/baselines/other/history/c.jsonl',
    'history/baselines/github/history/evil.sh',
    'history/baselines/github/history/deeper/d.jsonl',
  ]) {
    writeText(join(temp, path), 'x');
  }
  symlinkSync('/etc/passwd', join(history, 'link.jsonl'));
  inFolder(clone, take, environment);
  expect(inFolder(clone, 'git status --porcelain')).toBe(' M baselines/github/history/b.jsonl\n');
});

test('of new baselines only files of baselines come into the checkout', () => {
  const { clone } = clonedRepository();
  const temp = test.info().outputPath('temp');
  const take = script('baselines', 'Take over the baselines, and nothing else');
  for (const path of ['baseline/shop-1-user.json', 'history/b.jsonl', 'x.sh', 'a/b/c.json']) {
    writeText(join(temp, 'baselines', path), '{}');
  }
  inFolder(clone, take, { RUNNER_TEMP: temp, LOAD_ENVIRONMENT: 'github' });
  expect(inFolder(clone, 'git status --porcelain --untracked-files=all')).toBe(
    '?? baselines/github/baseline/shop-1-user.json\n',
  );
});

test('what failed is run again; a load that ended before it could say what failed runs nothing', () => {
  const folder = test.info().outputPath('job');
  mkdirSync(folder, { recursive: true });
  const again = `npx() { printf '%s\\n' "$@"; }\n${script('load', 'Run again what failed')}`;
  const scenarios = { NIGHTLY: 'general', LONG: 'spike' };
  const nothing = expect.stringContaining('none is run again.');
  expect(inFolder(folder, again, scenarios)).toEqual(nothing);
  const last = (failedTests: readonly string[]): string =>
    JSON.stringify({ status: 'failed', failedTests }, undefined, 2);
  writeText(join(folder, 'reports/.last-run.json'), last([]));
  expect(inFolder(folder, again, scenarios)).toEqual(nothing);
  writeText(join(folder, 'reports/.last-run.json'), last(['a-1']));
  expect(inFolder(folder, again, scenarios).trim().split('\n')).toEqual([
    'playwright',
    'test',
    '--project=general',
    '--project=spike',
    '--last-failed',
    '--last-failed-file=reports/.last-run.json',
    '--reporter=list,./fixtures/reporter.ts',
  ]);
});

test('the history is committed on top of what came in the meantime; without any there is no commit', () => {
  const { origin, clone } = clonedRepository();
  const commit = script('history', 'Commit the history');
  expect(inFolder(clone, commit, { LOAD_RUN_ID: 'run-1' })).toContain('No history to commit.');
  writeText(join(clone, 'baselines/github/history/b.jsonl'), '{"n":1}\n{"n":2}\n');
  writeText(join(clone, 'not-of-a-baseline.txt'), 'x');
  writeText(join(origin, 'README.md'), 'meanwhile');
  inFolder(origin, `git add . && git ${me} commit -q -m second`);
  inFolder(clone, commit, { LOAD_RUN_ID: 'run-1' });
  expect(inFolder(origin, 'git log --format="%an: %s"').trim().split('\n')).toEqual([
    'github-actions[bot]: baselines: history of run run-1',
    'x: second',
    'x: first',
  ]);
  expect(inFolder(origin, 'git show --stat --format= HEAD')).not.toContain('not-of-a-baseline');
  expect(readFileSync(join(origin, 'baselines/github/history/b.jsonl'), 'utf8')).toContain('"n":2');
});

test('a second attempt adds its lines to those of the first', () => {
  const { origin, clone } = clonedRepository();
  const history = 'baselines/github/history/b.jsonl';
  const commit = script('history', 'Commit the history');
  writeText(join(origin, history), '{"n":1}\n{"n":2}\n');
  inFolder(origin, `git add . && git ${me} commit -q -m 'attempt 1'`);
  writeText(join(clone, history), '{"n":1}\n{"n":3}\n');
  inFolder(clone, commit, { LOAD_RUN_ID: 'run-1' });
  expect(readFileSync(join(origin, history), 'utf8').trim().split('\n').sort()).toEqual([
    '{"n":1}',
    '{"n":2}',
    '{"n":3}',
  ]);
});

test('new baselines go on a branch of their own; without any there is none', () => {
  const { origin, clone } = clonedRepository();
  const push = script('baselines', 'Push them on a branch');
  const env = {
    LOAD_RUN_ID: 'run-1',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_STEP_SUMMARY: join(clone, 'page.md'),
  };
  expect(inFolder(clone, push, env)).toContain('No baseline to commit.');
  writeText(join(clone, 'baselines/github/baseline/b.json'), '{}');
  writeText(join(clone, 'not-of-a-baseline.txt'), 'x');
  inFolder(clone, push, env);
  expect(inFolder(origin, 'git branch --format="%(refname:short)"').trim().split('\n')).toEqual([
    'baselines-run-1-2',
    'main',
  ]);
  const changed = inFolder(origin, 'git diff --name-only main baselines-run-1-2').trim();
  expect(changed).toBe('baselines/github/baseline/b.json');
  expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('`baselines-run-1-2`');
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
    'run',
    'regression-issue',
    '--',
    'runs/run-1/run-1/comparison.json',
    'runs/run-2/run-1/comparison.json',
    '--confirmed-by',
    'runs/run-2/run-1-confirmation/comparison.json',
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
