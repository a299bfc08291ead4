/** The GitHub workflow that runs the suite: its permissions, and that everything it calls exists. */
import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { targetVariables } from '../../fixtures/targets.ts';
import playwrightConfig from '../../playwright.config.ts';
import { repository } from '../child-processes.ts';
import { jobs, runs, steps, text, workflow } from './load-workflow.ts';

const systems = readdirSync(join(repository, 'tests/systems')).map((file) => file.split('.')[0]!);

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

test('one job is on the least Node that the package supports, all others on the one of the image', () => {
  const { engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const [, least] = /^>=(\d+)/.exec(engines.node)!;
  const recipe = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8');
  const [, image] = /^FROM node:(\d+)-/m.exec(recipe)!;
  const used = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
  const versions = used.map((one) => [one.job, String(one.with?.['node-version'])]);
  expect(versions.filter(([, version]) => version !== image)).toEqual([['smoke', least]]);
  expect(versions.length).toBeGreaterThan(5);
});

test('it reads, and only the jobs of the issues, of the history and of the baselines write', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  const more = jobs.filter(([, one]) => one.permissions !== undefined);
  expect(more.map(([name, one]) => [name, one.permissions])).toEqual([
    ['issue', { contents: 'read', issues: 'write' }],
    ['history', { contents: 'write' }],
    ['baselines', { contents: 'write' }],
  ]);
  // None of them runs installed packages, except the job that needs the suite for its texts.
  const installing = steps.filter(({ run }) => run === 'npm ci').map((one) => one.job);
  const writing = more.map(([name]) => name);
  expect(installing.filter((name) => writing.includes(name))).toEqual(['issue']);
});

test('on pull requests only the smoke runs, without the rights of its target', () => {
  expect(Object.keys(workflow.on)).toEqual(['pull_request', 'schedule', 'workflow_dispatch']);
  expect(workflow.jobs['smoke']?.if).toBe("github.event_name == 'pull_request'");
  for (const [name, one] of jobs.filter(([other]) => other !== 'smoke')) {
    expect(`${name}: ${one.if}`).toMatch(/!= 'pull_request'|== '(schedule|workflow_dispatch)'/);
  }
  expect(text).not.toMatch(/pull_request_target|workflow_run/);
  const withToken = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('token'));
  expect(withToken.map((one) => one.job)).toEqual(['issue']);
  // Keys of the team's own systems are given only to the steps that send load to them. GitHub gives none
  // to forks.
  const withSecret = steps.filter((one) => JSON.stringify(one).includes('secrets.'));
  expect(withSecret.map((one) => [one.job, one.name])).toEqual([
    ['smoke', 'Send a short load to every system'],
    ['load', 'Send the load, judge it, compare it with the baselines'],
    ['load', 'Run again what failed'],
    ['slice', "Send this machine's share of the load"],
    ['measure-baselines', 'Measure each baseline five times'],
  ]);
  expect(text.match(/secrets\./g)).toHaveLength(withSecret.length * systems.length);
});

test('every step that sends load has the addresses and keys that the suite reads, and no other', () => {
  const variables = systems.map((system) => targetVariables(system));
  const urls = Object.entries(workflow.env).filter(([name]) => name.endsWith('_URL'));
  expect(Object.fromEntries(urls)).toEqual(
    Object.fromEntries(variables.map(({ url }) => [url, `\${{ vars.${url} }}`])),
  );
  expect(workflow.env['LOAD_ALLOW_HOSTS']).toBe('${{ vars.LOAD_ALLOW_HOSTS }}');
  const keys = variables.map(({ key }) => [key, `\${{ secrets.${key} }}`] as const);
  const loading = steps.filter(({ run }) => /playwright test|load:systems/.test(run ?? ''));
  expect(loading).toHaveLength(5);
  for (const { env = {} } of loading) {
    const own = Object.entries(env).filter(([name]) => name.endsWith('_KEY'));
    expect(own.sort()).toEqual([...keys].sort());
  }
});

test('a checkout leaves its token behind only where something is pushed', () => {
  const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  const keeping = checkouts.filter((one) => one.with?.['persist-credentials'] !== false);
  expect(keeping.map((one) => one.job)).toEqual(['history', 'baselines']);
});

test('issues and history are those of the default branch, and each choice has its jobs', () => {
  expect(workflow.jobs['issue']?.if).toContain(
    "github.event_name == 'schedule' || (github.event_name == 'workflow_dispatch' && " +
      'github.ref_name == github.event.repository.default_branch)',
  );
  expect(workflow.jobs['history']?.if).toContain("github.event_name == 'schedule'");
  const { options } = z
    .object({ inputs: z.object({ scenarios: z.object({ options: z.array(z.string()) }) }) })
    .parse(workflow.on['workflow_dispatch']).inputs.scenarios;
  const chosen = options.map((option) =>
    jobs.filter(([, one]) => one.if.includes(`'${option}'`)).map(([name]) => name),
  );
  expect(Object.fromEntries(options.map((option, i) => [option, chosen[i]]))).toEqual({
    nightly: ['load'],
    long: ['load'],
    sliced: ['start', 'slice', 'verdict'],
    baselines: ['measure-baselines', 'baselines'],
  });
  // Baselines are read from where they are written.
  expect(workflow.env['LOAD_ENVIRONMENT']).toBe("${{ vars.LOAD_ENVIRONMENT || 'github' }}");
  const renamed = [...jobs.map(([, one]) => one), ...steps].filter(({ env = {} }) =>
    Object.hasOwn(env, 'LOAD_ENVIRONMENT'),
  );
  expect(renamed).toEqual([]);
  const paths = steps.flatMap((one) => one.with?.['path'] ?? []).map(String);
  expect(paths.filter((path) => /^baselines\b/.test(path))).toEqual([
    'baselines/${{ env.LOAD_ENVIRONMENT }}/',
  ]);
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
  const left = ['custom', 'pair', 'engine', 'real', 'long', 'soak', 'instrument'];
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
  expect([...new Set(named)].sort()).toEqual(['load:systems', 'regression-issue']);
  expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  const files = [...new Set(runs.flatMap((run) => run.match(/[\w./-]+\.ts\b/g) ?? []))];
  expect(files).toContain('merge.config.ts');
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});

test('what is run is a shell script without an expression in it, every job ends by itself', () => {
  for (const run of runs) {
    execFileSync('bash', ['-n', '-c', run]);
    // GitHub pastes an expression's value into the script, whatever it contains.
    expect(run).not.toContain('${{');
  }
  for (const [, one] of jobs) expect(one['timeout-minutes']).toBeLessThanOrEqual(360);
});
