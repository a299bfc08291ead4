/** Slices and their coordinator, on real sockets. */
import { expect, test as base } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Coordinator } from '../../load/slices/coordinator.ts';
import { SliceLost, SliceSession } from '../../load/slices/slice-session.ts';
import { repository } from '../child-processes.ts';
import { TestAuthority } from './test-certificates.ts';

const secret = 'a secret of the run';

const test = base.extend<{
  coordinator: Coordinator;
  join: (index: number) => Promise<SliceSession>;
}>({
  coordinator: async ({}, use) => {
    const coordinator = await Coordinator.open({ secret });
    await use(coordinator);
    await coordinator.close();
  },
  join: async ({ coordinator }, use) => {
    const request = { coordinator: coordinator.url, secret, runId: 'run', test: 'holds 10 users' };
    await use((index) => SliceSession.open({ ...request, slice: { index, count: 3 } }));
  },
});

test('it listens on loopback, and lets nobody in without the secret', async ({ coordinator }) => {
  expect(coordinator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const slice = { index: 1, count: 2 };
  const request = { coordinator: coordinator.url, secret: 'wrong', runId: 'r', test: 't', slice };
  await expect(SliceSession.open(request)).rejects.toThrow(
    'LOAD_COORDINATOR_SECRET is not that of the coordinator',
  );
  expect((await fetch(`${coordinator.url}/slices`, { method: 'POST' })).status).toBe(401);
});

test('all get one system, one start and the difference of their clocks', async ({ join }) => {
  const sessions = await Promise.all([1, 2, 3].map(join));
  const target = { url: 'http://127.0.0.1:1', kind: 'reference', host: 'here' } as const;
  sessions[0]!.giveTarget(target);
  const targets = await Promise.all(sessions.slice(1).map((one) => one.sharedTarget()));
  expect(targets).toEqual([target, target]);
  const readyAtMs = performance.now();
  const starts = await Promise.all(sessions.map((one) => one.ready(1, 'plan')));
  // The moment of the start by the clock of this test lies between these two.
  const moments = starts.map((startsInMs, i) => {
    const askedAtMs = performance.now();
    const leftMs = startsInMs();
    const errorMs = sessions[i]!.clockOffset.roundTripMs / 2 + 0.1;
    return { fromMs: askedAtMs + leftMs - errorMs, toMs: performance.now() + leftMs + errorMs };
  });
  // Each knows the one moment to within half its round trip. It is a second after they were ready, so
  // that none of them has missed it when it hears of it.
  const [latestFromMs, earliestToMs] = [
    Math.max(...moments.map(({ fromMs }) => fromMs)),
    Math.min(...moments.map(({ toMs }) => toMs)),
  ];
  expect(latestFromMs).toBeLessThanOrEqual(earliestToMs);
  expect(earliestToMs).toBeGreaterThanOrEqual(readyAtMs + 1000);
  for (const { clockOffset } of sessions) {
    // Both have the same clock, so the measured offset is the error.
    expect(Math.abs(clockOffset.offsetMs)).toBeLessThanOrEqual(clockOffset.roundTripMs / 2 + 0.1);
  }
  await Promise.all(sessions.map((one) => one.leave()));
});

test('kill -9 of a slice: the others hear of it, and who', async ({ coordinator, join }) => {
  const sessions = await Promise.all([1, 2].map(join));
  const path = test.info().outputPath('slice.ts');
  const request = { coordinator: coordinator.url, secret, runId: 'run', test: 'holds 10 users' };
  writeFileSync(
    path,
    `import { SliceSession } from '${repository}load/slices/slice-session.ts';
await SliceSession.open(${JSON.stringify({ ...request, slice: { index: 3, count: 3 } })});
process.send('here');
`,
  );
  const child = fork(path, { execArgv: ['--import', 'tsx/esm'] });
  await once(child, 'message');
  const waiting = Promise.all(sessions.map((one) => one.ready(1, 'plan')));
  child.kill('SIGKILL');
  await expect(waiting).rejects.toThrow(`, pid ${child.pid}) was lost: its connection ended`);
  await expect(waiting).rejects.toBeInstanceOf(SliceLost);
  await Promise.all(sessions.map((one) => one.leave()));
});

test('a coordinator that ends keeps nobody waiting', async ({ coordinator, join }) => {
  const session = await join(1);
  const waiting = session.ready(1, 'plan');
  void coordinator.close();
  await expect(waiting).rejects.toThrow(/the coordinator \(.*\) was lost/);
  await session.leave();
});

test('a slice of another run is refused, and the one that is there goes on', async ({
  coordinator,
  join,
}) => {
  const session = await join(1);
  const slice = { index: 2, count: 3 };
  const other = { coordinator: coordinator.url, secret, runId: 'other', test: 't', slice };
  const stranger = await SliceSession.open(other);
  await expect(stranger.ready(1, 'plan')).rejects.toThrow(
    'run other: the coordinator is that of run run',
  );
  expect(session.loss).toBeUndefined();
  await stranger.leave();
});

test('a reason without end reaches the others, cut', async ({ join }) => {
  const [first, second] = await Promise.all([1, 2].map(join));
  const waiting = second!.ready(1, 'plan');
  first!.fail('no space left '.repeat(1000));
  await expect(waiting).rejects.toThrow(/^slice 1 of 3 \(.*\): no space left /);
  expect(second!.loss!.reason.length).toBeLessThanOrEqual(2000);
  await Promise.all([first!.leave(), second!.leave()]);
});

test('that somebody ended the run of one is told to the others as a field', async ({ join }) => {
  const sessions = await Promise.all([1, 2, 3].map(join));
  const lost = sessions.slice(1).map((one) => one.lost());
  expect(sessions.map(({ loss }) => loss)).toEqual([undefined, undefined, undefined]);
  sessions[0]!.fail('Ctrl-C', 'interrupted');
  for (const loss of await Promise.all(lost)) {
    expect(loss).toMatchObject({ kind: 'interrupted', slices: [1] });
    expect(loss.reason).toMatch(/^slice 1 of 3 \(.*\): Ctrl-C$/);
  }
  await Promise.all(sessions.map((one) => one.leave()));
});

test('when all slices have left they may come once more', async ({ join }) => {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const sessions = await Promise.all([1, 2, 3].map(join));
    await Promise.all(sessions.map((one) => one.ready(1, 'plan')));
    await Promise.all(sessions.map((one) => one.leave()));
  }
});

