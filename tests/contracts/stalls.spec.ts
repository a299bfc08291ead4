/**
 * A closed model is blind to an outage: each waiting user has one slow sample. `longestStall` sees it. The
 * judgements are looked at, not the verdict: beside other tests that may be `invalid`.
 */
import { expect, test } from '@playwright/test';
import { momentText } from '../../load/budgets/figure-text.ts';
import { stallsIn } from '../../load/budgets/stalls.ts';
import { constant } from '../../load/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { withServer, withServers } from '../instrument/local-server.ts';
import { askingUser, percentileMs, runForReal } from '../instrument/real-load.ts';

test(
  'two freezes of 5 s make a closed run red, and both spans are named',
  { annotation: { type: 'fault', description: '41' } },
  async () => {
    const freezes = [
      { atMs: 2500, forMs: 5000 },
      { atMs: 9500, forMs: 5000 },
    ];
    await withServer({ answerAfterMs: 5, freezes }, async (server) => {
      const thinkTime = constant('20ms');
      const workload = users({ count: 10, spawnRate: 1000, duration: '16.5s', thinkTime });
      const { result, verdict, text } = await runForReal({ url: server.url, workload });
      const { freezes: frozen } = await server.report();

      expect(verdict.verdict, text).not.toBe('pass');
      const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
      expect(judgement).toMatchObject({ status: 'fail' });
      expect(verdict.judgements.filter(({ status }) => status === 'fail')).toHaveLength(1);
      // Two slow samples for each of the 10 users: p95 is that of a healthy server.
      expect(percentileMs(result, 'responseTime', 95)).toBeLessThan(frozen[0]!.endMs / 1e9);

      expect(frozen).toHaveLength(2);
      const stalls = stallsIn(result);
      expect(stalls).toHaveLength(2);
      frozen.forEach(({ startMs, endMs }, i) => {
        const { startedAtEpochMs } = result.plan;
        const span = stalls[i]!;
        // The stall is the freeze as the clients saw it: from the last answer before to the first after.
        const share = (span.endMs - span.startMs) / (endMs - startMs);
        expect(share).toBeGreaterThan(0.98);
        expect(share).toBeLessThan(1.04);
        const [from, to] = [startMs, endMs].map((ms) => momentText(ms - startedAtEpochMs));
        expect(text).toContain(`at ${from}–${to}`);
      });
    });
  },
);

test('slow answers of a healthy server are no stall', async () => {
  // Chunks far more often than the shortest stall lasts, so that a busy machine makes none of them.
  const scripts = [{ answerAfterMs: 8000 }, { answerAfterMs: 6000, chunkEveryMs: 50 }];
  const outcomes = await withServers(scripts, ([eightSeconds, streams]) =>
    Promise.all([
      runForReal({
        url: eightSeconds!.url,
        workload: users({ count: 1, spawnRate: 10, duration: '9s' }),
      }),
      // All 20 streams begin together, so for 6 s none is completed: chunks alone tell that it lives.
      runForReal({
        url: streams!.url,
        workload: users({ count: 20, spawnRate: 1000, duration: '7s' }),
        user: askingUser({ json: false }),
      }),
    ]),
  );
  for (const { result, verdict, text } of outcomes) {
    const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
    expect(judgement).toMatchObject({ status: 'pass', value: 0 });
    expect(result.stalls).toEqual([]);
    expect(
      verdict.judgements.map(({ status }) => status),
      text,
    ).not.toContain('fail');
    expect(verdict.reasons).toEqual([]);
  }
});

test('streams that stop sending are a stall', async () => {
  const freezes = [{ atMs: 1500, forMs: 3000 }];
  await withServer({ answerAfterMs: 6000, chunkEveryMs: 200, freezes }, async (server) => {
    const { result, verdict, text } = await runForReal({
      url: server.url,
      workload: users({ count: 20, spawnRate: 1000, duration: '5s' }),
      user: askingUser({ json: false }),
    });
    const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
    expect(judgement, text).toMatchObject({ status: 'fail' });
    expect(stallsIn(result)).toHaveLength(1);
    expect(text).toMatch(/Stalls .*:\n.*at 0:01–0:04, 20 in flight/);
  });
});
