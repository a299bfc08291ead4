import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { comparisonText } from '../../../load/baselines/comparison-file.ts';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { outerEnvironment, repository as root } from '../../child-processes.ts';
import { made, madeRun, slowChat } from '../baselines/make-comparison.ts';
import { writeText } from '../baselines/plain-files.ts';
import { GithubServer, repository, sendJson, token, type Fault } from './github-server.ts';

const cli = join(root, 'load/regression-issue/cli.ts');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let server: GithubServer;

test.beforeEach(async () => {
  server = await GithubServer.start();
});

test.afterEach(async () => {
  await server.stop();
});

function command(words: readonly string[], more: Record<string, string> = {}): Promise<Outcome> {
  const github = { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: server.url };
  const env = { ...outerEnvironment(), ...github, GITHUB_RUN_ID: '', ...more };
  return new Promise((resolve) => {
    const node = ['--import', 'tsx/esm', cli];
    execFile(process.execPath, [...node, ...words], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

function file(runId: string, comparisons: readonly MetricComparison[], more = {}): string {
  const text = comparisonText(madeRun(comparisons, { runId, ...more }));
  return writeText(test.info().outputPath(`${runId}.json`), text);
}

const fastChat = { ...slowChat, verdict: 'pass', observed: 207 } as const;

test('a regression has one issue: opened, followed by later runs, closed when it is gone', async () => {
  const [first, rerun] = [file('run-1', [slowChat, made()]), file('run-2', [slowChat])];
  const opened = await command([first, '--confirmed-by', rerun]);
  const url = `https://github.example/${repository}/issues/1`;
  expect(opened).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: `opened ${url}: chat in api-gateway-baseline-1-user\n`,
  });
  expect(server.issues).toHaveLength(1);
  expect(server.issues[0]).toMatchObject({
    title: 'chat in api-gateway-baseline-1-user: p95 205 ms → 413 ms, critical',
    labels: ['load-regression', 'severity: critical'],
  });

  const twice = await command([first, '--confirmed-by', rerun]);
  expect(twice.stdout).toBe(`left ${url} as it is: it tells of this run\n`);
  const later = await command([file('run-3', [slowChat])]);
  expect(later.stdout).toBe(
    `commented on ${url}: chat in api-gateway-baseline-1-user is still there\n`,
  );
  // The command may be given again, for a later run too.
  const again = await command([file('run-3', [slowChat])]);
  expect(again.stdout).toBe(`left ${url} as it is: it tells of this run\n`);
  const drifting = { ...slowChat, verdict: 'saturated' } as const;
  await command([file('run-3b', [drifting])]);
  expect(server.issues[0]?.labels).toEqual(['load-regression', 'severity: saturated']);
  const unsure = await command([file('run-4', [{ ...slowChat, verdict: 'inconclusive' }])]);
  expect(unsure.stdout).toContain(`left ${url} as it is: `);
  expect(server.issues[0]).toMatchObject({
    state: 'open',
    comments: [expect.stringContaining('run-3'), expect.stringContaining('run-3b')],
  });

  const gone = await command([file('run-5', [fastChat])]);
  expect(gone.stdout).toBe(`closed ${url}: chat in api-gateway-baseline-1-user is gone\n`);
  expect(server.issues).toHaveLength(1);
  expect(server.issues[0]).toMatchObject({ state: 'closed', state_reason: 'completed' });
  expect(server.issues[0]?.comments[2]).toMatch(/^Gone in run run-5/);

  await command([file('run-6', [slowChat]), '--confirmed-by', file('run-7', [slowChat])]);
  expect(server.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('what no rerun has confirmed opens nothing, and is named', async () => {
  const outcome = await command([
    file('run-1', [slowChat]),
    '--confirmed-by',
    file('run-2', [fastChat]),
  ]);
  expect(outcome).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: 'not confirmed by a rerun: chat in api-gateway-baseline-1-user\n',
  });
  expect(server.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
});

test('an issue is found on a later page, and no pull request is taken for one', async () => {
  const first = file('run-1', [slowChat]);
  const again = ['--confirmed-by', file('run-2', [slowChat])];
  await command([first, ...again]);
  const body = server.issues[0]?.body ?? 'none';
  server.issues.length = 0;
  server.add({ body, isPull: true });
  for (let i = 0; i < 120; i++) server.add({ body: 'another' });
  server.add({ body });
  const { stdout } = await command([file('run-3', [slowChat])]);
  expect(stdout).toContain('/issues/122: ');
  expect(server.calls.filter((call) => call.includes('page=2'))).toHaveLength(1);
});

test('the comparisons of several machines are one run', async () => {
  const run = { runId: 'run-1' };
  const other = { ...slowChat, test: 'rag-service-baseline-1-user' };
  const again = file('run-2', [slowChat, other]);
  const [a, b] = [file('a', [slowChat], run), file('b', [other], run)];
  const { code } = await command([a, b, '--confirmed-by', again]);
  expect({ code, opened: server.issues.length }).toEqual({ code: 0, opened: 2 });
});

test('a dry run prints the issue, needs no token and sends nothing', async () => {
  const words = [
    file('run-1', [slowChat]),
    '--confirmed-by',
    file('run-2', [slowChat]),
    '--dry-run',
  ];
  const { code, stdout } = await command(words, { GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' });
  expect(code).toBe(0);
  expect(stdout).toContain(
    'title: chat in api-gateway-baseline-1-user: p95 205 ms → 413 ms, critical\n',
  );
  expect(stdout).toContain('labels: load-regression, severity: critical\n');
  expect(stdout).toMatch(/\n1 issue would be opened, unless .*: nothing was sent\n$/);
  expect(server.calls).toEqual([]);
});

/** To what would look like success. */
const redirecting: Fault = (call, response) => {
  if (call.endsWith(' /elsewhere')) sendJson(response, 200, []);
  else response.writeHead(301, { location: '/elsewhere' }).end();
  return true;
};

const hangUp: Fault = (_, response) => {
  response.destroy();
  return true;
};

function answering(status: number, message: string, headers: Record<string, string> = {}): Fault {
  return (call, response) => {
    if (!call.startsWith('POST')) return false;
    sendJson(response, status, { message }, headers);
    return true;
  };
}

const faults: readonly [string, Fault, RegExp][] = [
  [
    '401',
    answering(401, 'Bad credentials'),
    /the token is not accepted \(401: Bad cred.*GITHUB_TOKEN/,
  ],
  ['403', answering(403, 'Resource not accessible'), /needs the permission "issues: write"/],
  [
    '403 with retry-after',
    answering(403, 'secondary rate limit', { 'retry-after': '60' }),
    /the rate is limited \(403: .*try again in 60 s/,
  ],
  [
    '403 at the hourly limit',
    answering(403, 'API rate limit', {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1772330400',
    }),
    /try again after 2026-03-01T02:00:00\.000Z/,
  ],
  ['429', answering(429, 'slow down'), /the rate is limited \(429: slow down\); try again later/],
  [
    '404',
    answering(404, 'Not Found'),
    /no such repository, or the token can't see it.*GITHUB_REPOSITORY/,
  ],
  ['410', answering(410, 'Issues are disabled'), /issues are switched off there/],
  [
    '422',
    answering(422, `title is too long, ${token}`),
    /what was sent is refused \(422: title is too long, \[token\]/,
  ],
  [
    '500',
    answering(500, 'oops'),
    /a fault of the server \(500: oops\); run the same command again/,
  ],
  [
    'a page in place of JSON',
    (_, response) => (response.end('<html>'), true),
    /does not answer as GitHub does/,
  ],
  ['a redirect', redirecting, /can't be reached: .*redirect/],
  ['a hang-up', hangUp, /can't be reached/],
];

for (const [what, fault, message] of faults) {
  test(`${what}: a clear message, exit code 1, and no token anywhere`, async () => {
    server.fault = fault;
    const words = [file('run-1', [slowChat]), '--confirmed-by', file('run-2', [slowChat])];
    const { code, stdout, stderr } = await command(words);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^can't (open an issue|list the issues) of acme\/shop: /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toContain(token);
    expect(server.issues).toEqual([]);
  });
}

test('what it lacks, it says, without a word of the token', async () => {
  const first = file('run-1', [slowChat]);
  const elsewhere = file('run-9', [slowChat], { environment: 'local' });
  const [none, missing, repo, plain, same, other] = await Promise.all([
    command([]),
    command([first], { GITHUB_TOKEN: '' }),
    command([first], { GITHUB_REPOSITORY: 'shop' }),
    command([first], { GITHUB_API_URL: 'http://github.example' }),
    command([first, '--confirmed-by', first]),
    command([first, '--confirmed-by', elsewhere]),
  ]);
  const outcomes = [none, missing, repo, plain, same, other];
  expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(none.stderr).toMatch(/^takes a comparison\.json\n/);
  expect(missing.stderr).toBe('GITHUB_TOKEN: accepted is a token\n');
  expect(repo.stderr).toBe('GITHUB_REPOSITORY: accepted is owner/name\n');
  expect(plain.stderr).toMatch(/^GITHUB_API_URL: accepted is an https address/);
  expect(same.stderr).toContain('is of the same run as');
  expect(other.stderr).toContain('environment is "local", and "ci" in');
  expect(outcomes.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(token);
  expect(server.calls).toEqual([]);
});