test('over TLS they meet as well, where the certificate is known to be right', async () => {
  const authority = new TestAuthority();
  const certificate = authority.issue('DNS:localhost,IP:127.0.0.1');
  const coordinator = await Coordinator.open({ secret, certificate });
  expect(coordinator.url).toMatch(/^https:/);
  const slice = { index: 1, count: 1 };
  const request = { coordinator: coordinator.url, secret, runId: 'run', test: 't', slice };
  await expect(SliceSession.open({ ...request, patienceMs: 1 })).rejects.toThrow(
    /is not there: .*certificate/,
  );
  const path = test.info().outputPath('slice.ts');
  writeFileSync(
    path,
    `import { SliceSession } from '${repository}load/slices/slice-session.ts';
const session = await SliceSession.open(${JSON.stringify(request)});
process.send((await session.ready(1, 'plan'))());
await session.leave();
`,
  );
  const ca = test.info().outputPath('ca.pem');
  writeFileSync(ca, authority.ca);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
  const child = fork(path, { execArgv: ['--import', 'tsx/esm'], env });
  const ended = await Promise.all([once(child, 'message'), once(child, 'exit')]);
  expect(ended).toEqual([
    [expect.any(Number), undefined],
    [0, null],
  ]);
  await coordinator.close();
  authority.remove();
});

test('a coordinator that is not there is named', async () => {
  const slice = { index: 1, count: 2 };
  const request = { secret, runId: 'r', test: 't', slice, patienceMs: 1000 };
  const coordinator = 'http://127.0.0.1:9';
  await expect(SliceSession.open({ ...request, coordinator })).rejects.toThrow(
    `the coordinator (${coordinator}) is not there: `,
  );
});
