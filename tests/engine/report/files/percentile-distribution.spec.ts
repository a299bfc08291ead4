/** The `.hgrm` file, line by line beside that of HdrHistogram itself. */
import { expect, test } from '@playwright/test';
import { build } from 'hdr-histogram-js';
import { percentileDistribution } from '../../../../load/report/files/percentile-distribution.ts';
import { drawKey, normal, purpose } from '../../../../load/platform/random.ts';
import { makeLoad, repeat } from '../../budgets/make-result.ts';

/** Half of a bucket either way: three significant digits. */
const resolution = 0.001;
const key = drawKey(1, 'hgrm');
const draw = purpose('a response time');

interface Line {
  readonly value: number;
  /** Percentile, count and 1/(1 − percentile), as they stand there. */
  readonly rest: string;
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => /^ +\d/.test(line))
    .map((line) => ({ value: Number(line.slice(0, 12)), rest: line.slice(12) }));
}

function factsOf(text: string): Record<string, number> {
  const pairs = [
    ...text.matchAll(/(Mean|StdDeviation|Max|Total count|Buckets|SubBuckets) *= *([\d.]+)/g),
  ];
  return Object.fromEntries(pairs.map(([, name = '', value]) => [name, Number(value)] as const));
}

function bothOf(ms: readonly number[]): readonly [own: string, theirs: string] {
  const histogram = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });
  for (const value of ms) histogram.recordValue(Math.round(value * 1000));
  const own = percentileDistribution(makeLoad({ intervals: [{ series: [{ okMs: ms }] }] }));
  return [own, histogram.outputPercentileDistribution(5, 1000)];
}

for (const [name, ms] of [
  ['a single request', [12.5]],
  ['equal ones', repeat(7, 100)],
  [
    'twenty of all sizes',
    [1.234, 1.5, 1.5, 2, 3.25, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 31.4, 50, 120, 900, 2500.5],
  ],
  ['microseconds', [0.001, 0.002, 0.003, 1]],
  ['thousands', Array.from({ length: 5000 }, (_, i) => 20 * Math.exp(normal(key, i, draw, 0)))],
] as const) {
  test(`${name}: line by line what HdrHistogram writes`, () => {
    const [own, theirs] = bothOf(ms).map(linesOf) as [Line[], Line[]];
    expect(own.map(({ rest }) => rest)).toEqual(theirs.map(({ rest }) => rest));
    const apart = own.map(({ value }, i) => Math.abs(value / theirs[i]!.value - 1));
    expect(Math.max(...apart)).toBeLessThan(resolution);
    const [ownFacts, theirFacts] = bothOf(ms).map(factsOf);
    const { Mean, StdDeviation, ...counts } = ownFacts!;
    expect(theirFacts).toMatchObject(counts);
    // Theirs are of the middles of buckets.
    const near = resolution * theirFacts!['Max']!;
    expect(Math.abs(Mean! - theirFacts!['Mean']!)).toBeLessThanOrEqual(near);
    expect(Math.abs(StdDeviation! - theirFacts!['StdDeviation']!)).toBeLessThanOrEqual(near);
  });
}

test('the head is as its plotter expects it', () => {
  const [own, theirs] = bothOf([1, 2, 3]);
  expect(own.split('\n').slice(0, 2)).toEqual(theirs.split('\n').slice(0, 2));
});

test('without a request that ended ok there is no line, and how many did not is told', () => {
  const text = percentileDistribution(
    makeLoad({ intervals: [{ series: [{ others: { failed: 3 } }] }] }),
  );
  expect(linesOf(text)).toEqual([]);
  expect(text).toContain('#[3 requests did not end ok');
  expect(text).not.toMatch(/NaN|Infinity/);
});
