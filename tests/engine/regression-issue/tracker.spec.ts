import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { githubTracker } from '../../../load/regression-issue/tracker.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { GithubServer, repository, token } from './github-server.ts';
import { VirtualClock } from '../virtual-clock.ts';

test('a server that never answers is given up after 30 s', { annotation: fault(37) }, async () => {
  const server = await GithubServer.start();
  const clock = new VirtualClock();
  const asked = new EventTarget();
  server.fault = () => asked.dispatchEvent(new Event('asked'));
  const permission = 'issues: write' as const;
  const limit = { clock, timeoutMs: 30_000 };
  const settings = { apiUrl: server.url, repository, token, permission, ...limit };
  const called = once(asked, 'asked');
  const answer = githubTracker(settings).openIssues();
  const said = answer.catch((error: unknown) => String(error));
  await called;
  await clock.run(29_999);
  expect(await Promise.race([said, clock.turn().then(() => 'still waiting')])).toBe(
    'still waiting',
  );
  await clock.run(30_000);
  expect(await said).toBe("Error: can't list the issues of acme/shop: no answer within 30 s");
  await server.stop();
});

test('an answer in time leaves no timer behind', async () => {
  const server = await GithubServer.start();
  const clock = new VirtualClock();
  const permission = 'issues: write' as const;
  const limit = { clock, timeoutMs: 30_000 };
  const settings = { apiUrl: server.url, repository, token, permission, ...limit };
  expect(await githubTracker(settings).openIssues()).toEqual([]);
  await clock.run();
  expect(clock.now()).toBe(0);
  await server.stop();
});
