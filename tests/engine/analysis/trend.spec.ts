import { expect, test } from '@playwright/test';
import { blocksNeeded, chanceAccepted, trendIn } from '../../../load/analysis/trend.ts';
import { series, type SeriesShape } from './noise.ts';

const minuteMs = 60_000;

function points(ys: readonly number[]) {
  return ys.map((y, minute) => ({ x: minute * minuteMs, y }));
}

test('a straight line: from, to, change and span are the line itself', () => {
  const trend = trendIn(points(Array.from({ length: 59 }, (_, i) => 100 + i / 2)))!;
  expect(trend).toMatchObject({ from: 100, to: 129, spanMs: 58 * minuteMs, blocks: 59 });
  expect(trend.change).toBeCloseTo(0.29, 12);
  expect(trend.pOfRise).toBeLessThan(1e-6);
});

test('a minute that is missing leaves a gap and bends nothing', () => {
  const whole = points(Array.from({ length: 20 }, (_, i) => 100 + i));
  const trend = trendIn(whole.filter((_, i) => i !== 7 && i !== 8))!;
  expect(trend).toMatchObject({ from: 100, to: 119, blocks: 18 });
});

test('fewer blocks than are needed show nothing', () => {
  const rising = points(Array.from({ length: blocksNeeded }, (_, i) => i));
  expect(trendIn(rising.slice(1))).toBeUndefined();
  expect(trendIn(rising)).toBeDefined();
});

test('what falls is no rise, however clear', () => {
  const trend = trendIn(points(Array.from({ length: 30 }, (_, i) => 100 - i)))!;
  expect(trend.change).toBeCloseTo(-0.29, 12);
  expect(trend.pOfRise).toBeGreaterThan(0.999);
});

test('minutes at ∞ are above all others: many of them at the end rise without bound', () => {
  const few = trendIn(points([...Array.from({ length: 28 }, (_, i) => 10 + (i % 3)), Infinity]))!;
  expect(Number.isFinite(few.change)).toBe(true);
  const ys = Array.from({ length: 30 }, (_, i) => (i < 9 ? 10 + (i % 3) : Infinity));
  expect(trendIn(points(ys))).toMatchObject({ from: 10, to: Infinity, change: Infinity });
  expect(trendIn(points([...ys].reverse()))).toMatchObject({ from: Infinity, to: 10, change: -1 });
  expect(trendIn(points(ys.map(() => Infinity)))).toMatchObject({ change: 0 });
});

test('a line that begins at 0 rises without bound', () => {
  expect(trendIn(points(Array.from({ length: 12 }, (_, i) => i)))!.change).toBe(Infinity);
  expect(trendIn(points(Array.from({ length: 12 }, () => 0)))!.change).toBe(0);
});

/** The claims are made for the larger number of runs, which is tried every night. */
const sizes = [
  { runs: 400, tag: [] },
  { runs: 2000, tag: ['@soak'] },
];

function shareWithRise(shape: SeriesShape, runs: number): number {
  let found = 0;
  for (let seed = 1; seed <= runs; seed++) {
    if (trendIn(series(seed, shape))!.pOfRise < chanceAccepted) found += 1;
  }
  return found / runs;
}

const falseAlarms = [
  ['white noise', 0, 0.01],
  ['noise with φ = 0.6 from minute to minute', 0.6, 0.03],
] as const;
const rises = [
  [0.15, 58, 0.05, 0, 0.99],
  [0.15, 29, 0.05, 0, 0.85],
  [0.15, 58, 0.03, 0.6, 0.9],
  [0.3, 58, 0.05, 0.6, 0.95],
] as const;

for (const { runs, tag } of sizes) {
  for (const [what, phi, atMost] of falseAlarms) {
    for (const minutes of [12, 29, 58]) {
      const name = `${what} over ${minutes} min: at most ${100 * atMost} % false alarms of ${runs}`;
      test(name, { tag }, () => {
        const share = shareWithRise({ minutes, level: 100, noise: 0.1, phi }, runs);
        test.info().annotations.push({ type: 'false alarms', description: `${100 * share} %` });
        expect(share).toBeLessThan(atMost);
      });
    }
  }

  for (const [rise, minutes, noise, phi, atLeast] of rises) {
    const told = `a rise of ${100 * rise} % in ${minutes} min, noise ${100 * noise} %, φ ${phi}`;
    test(`${told}: found in at least ${100 * atLeast} % of ${runs}`, { tag }, () => {
      const share = shareWithRise({ minutes, level: 100, rise, noise, phi }, runs);
      test.info().annotations.push({ type: 'power', description: `${100 * share} %` });
      expect(share).toBeGreaterThan(atLeast);
    });
  }

  const holds = `the interval holds the rise in 95 % of ${runs} runs, and in at least 87 % with φ = 0.6`;
  test(holds, { tag }, () => {
    for (const phi of [0, 0.6]) {
      let held = 0;
      for (let seed = 1; seed <= runs; seed++) {
        const shape = { minutes: 58, level: 100, rise: 0.15, noise: 0.02, phi };
        const [low, high] = trendIn(series(seed, shape))!.interval;
        if (low <= 0.15 && 0.15 <= high) held += 1;
      }
      expect(held / runs).toBeGreaterThan(phi === 0 ? 0.94 : 0.87);
    }
  });
}
