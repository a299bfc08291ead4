import { expect } from '@playwright/test';
import { fault } from '../../faults/fault-matrix.ts';
import { slowChat } from '../baselines/make-comparison.ts';
import { sendJson, token, type Fault } from './github-server.ts';
import { comparisonOf, test } from './issue-command.ts';

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
    /the request was refused \(422: title is too long, \[token\]/,
  ],
  ['500', answering(500, 'oops'), /the server failed \(500: oops\); run the same command again/],
  [
    'a page in place of JSON',
    (_, response) => (response.end('<html>'), true),
    /does not answer as GitHub does/,
  ],
  ['a redirect', redirecting, /can't be reached: .*redirect/],
  ['a hang-up', hangUp, /can't be reached/],
];

for (const [what, answer, message] of faults) {
  test(
    `${what}: a clear message, exit code 1, and no token anywhere`,
    { annotation: fault(37) },
    async ({ github }) => {
      github.server.fault = answer;
      const words = [
        comparisonOf('run-1', [slowChat]),
        '--confirmed-by',
        comparisonOf('run-2', [slowChat]),
      ];
      // The first as a user gives it: exit code and all that is printed.
      const run = what === '401' ? github.inOwnProcess : github.command;
      const { code, stdout, stderr } = await run(words);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^can't (open an issue|list the issues) of acme\/shop: /);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stdout + stderr).not.toContain(token);
      expect(github.server.issues).toEqual([]);
    },
  );
}
