import { expect } from '@playwright/test';
import { fault } from '../../faults/fault-matrix.ts';
import { made, slowChat } from '../baselines/make-comparison.ts';
import { repository, token } from './github-server.ts';
import { comparisonOf, test } from './issue-command.ts';

const fastChat = { ...slowChat, verdict: 'pass', observed: 207 } as const;

test(
  'a regression has one issue: opened, followed by later runs, closed when it is gone',
  { annotation: fault(37) },
  async ({ github }) => {
    const [first, rerun] = [
      comparisonOf('run-1', [slowChat, made()]),
      comparisonOf('run-2', [slowChat]),
    ];
    const opened = await github.inOwnProcess([first, '--confirmed-by', rerun]);
    const url = `https://github.example/${repository}/issues/1`;
    expect(opened).toEqual({
      code: 0,
      stderr: '',
      stdout: `opened ${url}: chat in api-gateway-baseline-1-user\n`,
    });
    expect(github.server.issues).toHaveLength(1);
    expect(github.server.issues[0]).toMatchObject({
      title: 'chat in api-gateway-baseline-1-user: p95 205 ms → 413 ms, critical',
      labels: ['load-regression', 'severity: critical'],
    });

    const twice = await github.command([first, '--confirmed-by', rerun]);
    expect(twice.stdout).toBe(`left ${url} as it is: it tells of this run\n`);
    const later = await github.command([comparisonOf('run-3', [slowChat])]);
    expect(later.stdout).toBe(
      `commented on ${url}: chat in api-gateway-baseline-1-user is still there\n`,
    );
    // The command may be given again, for a later run too.
    const again = await github.command([comparisonOf('run-3', [slowChat])]);
    expect(again.stdout).toBe(`left ${url} as it is: it tells of this run\n`);
    const drifting = { ...slowChat, verdict: 'saturated' } as const;
    await github.command([comparisonOf('run-3b', [drifting])]);
    expect(github.server.issues[0]?.labels).toEqual(['load-regression', 'severity: saturated']);
    const unsure = await github.command([
      comparisonOf('run-4', [{ ...slowChat, verdict: 'inconclusive' }]),
    ]);
    expect(unsure.stdout).toContain(`left ${url} as it is: `);
    expect(github.server.issues[0]).toMatchObject({
      state: 'open',
      comments: [expect.stringContaining('run-3'), expect.stringContaining('run-3b')],
    });

    const gone = await github.command([comparisonOf('run-5', [fastChat])]);
    expect(gone.stdout).toBe(`closed ${url}: chat in api-gateway-baseline-1-user is gone\n`);
    expect(github.server.issues).toHaveLength(1);
    expect(github.server.issues[0]).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(github.server.issues[0]?.comments[2]).toMatch(/^Gone in run run-5/);

    await github.command([
      comparisonOf('run-6', [slowChat]),
      '--confirmed-by',
      comparisonOf('run-7', [slowChat]),
    ]);
    expect(github.server.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  },
);

test('what no rerun has confirmed opens nothing, and is named', async ({ github }) => {
  const outcome = await github.command([
    comparisonOf('run-1', [slowChat]),
    '--confirmed-by',
    comparisonOf('run-2', [fastChat]),
  ]);
  expect(outcome).toEqual({
    code: 0,
    stderr: '',
    stdout: 'not confirmed by a rerun: chat in api-gateway-baseline-1-user\n',
  });
  expect(github.server.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
});

test('an issue is found on a later page, and no pull request is taken for one', async ({
  github,
}) => {
  const first = comparisonOf('run-1', [slowChat]);
  const again = ['--confirmed-by', comparisonOf('run-2', [slowChat])];
  await github.command([first, ...again]);
  const body = github.server.issues[0]?.body ?? 'none';
  github.server.issues.length = 0;
  github.server.add({ body, isPull: true });
  for (let i = 0; i < 120; i++) github.server.add({ body: 'another' });
  github.server.add({ body });
  const { stdout } = await github.command([comparisonOf('run-3', [slowChat])]);
  expect(stdout).toContain('/issues/122: ');
  expect(github.server.calls.filter((call) => call.includes('page=2'))).toHaveLength(1);
});

test('the comparisons of several machines are one run', async ({ github }) => {
  const run = { runId: 'run-1' };
  const other = { ...slowChat, test: 'rag-service-baseline-1-user' };
  const again = comparisonOf('run-2', [slowChat, other]);
  const [a, b] = [comparisonOf('a', [slowChat], run), comparisonOf('b', [other], run)];
  const { code } = await github.command([a, b, '--confirmed-by', again]);
  expect({ code, opened: github.server.issues.length }).toEqual({ code: 0, opened: 2 });
});

test('a dry run prints the issue, needs no token and sends nothing', async ({ github }) => {
  const words = [
    comparisonOf('run-1', [slowChat]),
    '--confirmed-by',
    comparisonOf('run-2', [slowChat]),
    '--dry-run',
  ];
  const { code, stdout } = await github.command(words, { GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' });
  expect(code).toBe(0);
  expect(stdout).toContain(
    'title: chat in api-gateway-baseline-1-user: p95 205 ms → 413 ms, critical\n',
  );
  expect(stdout).toContain('labels: load-regression, severity: critical\n');
  expect(stdout).toMatch(/\n1 issue would be opened, unless .*; nothing was sent\n$/);
  expect(github.server.calls).toEqual([]);
});

test('what it lacks, it says, without a word of the token', async ({ github }) => {
  const first = comparisonOf('run-1', [slowChat]);
  const elsewhere = comparisonOf('run-9', [slowChat], { environment: 'local' });
  const [none, missing, repo, plain, same, other] = await Promise.all([
    github.command([]),
    github.command([first], { GITHUB_TOKEN: '' }),
    github.command([first], { GITHUB_REPOSITORY: 'shop' }),
    github.command([first], { GITHUB_API_URL: 'http://github.example' }),
    github.command([first, '--confirmed-by', first]),
    github.command([first, '--confirmed-by', elsewhere]),
  ]);
  const outcomes = [none, missing, repo, plain, same, other];
  expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(none.stderr).toMatch(/^takes a comparison\.json\n/);
  expect(missing.stderr).toBe('GITHUB_TOKEN: accepted is a token');
  expect(repo.stderr).toBe('GITHUB_REPOSITORY: accepted is owner/name');
  expect(plain.stderr).toMatch(/^GITHUB_API_URL: accepted is an https address/);
  expect(same.stderr).toContain('is of the same run as');
  expect(other.stderr).toContain('environment is "local", and "ci" in');
  expect(outcomes.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(token);
  expect(github.server.calls).toEqual([]);
});
