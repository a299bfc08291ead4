/** The stated latency model and the real wait for a worker. Ratios of one run, counters and order only. */
import { expect } from '@playwright/test';
import { median } from './health-agent-client.ts';
import { testOf } from './launched.ts';
import { serverTiming } from './server-timing.ts';

const test = testOf('resource-agent');

type Timing = Readonly<Record<string, number>>;

async function timings(url: string, path: string, count: number): Promise<Timing[]> {
  const all: Timing[] = [];
  for (let i = 0; i < count; i++) all.push(serverTiming(await fetch(url + path)));
  return all;
}

interface Metrics {
  readonly analysis_workers: { size: number; active: number; waiting: number };
  readonly requests: { by_endpoint: Record<string, Record<string, number>> };
}

async function metrics(url: string): Promise<Metrics> {
  return (await (await fetch(`${url}/api/v1/metrics`)).json()) as Metrics;
}

test('more analyses than workers wait, and nothing else does', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'analysis:10' });
  const analyses = Array.from({ length: 20 }, () => fetch(`${url}/analysis/`));
  await expect
    .poll(async () => (await metrics(url)).analysis_workers, { intervals: [5] })
    .toEqual({ size: 16, active: 16, waiting: 4 });
  const others = ['/health/', '/system/metrics', '/lmcache/status'];
  const timed = await Promise.all(others.map((path) => timings(url, path, 1)));
  for (const [{ queue }] of timed as [Timing][]) expect(queue).toBe(0);
  // Answered while all workers were still at their first analysis.
  expect((await metrics(url)).requests.by_endpoint['GET /analysis/']).toBeUndefined();

  const done = (await Promise.all(analyses)).map(serverTiming);
  const shortestModelMs = Math.min(...done.map(({ model }) => model!));
  expect(done.filter(({ queue }) => queue! > shortestModelMs / 4)).toHaveLength(4);
  expect((await metrics(url)).analysis_workers).toMatchObject({ active: 0, waiting: 0 });
});

test('an analysis takes longest, then metrics, the cache and health', async ({ launch }) => {
  const { url } = await launch();
  const paths = ['/analysis/', '/system/metrics', '/lmcache/status', '/health/'];
  const medians: number[] = [];
  for (const path of paths) {
    const all = await timings(url, path, 9);
    medians.push(median(all.map(({ compute, model }) => compute! + model!)));
  }
  expect(medians).toEqual([...medians].sort((a, b) => b - a));
});

test('a slowdown multiplies the times of exactly its task', async ({ launch }) => {
  const usual = await launch();
  const slow = await launch({ REFERENCE_SLOWDOWN: 'analysis:3' });
  const [[plain], [slowed]] = await Promise.all([
    timings(usual.url, '/analysis/', 1),
    timings(slow.url, '/analysis/', 1),
  ]);
  expect(slowed!['compute']! / plain!['compute']!).toBeCloseTo(3, 2);
  expect(slowed!['model']! / plain!['model']!).toBeCloseTo(3, 2);
  const [[other], [same]] = await Promise.all([
    timings(usual.url, '/lmcache/status', 1),
    timings(slow.url, '/lmcache/status', 1),
  ]);
  expect(same!['compute']).toBe(other!['compute']);
});

test('the seed fixes what the n-th request of a task takes, whatever comes between', async ({
  launch,
}) => {
  const drawn = async (env: Record<string, string>, isMixed: boolean) => {
    const { url } = await launch(env);
    const all: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      if (isMixed) await fetch(`${url}/health/`);
      all.push((await timings(url, '/lmcache/status', 1))[0]!['compute']);
    }
    return all;
  };
  const first = await drawn({}, false);
  expect(new Set(first).size).toBe(5);
  expect(await drawn({ REFERENCE_SEED: '1' }, true)).toEqual(first);
  expect(await drawn({ REFERENCE_SEED: '2' }, false)).not.toEqual(first);
});
