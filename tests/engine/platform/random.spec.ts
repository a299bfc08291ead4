import { expect, test } from '@playwright/test';
import {
  drawKey,
  exponential,
  gamma,
  hashText,
  integerBelow,
  philoxBlock,
  purpose,
  uniform,
} from '../../../load/platform/random.ts';
import { ksCritical, ksDistance, mean, variation } from '../statistics.ts';

const what = purpose('test');
const n = 20_000;
const indices = Array.from({ length: n }, (_, i) => i);

/** From the authors' own kat_vectors (Random123, philox4x32-10). */
const published = [
  { counter: [0, 0, 0, 0], key: [0, 0], block: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    block: '408f276d 41c83b0e a20bc7c6 6d5451fd',
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    block: 'd16cfe09 94fdcceb 5001e420 24126ea1',
  },
] as const;

for (const { counter, key, block } of published) {
  test(`Philox gives the published answer ${block}`, () => {
    const words = philoxBlock(counter, key).map((word) => word.toString(16).padStart(8, '0'));
    expect(words.join(' ')).toBe(block);
  });
}

for (const [name, draw] of [
  ['users', (i: number) => uniform(drawKey(7, 's'), i, what)],
  ['draws of one user', (i: number) => uniform(drawKey(7, 's'), 0, what, i)],
  ['seeds', (i: number) => uniform(drawKey(i, 's'), 0, what)],
  ['streams', (i: number) => uniform(drawKey(7, `s${i}`), 0, what)],
  ['purposes', (i: number) => uniform(drawKey(7, 's'), 0, purpose(`p${i}`))],
] as const) {
  test(`draws over ${name} are uniform in [0, 1)`, () => {
    const drawn = indices.map(draw);
    expect(drawn.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(ksDistance(drawn, (x) => x)).toBeLessThan(ksCritical(n));
  });
}

test('a draw is the same whatever was drawn before, in whichever order', () => {
  const key = drawKey(3, 'main');
  const forward = indices.slice(0, 100).map((i) => uniform(key, i, what));
  gamma(0.3, key, 5, what);
  philoxBlock([1, 2, 3, 4], [5, 6]);
  const backward = indices
    .slice(0, 100)
    .reverse()
    .map((i) => uniform(key, i, what));
  expect(backward.reverse()).toEqual(forward);
});

test('neighbouring users draw nothing alike', () => {
  const key = drawKey(1, 'main');
  const pairs = indices.map((i) => [uniform(key, i, what), uniform(key, i + 1, what)] as const);
  const covariance = mean(pairs.map(([a, b]) => (a - 0.5) * (b - 0.5)));
  // Standard error of the covariance of two independent uniforms: 1/(12·√n).
  expect(Math.abs(covariance)).toBeLessThan(3 / (12 * Math.sqrt(n)));
});

test('indices beyond 32 bits have draws of their own', () => {
  const key = drawKey(1, 'main');
  expect(uniform(key, 2 ** 32 + 5, what)).not.toBe(uniform(key, 5, what));
});

test('an integer below a bound takes every value equally often', () => {
  const counts = [0, 0, 0, 0, 0];
  for (const i of indices) counts[integerBelow(5, drawKey(1, 's'), i, what)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - n / 5) ** 2 / (n / 5), 0);
  // 1 % of chi-square with 4 degrees of freedom.
  expect(chiSquare).toBeLessThan(13.28);
});

test('exponential draws have mean 1 and the exponential distribution', () => {
  const drawn = indices.map((i) => exponential(drawKey(1, 's'), i, what));
  expect(Math.abs(mean(drawn) - 1)).toBeLessThan(3 / Math.sqrt(n));
  expect(ksDistance(drawn, (x) => -Math.expm1(-x))).toBeLessThan(ksCritical(n));
});

for (const shape of [0.1, 0.25, 0.5, 1, 2, 4, 25]) {
  test(`gamma draws of shape ${shape} have mean 1 and CV ${(1 / Math.sqrt(shape)).toFixed(2)}`, () => {
    const drawn = indices.map((i) => gamma(shape, drawKey(2, 's'), i, what));
    const cv = 1 / Math.sqrt(shape);
    expect(Math.abs(mean(drawn) - 1)).toBeLessThan((4 * cv) / Math.sqrt(n));
    // Standard error of the CV, from the gamma's kurtosis 3 + 6/shape and skewness 2/√shape.
    const variance = (2 + 6 / shape) / 4 + cv ** 2 - 2 * cv * cv;
    expect(Math.abs(variation(drawn) / cv - 1)).toBeLessThan(4 * Math.sqrt(variance / n));
  });
}

test('gamma draws of shape 1 are exponential', () => {
  const drawn = indices.map((i) => gamma(1, drawKey(4, 's'), i, what));
  expect(ksDistance(drawn, (x) => -Math.expm1(-x))).toBeLessThan(ksCritical(n));
});

test('hashes of near names are far apart', () => {
  const hashes = indices.map((i) => hashText(`user ${i}`));
  expect(new Set(hashes).size).toBeGreaterThan(n - 3);
  expect(ksDistance(hashes, (x) => x / 2 ** 32)).toBeLessThan(ksCritical(n));
});
