/**
 * A closed model hardly sees an outage, since each waiting user has only one slow sample. `longestStall`
 * shows it.
 */
import { expect, test } from '@playwright/test';
import { momentText } from '../../load/metrics/figure-text.ts';
import { stallsIn } from '../../load/budgets/observe/stall.ts';
import type { Stall } from '../../load/metrics/log/schema.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { fault } from '../faults/fault-matrix.ts';
import { withServer, withServers } from '../instrument/local-server.ts';
import { askingUser, percentileMs, runForReal } from '../instrument/real-load.ts';

test(
  'two freezes make a closed run red, and both spans are named',
  { annotation: fault(41) },
  async () => {
    const freezes = [
      { atMs: 1000, forMs: 2500 },
      { atMs: 5000, forMs: 2500 },
    ];
    await withServer({ answerAfterMs: 5, freezes }, async (server) => {
      const thinkTime = constant('20ms');
      const workload = users({ count: 10, spawnRate: 1000, duration: '8.5s', thinkTime });
      const { result, verdict, text } = await runForReal({ url: server.url, workload });
      const { freezes: frozen } = await server.report();

      expect(verdict.verdict, text).toBe('fail');
      const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
      expect(judgement).toMatchObject({ status: 'fail' });
      expect(verdict.judgements.filter(({ status }) => status === 'fail')).toHaveLength(1);
      expect(frozen).toHaveLength(2);
      // Two slow samples for each of the 10 users; the percentiles are those of a healthy server.
      const frozenMs = Math.min(...frozen.map(({ startMs, endMs }) => endMs - startMs));
      expect(percentileMs(result, 'responseTime', 50)).toBeLessThan(frozenMs / 2);
      for (const freeze of frozen) {
        const { startMs, endMs } = stallThrough(freeze, result);
        expect(text).toContain(`at ${momentText(startMs)}–${momentText(endMs)}`);
      }
    });
  },
);

/**
 * The freeze as the clients see it: a stall that begins with a request before or early in it, and ends
 * with the first answer after it. A busy machine may have further stalls.
 */
function stallThrough(
  { startMs, endMs }: { startMs: number; endMs: number },
  result: Result,
): Stall {
  const { startedAtEpochMs } = result.plan;
  const [from, to] = [startMs - startedAtEpochMs, endMs - startedAtEpochMs];
  const middle = (from + to) / 2;
  const stall = stallsIn(result).find((one) => one.startMs < middle && one.endMs > middle);
  expect(stall, 'a stall through the middle of the freeze').toBeDefined();
  // The two processes' clocks differ by much less than a freeze.
  expect(stall!.endMs).toBeGreaterThan(to - (to - from) / 10);
  return stall!;
}

test('slow answers of a healthy server are no stall', async () => {
  // Longer than the allowed stall.
  const scripts = [{ answerAfterMs: 3000 }, { answerAfterMs: 3000, chunkEveryMs: 50 }];
  const outcomes = await withServers(scripts, ([slow, streams]) =>
    Promise.all([
      runForReal({
        url: slow!.url,
        workload: users({ count: 1, spawnRate: 10, duration: '4s' }),
      }),
      // All 20 streams begin together, so for 3 s none is completed, and only chunks show that the server
      // lives.
      runForReal({
        url: streams!.url,
        workload: users({ count: 20, spawnRate: 1000, duration: '4s' }),
        user: askingUser({ json: false }),
      }),
    ]),
  );
  for (const { verdict, text } of outcomes) {
    // A busy machine may delay the chunks for a moment.
    const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
    expect(judgement, text).toMatchObject({ status: 'pass' });
    expect(verdict.judgements.map(({ status }) => status)).not.toContain('fail');
    expect(verdict.reasons).toEqual([]);
  }
  // With a single user in flight there is no stall, however long it waits.
  expect(outcomes[0].result.stalls).toEqual([]);
});

test('streams that stop sending are a stall', async () => {
  const freezes = [{ atMs: 1000, forMs: 2500 }];
  await withServer({ answerAfterMs: 5000, chunkEveryMs: 50, freezes }, async (server) => {
    const { result, verdict, text } = await runForReal({
      url: server.url,
      workload: users({ count: 20, spawnRate: 1000, duration: '4s' }),
      user: askingUser({ json: false }),
    });
    const judgement = verdict.judgements.find(({ name }) => name === 'longestStall');
    expect(judgement, text).toMatchObject({ status: 'fail' });
    const { freezes: frozen } = await server.report();
    const { startMs, endMs, inFlight } = stallThrough(frozen[0]!, result);
    const span = `at ${momentText(startMs)}–${momentText(endMs)}, ${inFlight} in flight`;
    expect(inFlight).toBe(20);
    expect(text).toContain(span);
  });
});
