/**
 * No request is lost or invented: every scheduled request has one outcome, and the server's own count
 * agrees.
 */
import { expect, test } from '@playwright/test';
import type { DurationText } from '../../load/platform/duration.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { fault } from '../faults/fault-matrix.ts';
import { withServer, withServers, type LocalServer } from '../instrument/local-server.ts';
import {
  allOutcomes,
  askingUser,
  runForReal,
  sumOfOutcomes,
  unsentIn,
  type RealOutcome,
} from '../instrument/real-load.ts';
import type { ServerReport, ServerScript } from '../instrument/scripted-server.ts';
import { sleep } from './client-harness.ts';

interface Account extends RealOutcome {
  readonly server: ServerReport;
}

interface SlowLoad {
  readonly script: ServerScript;
  readonly duration: DurationText;
  readonly deadline: DurationText;
  readonly during?: (run: LoadRun, server: LocalServer) => Promise<unknown>;
}

/** 25/s against each server at once. */
function slowLoads(rows: readonly SlowLoad[]): Promise<Account[]> {
  return withServers(
    rows.map(({ script }) => script),
    (servers) =>
      Promise.all(
        servers.map(async (server, i) => {
          const { duration, deadline, during } = rows[i]!;
          const workload = arrivals({ rate: '25/s', duration });
          // No answer can come at first, which a limit below the answers' time would call a stall.
          const budgets = { p95: '< 10 s' } as const;
          const user = askingUser({ deadline });
          let acted: Promise<unknown> | undefined;
          const outcome = await runForReal({
            url: server.url,
            workload,
            user,
            budgets,
            // It ends as planned, however few samples there are.
            shortened: true,
            during: (run) => {
              acted = during?.(run, server);
            },
          });
          await acted;
          return { ...outcome, server: await server.report() };
        }),
      ),
  );
}

/** Resolves with the server's report, when it shows what is waited for. */
async function untilSeen(
  server: LocalServer,
  isShown: (report: ServerReport) => boolean,
): Promise<ServerReport> {
  for (;;) {
    const report = await server.report();
    if (isShown(report)) return report;
    await sleep(20);
  }
}

const half = 75;
const hangs = 10;

/** Ends the load while answers are still due. Resolves with how many there were before. */
async function interruptAtHalf(run: LoadRun, server: LocalServer): Promise<number> {
  const { durationsMs: answers } = await untilSeen(
    server,
    ({ received, durationsMs }) => received >= half && received - hangs > durationsMs.length,
  );
  run.stop({ cause: 'interrupted', detail: 'Ctrl-C' });
  return answers.length;
}

/** A second interrupt, while the drain goes on. */
async function cutInDrain(run: LoadRun, server: LocalServer): Promise<void> {
  const before = await interruptAtHalf(run, server);
  await untilSeen(server, ({ durationsMs }) => durationsMs.length > before);
  run.cut();
}

function expectConserved({ result, verdict, server }: Account): void {
  expect(sumOfOutcomes(result)).toBe(result.scheduled);
  expect(result.end?.scheduled).toBe(result.scheduled);
  expect(result.sent).toBe(server.received);
  expect(result.end?.sent).toBe(server.received);
  expect(verdict.invalid.filter(({ rule }) => rule === 'accounting')).toEqual([]);
}

test('slow answers: to the end, interrupted, cut off, and with requests that hang', async () => {
  const slow: ServerScript = { answerAfterMs: 1600 };
  const hanging: ServerScript = { ...slow, hangs };
  const [duration, deadline] = ['60s', '60s'] as const;
  const accounts = await slowLoads([
    { script: slow, duration: '6s', deadline },
    { script: slow, duration, deadline, during: interruptAtHalf },
    { script: hanging, duration, deadline, during: cutInDrain },
    { script: hanging, duration, deadline: '7s', during: interruptAtHalf },
  ]);
  for (const account of accounts) expectConserved(account);
  const [whole, interrupted, cut, hung] = accounts as [Account, Account, Account, Account];

  // 6 s at 25/s, every one answered within its deadline.
  expect(whole.result.scheduled).toBe(2 * half);
  expect(allOutcomes(whole.result)).toEqual({
    ok: whole.server.received,
    ...unsentIn(whole.result),
  });
  // The requests in flight at the interrupt were answered in the drain.
  expect(allOutcomes(interrupted.result)).toEqual({
    ok: interrupted.server.received,
    ...unsentIn(interrupted.result),
  });
  expect(interrupted.result.scheduled).toBeLessThan(60 * 25);
  expect(interrupted.verdict.interrupted).toBe(true);
  expect(interrupted.verdict.verdict, interrupted.text).not.toMatch(/^(pass|fail)$/);
  // A second interrupt ends the drain; the remaining requests, those that hang among them, are
  // `interrupted`.
  const { ok = 0, interrupted: lost = 0 } = allOutcomes(cut.result);
  expect(lost).toBeGreaterThanOrEqual(hangs);
  expect(ok).toBeGreaterThan(0);
  expect(ok + lost).toBe(cut.result.scheduled);
  expect(allOutcomes(hung.result)).toEqual({
    ok: hung.server.received - hangs,
    timeout: hangs,
    ...unsentIn(hung.result),
  });
});

test(
  'a pool of users that runs out: arrivals wait, then are dropped, and the budget fails',
  { annotation: fault(11) },
  async () => {
    const outcome = await withServer({ answerAfterMs: 1000 }, async (server) => {
      // 2 users answer 2/s of the 20/s that come: 10 wait, the rest finds no room.
      const workload = arrivals({ rate: '20/s', duration: '3s', maxUsers: 2, maxBacklog: 10 });
      const load = await runForReal({ url: server.url, workload });
      return { ...load, server: await server.report() };
    });
    expectConserved(outcome);
    const { ok = 0, dropped = 0, interrupted = 0 } = allOutcomes(outcome.result);
    expect(outcome.result.scheduled).toBe(60);
    expect(ok).toBe(outcome.server.received);
    expect(ok + dropped + interrupted).toBe(60);
    expect(dropped).toBeGreaterThan(30);
    expect(outcome.verdict.verdict, outcome.text).toBe('fail');
    expect(outcome.text).toMatch(/FAIL +droppedIterations/);
  },
);
