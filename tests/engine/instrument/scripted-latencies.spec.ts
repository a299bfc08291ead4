import { expect, test } from '@playwright/test';
import { statistics, quantileOf } from '../../../load/metrics/definitions.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { selectSeries, statisticIn } from '../../../load/metrics/result/select.ts';
import { drawKey, exponential, purpose } from '../../../load/platform/random.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { mean, quantile } from '../statistics.ts';
import { runVirtually } from '../virtual-load.ts';

const count = 10_000;
const workload = arrivals({ rate: 200, duration: '50s' });

const scripts = {
  'evenly spread': (k: number) => 5 + ((k * 7919) % count) * 0.0437,
  exponential: (k: number) => 80 * exponential(drawKey(1, 'x'), k, purpose('latency')),
  'two humps': (k: number) => (k % 20 === 0 ? 1900 + (k % 97) : 12 + (k % 13) / 7),
  constant: () => 20,
};

/** Request k takes `latencyMs(k)`; each `failEvery`-th fails at once. */
async function resultOf(latencyMs: (k: number) => number, failEvery = Infinity): Promise<Result> {
  let sent = 0;
  const { result } = await runVirtually({
    workload,
    system: async ({ atMs }, clock) => {
      const k = sent++;
      await clock.until(atMs + (k % failEvery === 0 && k > 0 ? 1 : latencyMs(k)));
      if (k % failEvery === 0 && k > 0) throw new Error('scripted');
    },
  });
  return result;
}

for (const [name, latencyMs] of Object.entries(scripts)) {
  test(`scripted latencies, ${name}: every percentile within the declared 0.1 %`, async () => {
    const series = selectSeries(await resultOf(latencyMs));
    const exact = Array.from({ length: count }, (_, k) => latencyMs(k));
    for (const statistic of statistics) {
      const q = quantileOf(statistic);
      const truth =
        q === undefined ? (statistic === 'avg' ? mean : maximum)(exact) : quantile(exact, q);
      for (const trend of ['responseTime', 'service']) {
        const error = statisticIn(series, trend, statistic) / truth - 1;
        expect([statistic, trend, Math.abs(error) <= 0.001]).toEqual([statistic, trend, true]);
      }
    }
  });
}

test('with 1 % failing fast, p95 is of all that were scheduled, and p99.9 is ∞', async () => {
  const series = selectSeries(await resultOf(scripts['evenly spread'], 100));
  const ok = Array.from({ length: count }, (_, k) =>
    k % 100 === 0 && k > 0 ? Infinity : scripts['evenly spread'](k),
  );
  const p95 = statisticIn(series, 'responseTime', 'p95');
  expect(Math.abs(p95 / quantile(ok, 0.95) - 1)).toBeLessThanOrEqual(0.001);
  expect(statisticIn(series, 'responseTime', 'p99.9')).toBe(Infinity);
});

function maximum(values: readonly number[]): number {
  return Math.max(...values);
}
