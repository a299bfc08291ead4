import { expect, test } from '@playwright/test';
import {
  pairDifferenceOption,
  pairSidesOption,
} from '../../../../load/report/charts/pair-charts.ts';
import { drawSvg } from '../../../../load/report/charts/pictures.ts';
import { makePair } from '../../paired/make-pair.ts';
import { makeRounds } from '../../paired/make-round.ts';

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

test('it is drawn', async () => {
  const svg = await drawSvg(pairDifferenceOption(pair, 'p50'));
  expect(svg).toContain('head against base, p50');
  expect(svg).toContain('a control');
  expect(svg).not.toContain('NaN');
});
