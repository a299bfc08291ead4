import { expect, test } from '@playwright/test';
import {
  pairDifferenceOption,
  pairSidesOption,
} from '../../../../load/report/charts/pair-charts.ts';
import { pairCourse } from '../../../../load/report/charts/pair-course.ts';
import { drawSvg } from '../../../../load/report/charts/pictures.ts';
import { makePair } from '../../paired/make-pair.ts';
import { makeRound, makeRounds } from '../../paired/make-round.ts';

interface Series {
  readonly name?: string;
  readonly data: readonly unknown[];
}

const pair = makePair(makeRounds(8, 1.1));

test('both sides are on one chart, a point a round', () => {
  const series = pairSidesOption(pair)['series'] as Series[];
  expect(series.map(({ name }) => name)).toEqual(['base p50', 'head p50', 'base p95', 'head p95']);
  for (const { data } of series) expect(data).toHaveLength(8);
});

test('the difference has its interval round by round, and the controls beside it', () => {
  const series = pairDifferenceOption(pair, 'p50')['series'] as Series[];
  const named = new Map(series.map((one) => [one.name, one.data]));
  expect(named.get('mean so far')!.at(-1)).toEqual(['9', expect.closeTo(10, 0)]);
  // One round alone has no interval.
  expect(named.get('95 % interval')!.map((point) => (point as unknown[])[1] === null)).toEqual([
    true,
    ...Array.from({ length: 7 }, () => false),
  ]);
  expect(named.get('a control')).toEqual([['5', expect.any(Number)]]);
});

test('the axis is that of the rounds and the tolerance, and the wide interval of the first rounds is cut off', () => {
  const rounds = [1.02, 1.18, 1.1, 1.12].map((slower, i) => {
    return makeRound(i + 1, {}, { medianMs: 20 * slower });
  });
  const noisy = makePair(rounds);
  const { high, low, shown } = pairCourse(noisy, 'p50');
  // Student's t of two rounds is 12.7.
  expect(Math.max(...high.filter((value) => value !== null))).toBeGreaterThan(100);
  expect(Math.min(...low.filter((value) => value !== null))).toBeLessThan(-30);
  expect(shown).toEqual([0, expect.closeTo(18, 0)]);
  const { min, max } = pairDifferenceOption(noisy, 'p50')['yAxis'] as Record<string, number>;
  expect([min, max]).toEqual([0, 20]);
  const alike = pairCourse(makePair(makeRounds(2, 1)), 'p50').shown;
  expect(alike[1]).toBeCloseTo(10, 0);
});

test('it is drawn', async () => {
  const svg = await drawSvg(pairDifferenceOption(pair, 'p50'));
  expect(svg).toContain('head against base, p50');
  expect(svg).toContain('a control');
  expect(svg).not.toContain('NaN');
});
