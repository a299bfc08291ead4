import { expect, test } from '@playwright/test';
import { drawKey } from '../../../load/platform/random.ts';
import { ArrivalInstants } from '../../../load/workload/arrival-instants.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import type { OpenWorkload } from '../../../load/workload/workload.ts';
import { ksCritical, ksDistance, mean, variation } from '../statistics.ts';

const key = drawKey(1, 'main');

function firstOf(workload: OpenWorkload, count: number, from = key): number[] {
  const instants: number[] = [];
  const next = new ArrivalInstants(workload, from);
  while (instants.length < count) {
    if (!Number.isFinite(next.atMs)) break;
    instants.push(next.atMs);
    next.advance();
  }
  return instants;
}

function gapsOf(instants: readonly number[]): number[] {
  return instants.map((atMs, i) => atMs - (instants[i - 1] ?? 0));
}

for (const [rate, gapMs] of [
  [200, 5],
  [0.5, 2000],
  ['90/min', 2000 / 3],
] as const) {
  test(`a constant rate of ${rate} starts an iteration every ${gapMs.toFixed(1)} ms, from 0 on`, () => {
    const instants = firstOf(arrivals({ rate, duration: '1h' }), 1000);
    const wrong = instants.filter((atMs, k) => Math.abs(atMs - k * gapMs) > 1e-6);
    expect(wrong).toEqual([]);
  });
}

test('a constant rate goes on past the planned end as it was: a steady state may be extended', () => {
  expect(firstOf(arrivals({ rate: 2, duration: '1s' }), 5)).toEqual([0, 500, 1000, 1500, 2000]);
});

test('a warm-up is part of one regular course', () => {
  const instants = firstOf(arrivals({ rate: 2, duration: '1s', warmUp: '750ms' }), 4);
  expect(instants).toEqual([0, 500, 1000, 1500]);
});

test('on a ramp from 0 arrival k comes at √(2k·T/rate)', () => {
  const workload = arrivals({
    stages: [
      { rate: 100, duration: '10s' },
      { rate: 100, duration: '10s' },
    ],
  });
  // 500 on the ramp: ∫ 10·t dt = 5·t² = k; then 10 ms apart.
  const wrong = firstOf(workload, 1500).filter((atMs, k) => {
    const exactMs = k < 500 ? Math.sqrt(k / 5) * 1000 : 10_000 + (k - 500) * 10;
    return Math.abs(atMs - exactMs) > 1e-6;
  });
  expect(wrong).toEqual([]);
});

test('on a ramp down arrivals come where the integral says, and end where the rate is 0', () => {
  const workload = arrivals({
    from: 10,
    stages: [
      { rate: 10, duration: '1s' },
      { rate: 0, duration: '10s' },
    ],
  });
  const instants = firstOf(workload, 1000);
  // 10 before the ramp and 50 on it: 10·t − t²/2 = k − 10.
  expect(instants).toHaveLength(60);
  const exactMs = instants.map((_, k) =>
    k <= 10 ? k * 100 : 1000 + (10 - Math.sqrt(100 - 2 * (k - 10))) * 1000,
  );
  expect(instants.filter((atMs, k) => Math.abs(atMs - exactMs[k]!) > 1e-6)).toEqual([]);
});

test('a pause in the middle has no arrivals', () => {
  const workload = arrivals({
    from: 2,
    stages: [
      { rate: 2, duration: '1s' },
      { rate: 0, duration: 1 },
      { rate: 0, duration: '10s' },
      { rate: 2, duration: 1 },
      { rate: 2, duration: '1s' },
    ],
  });
  const instants = firstOf(workload, 4);
  expect(instants.slice(0, 2)).toEqual([0, 500]);
  expect(instants.filter((atMs) => atMs > 1001 && atMs < 11_001)).toEqual([]);
});

test('Poisson gaps are exponential', () => {
  const gaps = gapsOf(firstOf(arrivals({ rate: 100, duration: '1h', process: 'poisson' }), 20_000));
  expect(ksDistance(gaps, (ms) => -Math.expm1(-ms / 10))).toBeLessThan(ksCritical(gaps.length));
  expect(Math.abs(mean(gaps) / 10 - 1)).toBeLessThan(3 / Math.sqrt(gaps.length));
});

test('Poisson gaps do not depend on the one before', () => {
  const gaps = gapsOf(firstOf(arrivals({ rate: 100, duration: '1h', process: 'poisson' }), 20_000));
  const pairs = gaps.slice(1).map((gap, i) => (gap / 10 - 1) * (gaps[i]! / 10 - 1));
  expect(Math.abs(mean(pairs))).toBeLessThan(3 / Math.sqrt(pairs.length));
});

test('on a ramp the transformed Poisson gaps are exponential, too', () => {
  const workload = arrivals({
    stages: [
      { rate: 1000, duration: '20s' },
      { rate: 1000, duration: '1s' },
    ],
    process: 'poisson',
  });
  const onRamp = firstOf(workload, 9000).filter((atMs) => atMs < 20_000);
  // Arrivals up to t: 25·t² (s); the gaps of that integral are exponential with mean 1.
  const gaps = gapsOf(onRamp.map((atMs) => 25 * (atMs / 1000) ** 2));
  expect(ksDistance(gaps, (x) => -Math.expm1(-x))).toBeLessThan(ksCritical(gaps.length));
});

for (const shape of [0.25, 4]) {
  test(`gamma gaps of shape ${shape} keep the rate, with a CV of ${1 / Math.sqrt(shape)}`, () => {
    const process = { gamma: shape };
    const gaps = gapsOf(firstOf(arrivals({ rate: 100, duration: '1h', process }), 20_000));
    const cv = 1 / Math.sqrt(shape);
    expect(Math.abs(mean(gaps) / 10 - 1)).toBeLessThan((4 * cv) / Math.sqrt(gaps.length));
    const cvError = Math.sqrt(((2 + 6 / shape) / 4 - cv ** 2) / gaps.length);
    expect(Math.abs(variation(gaps) / cv - 1)).toBeLessThan(4 * cvError);
  });
}

test('a seed gives the same instants again, another seed others', () => {
  const workload = arrivals({ rate: 100, duration: '1h', process: 'poisson' });
  expect(firstOf(workload, 100)).toEqual(firstOf(workload, 100));
  expect(firstOf(workload, 100, drawKey(2, 'main'))).not.toEqual(firstOf(workload, 100));
  expect(firstOf(workload, 100, drawKey(1, 'probe'))).not.toEqual(firstOf(workload, 100));
});

for (const process of ['constant', 'poisson', { gamma: 0.1 }] as const) {
  test(`instants never go back (${JSON.stringify(process)})`, () => {
    const workload = arrivals({
      from: 50,
      process,
      stages: [5, 5, 200, 200, 1].map((rate) => ({ rate, duration: '5s' })),
    });
    const gaps = gapsOf(firstOf(workload, 2000));
    expect(gaps.filter((gap) => gap < 0)).toEqual([]);
  });
}
