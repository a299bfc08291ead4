import { expect, test } from '@playwright/test';
import { selectSeries, statisticIn } from '../../../load/metrics/result/select.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { mean, sojournS, standardDeviation } from '../statistics.ts';
import { runVirtually } from '../virtual-load.ts';
import { FifoServer } from './fifo-server.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

interface Measured {
  readonly meanMs: number;
  readonly p95Ms: number;
}

/** Poisson arrivals at a queue with exponential service; measured after it has filled. */
async function measured(
  servers: number,
  rate: number,
  perServer: number,
  seed: number,
): Promise<Measured> {
  const workload = arrivals({ rate, duration: '50s', warmUp: '3s', process: 'poisson' });
  let server: FifoServer | undefined;
  const { result } = await runVirtually({
    workload,
    seed,
    shortened: true,
    system: ({ draws: [drawn] }, clock) => {
      server ??= new FifoServer(clock, servers);
      return server.serve((-Math.log1p(-drawn) * 1000) / perServer);
    },
  });
  const series = selectSeries(result);
  return {
    meanMs: statisticIn(series, 'responseTime', 'avg'),
    p95Ms: statisticIn(series, 'responseTime', 'p95'),
  };
}

/** Asserts that runs with several seeds agree with theory to 3.5 standard errors, and tell much. */
function expectTheory(values: readonly number[], truth: number): void {
  const error = standardDeviation(values) / Math.sqrt(values.length);
  expect(error / truth).toBeLessThan(0.03);
  expect(Math.abs(mean(values) - truth)).toBeLessThan(3.5 * error);
}

test('sojourn times of an M/M/1 queue are those of theory: mean 1/(μ − λ), exponential', async () => {
  const runs = await Promise.all(seeds.map((seed) => measured(1, 120, 200, seed)));
  const truthMs = sojournS(1, 120, 200) * 1000;
  expect(truthMs).toBeCloseTo(1000 / (200 - 120), 9);
  expectTheory(
    runs.map(({ meanMs }) => meanMs),
    truthMs,
  );
  expectTheory(
    runs.map(({ p95Ms }) => p95Ms),
    truthMs * Math.log(20),
  );
});

test('sojourn times of an M/M/4 queue are those of theory, by Erlang’s C formula', async () => {
  const runs = await Promise.all(seeds.map((seed) => measured(4, 140, 50, seed)));
  expectTheory(
    runs.map(({ meanMs }) => meanMs),
    sojournS(4, 140, 50) * 1000,
  );
});

test('Erlang’s C formula gives the published 29.41/s for 4 servers, 10/s each and p95 of 400 ms', () => {
  // The tail of an M/M/4 sojourn: P(T > t) = e^(−μt) + C·(e^(−(cμ−λ)t) − e^(−μt))·μ/(μ − (cμ−λ)).
  const [servers, rate, mu, t] = [4, 29.41, 10, 0.4];
  const spare = servers * mu - rate;
  const erlangC = (sojournS(servers, rate, mu) - 1 / mu) * spare;
  const tail =
    Math.exp(-mu * t) + (erlangC * mu * (Math.exp(-spare * t) - Math.exp(-mu * t))) / (mu - spare);
  expect(tail).toBeCloseTo(0.05, 4);
});
