/**
 * Services that answer fast and wrong: no run is green, no such answer counts as ok, and each is named.
 * If the first answer is wrong, preflight stops the load; later, the verdict does.
 */
import { expect, test } from '@playwright/test';
import pLimit from 'p-limit';
import type { Outcome } from '../../load/metrics/outcome.ts';
import { outcomesIn } from '../../load/report/text/outcomes.ts';
import type { RealOutcome } from '../instrument/real-load.ts';
import { relayed, rows, type Row } from './false-green-rows.ts';
import { fault } from './fault-matrix.ts';
import { noStatus } from './stdio-trap.ts';
import { trapAtOnce, trapLater } from './trapped.ts';
import { defined } from '../../load/platform/defined.ts';

type Run = ReturnType<typeof trapLater>;

/** Each mostly waits for processes and deadlines, so several run in parallel. */
const ahead = 3;
const few = pLimit(ahead);
const runs = new Map<Row, Run>();

function runOf(row: Row): Run {
  const at = rows.indexOf(row);
  for (const one of rows.slice(at, at + ahead)) {
    if (runs.has(one)) continue;
    const run = few(() => trapLater(one));
    run.catch(() => undefined);
    runs.set(one, run);
  }
  return runs.get(row)!;
}

test.afterAll(async () => {
  await Promise.allSettled(runs.values());
  for (const service of Object.values(relayed)) await service.stop();
});

for (const one of rows) {
  test(`${one.what}: preflight names it, and no load is sent`, async () => {
    const always = one.always && { ...one, faults: one.always };
    const { again } = await runOf(one);
    const { complaints, answered } = always ? await trapAtOnce(always) : again;
    for (const complaint of complaints) {
      expect(complaint).toContain(
        `Preflight: task "${one.system.task}" ended ${one.outcome} (${one.kind})`,
      );
      expect(complaint).toMatch(whereOf(one));
      expect(complaint).toContain(one.says);
    }
    expect(complaints).toHaveLength(one.system.users.length);
    // A 5xx or a timeout is tried three more times.
    const tries = one.status >= 500 || one.outcome === 'timeout' ? 4 : 1;
    const users = one.system.users.length;
    const { [one.status]: count = 0, ...others } = answered;
    expect(others).toEqual({});
    // The service counts an endless answer when the connection is closed, possibly after this.
    const uncounted = one.outcome === 'timeout' ? users : 0;
    expect(count).toBeLessThanOrEqual(tries * users);
    expect(count).toBeGreaterThanOrEqual(tries * users - uncounted);
  });

  test(
    `${one.what}, after preflight: ${one.outcome} (${one.kind}), and red`,
    { annotation: one.status === 200 ? [fault(20)] : [] },
    async () => {
      const { loads, outcomes, answered } = await runOf(one);
      for (const load of loads) expectRed(one, load);
      // Every wrong answer by the service's own count, and no other, has this outcome.
      const { ok = 0, [one.outcome]: struck = 0, ...others } = outcomes as Record<string, number>;
      expect(others).toEqual({});
      const good = defined({ 200: one.always === undefined ? undefined : ok });
      expect(answered).toEqual({ ...good, [one.status]: struck });
      if (one.always === undefined) expect(ok).toBe(0);
    },
  );
}

/** As preflight names it. */
function whereOf({ status }: Row): RegExp {
  if (status === noStatus) return /\n {2}stdio:\/\/localhost\/\S+\n/;
  return new RegExp(`(GET|POST) http://\\S+ → ${status}\\n`);
}

const budgetOf: Partial<Record<Outcome, string>> = {
  throttled: 'throttledRate',
  degraded: 'degradedRate',
};

/** Kinds that a late machine may have caused: by a bunch of requests, or by a deadline or clock that it met late. */
const ofLateness = /^(throttled|degraded|reset|truncated|timeout|task|status 50[234])$/;

function expectRed({ outcome, kind, says }: Row, { result, verdict, text }: RealOutcome): void {
  expect(verdict.verdict, text).not.toBe('pass');
  // Whatever else is reported, this is the reason for red.
  const budget = budgetOf[outcome] ?? 'errorRate';
  const judgement = verdict.judgements.find(({ name }) => name === budget);
  const isDoubtful = ofLateness.test(kind) && verdict.lateness.p99Ms > 2;
  expect(isDoubtful ? ['fail', 'undecided'] : ['fail'], text).toContain(judgement?.status);
  expect(text).toMatch(new RegExp(`^${kind} +\\d+ `, 'm'));
  const samples = outcomesIn(result).errors.map(({ sample }) => sample);
  expect(samples.join('\n')).toContain(says);
}
