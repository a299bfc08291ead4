/**
 * No request is lost or invented: every scheduled request has one outcome, and the server's own count
 * agrees.
 */
import { expect, test } from '@playwright/test';
import type { LoadRun } from '../../load/run/load-run.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { fault } from '../faults/fault-matrix.ts';
import { withServer, withServers } from '../instrument/local-server.ts';
import {
  allOutcomes,
  askingUser,
  runForReal,
  sumOfOutcomes,
  type RealOutcome,
} from '../instrument/real-load.ts';
import type { ServerReport, ServerScript } from '../instrument/scripted-server.ts';

interface Account extends RealOutcome {
  readonly server: ServerReport;
}

/** 25/s for 6 s against each server at once. */
function slowLoads(
  rows: readonly (readonly [ServerScript, during: (run: LoadRun) => void])[],
): Promise<Account[]> {
  return withServers(
    rows.map(([script]) => script),
    (servers) =>
      Promise.all(
        servers.map(async (server, i) => {
          const workload = arrivals({ rate: '25/s', duration: '6s' });
          // No answer can come at first, which a limit below the answers' time would call a stall.
          const budgets = { p95: '< 10 s' } as const;
          const user = askingUser({ deadline: '5s' });
          const load = { url: server.url, workload, user, budgets, during: rows[i]![1] };
          const outcome = await runForReal(load);
          return { ...outcome, server: await server.report() };
        }),
      ),
  );
}

function interruptAt(ms: number, then: (run: LoadRun) => void = () => undefined) {
  return (run: LoadRun): void => {
    setTimeout(() => {
      run.stop({ cause: 'interrupted', detail: 'Ctrl-C' });
      then(run);
    }, ms);
  };
}

function expectConserved({ result, verdict, server }: Account): void {
  expect(sumOfOutcomes(result)).toBe(result.scheduled);
  expect(result.end?.scheduled).toBe(result.scheduled);
  expect(result.sent).toBe(server.received);
  expect(result.end?.sent).toBe(server.received);
  expect(verdict.invalid.filter(({ rule }) => rule === 'accounting')).toEqual([]);
}

/** An arrival that was due just before the end; a busy machine has some. */
function unsent({ result }: Account): { interrupted?: number } {
  const interrupted = result.scheduled - result.sent;
  return interrupted === 0 ? {} : { interrupted };
}

test('slow answers: to the end, interrupted, cut off, and with requests that hang', async () => {
  const slow: ServerScript = { answerAfterMs: 1600 };
  const thenCut = (run: LoadRun): void => {
    setTimeout(() => {
      run.cut();
    }, 400);
  };
  const accounts = await slowLoads([
    [slow, () => undefined],
    [slow, interruptAt(3000)],
    [slow, interruptAt(3000, thenCut)],
    [{ ...slow, hangs: 10 }, interruptAt(3000)],
  ]);
  for (const account of accounts) expectConserved(account);
  const [whole, interrupted, cut, hung] = accounts as [Account, Account, Account, Account];

  // 6 s at 25/s, every one answered within its deadline.
  expect(allOutcomes(whole.result)).toEqual({ ok: 150 });
  // The requests in flight at the interrupt were answered in the drain.
  expect(allOutcomes(interrupted.result)).toEqual({
    ok: interrupted.server.received,
    ...unsent(interrupted),
  });
  expect(interrupted.result.scheduled).toBeLessThan(150);
  expect(interrupted.verdict.interrupted).toBe(true);
  expect(interrupted.verdict.verdict, interrupted.text).not.toMatch(/^(pass|fail)$/);
  // A second interrupt ends the drain; the remaining requests are `interrupted`.
  const { ok = 0, interrupted: lost = 0 } = allOutcomes(cut.result);
  expect(lost).toBeGreaterThan(0);
  expect(ok + lost).toBe(cut.result.scheduled);
  expect(allOutcomes(hung.result)).toEqual({
    ok: hung.server.received - 10,
    timeout: 10,
    ...unsent(hung),
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
