/** A server that turns bad after preflight: failing fast does not look fast, and the moment is named. */
import { expect, test } from '@playwright/test';
import { momentText } from '../../load/metrics/figure-text.ts';
import { outcomesIn } from '../../load/report/text/outcomes.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { fault } from '../faults/fault-matrix.ts';
import { withServers } from '../instrument/local-server.ts';
import { runForReal } from '../instrument/real-load.ts';
import type { BadAnswer } from '../instrument/scripted-server.ts';

const rows: readonly (readonly [BadAnswer, outcome: string, kind: string, failing: string])[] = [
  [503, 'failed', 'status 503', 'errorRate'],
  [429, 'throttled', 'throttled', 'throttledRate'],
  [401, 'failed', 'status 401', 'errorRate'],
  ['html', 'invalid', 'contentType', 'errorRate'],
];

test(
  '20 good answers, then 503, 429, 401 or HTML on everything: red, with the moment',
  { annotation: fault(42) },
  async () => {
    const scripts = rows.map(([into]) => ({ answerAfterMs: 5, turnsBad: { after: 20, into } }));
    // The 21st request, the first that fails, is due at 2.5 s.
    const workload = arrivals({ rate: '8/s', duration: '5s' });
    const budgets = { p75: '< 1 s' } as const;
    const outcomes = await withServers(scripts, (servers) =>
      Promise.all(servers.map(({ url }) => runForReal({ url, workload, budgets }))),
    );
    for (const [i, [into, outcome, kind, failing]] of rows.entries()) {
      const { result, verdict, text } = outcomes[i]!;
      await test.step(String(into), () => {
        const row = (of: string) => verdict.judgements.find(({ name }) => name === of);
        // If this machine was late, refused requests may have been sent in a burst, so the row is
        // undecided, and says so.
        const { status, doubt } = row(failing)!;
        const mayBeLate = (into === 503 || into === 429) && verdict.lateness.longestMs > 4;
        expect(mayBeLate ? [undefined, 'late'] : [undefined], text).toContain(doubt?.cause);
        expect(status, text).toBe(doubt === undefined ? 'fail' : 'undecided');
        expect(verdict.verdict, text).not.toBe('pass');
        // Half of the answers were fast and bad, and p75 does not include them.
        expect(row('p75')?.value).toBe(Infinity);
        expect(row('p75')?.status).not.toBe('pass');
        // An arrival that was due as the load ended may be late on a busy machine, and not sent.
        const bad = result.sent - 20;
        expect(result.scheduled).toBe(40);
        expect(result.series).toMatchObject([{ outcomes: { ok: 20, [outcome]: bad } }]);
        const { firstMs, lastMs } = outcomesIn(result).errors[0]!;
        expect(firstMs).toBeGreaterThanOrEqual(2500);
        const moments = `${momentText(firstMs)} +${momentText(lastMs)}`;
        expect(text).toMatch(new RegExp(`^${kind} +${bad} +${moments} `, 'm'));
      });
    }
  },
);
