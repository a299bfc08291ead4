/** From a load in virtual time to a verdict: run, fold, capture, compare. */
import { expect, test } from '@playwright/test';
import type { BaselineRun } from '../../../load/baselines/baseline-run.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import { compareRuns } from '../../../load/baselines/compare.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { FifoServer } from '../instrument/fifo-server.ts';
import { runVirtually } from '../virtual-load.ts';

/** A minute of 30 Poisson arrivals per second at a queue with one server. */
async function run(seed: number, meanServiceMs: number): Promise<BaselineRun> {
  const workload = arrivals({ rate: 30, duration: '60s', warmUp: '5s', process: 'poisson' });
  let server: FifoServer | undefined;
  const { result } = await runVirtually({
    workload,
    seed,
    system: ({ draws: [drawn] }, clock) => {
      server ??= new FifoServer(clock, 1);
      return server.serve(-Math.log1p(-drawn) * meanServiceMs);
    },
  });
  return captureRun(result, { environment: 'local' });
}

test('a service that stays the same passes, and one that got slower does not', async () => {
  const baseline = [await run(1, 10), await run(2, 10), await run(3, 10)];
  const verdicts = async (seed: number, meanServiceMs: number): Promise<string[]> => {
    const { comparisons } = compareRuns(await run(seed, meanServiceMs), baseline);
    return comparisons.map(({ metric, verdict }) => `${metric} ${verdict}`);
  };
  expect(await verdicts(4, 10)).toEqual([
    'avg pass',
    'p50 pass',
    'p95 pass',
    'errorRate pass',
    'throughput pass',
  ]);
  expect(await verdicts(4, 24)).toEqual([
    'avg critical',
    'p50 critical',
    'p95 critical',
    'errorRate pass',
    'throughput pass',
  ]);
  // 1.2 of what it can do: the queue grows as long as one watches.
  expect((await verdicts(4, 40)).slice(0, 3)).toEqual([
    'avg critical',
    'p50 saturated',
    'p95 saturated',
  ]);
});

test('the captured sections hold every request of the judged minute', async () => {
  const captured = await run(1, 10);
  expect(captured).toMatchObject({ openModel: true, judgedMs: 60_000 });
  const [task] = captured.tasks;
  expect(task?.sections.map(({ endMs, startMs }) => endMs - startMs)).toEqual(
    Array.from({ length: 10 }, () => 6000),
  );
  const counted = task?.sections.reduce((sum, { outcomes }) => sum + (outcomes.ok ?? 0), 0);
  expect(counted).toBe(captured.all.figures.total_requests);
  expect(captured.all.figures.rps).toBeCloseTo(captured.all.scheduledPerSecond, 0);
});
