import { expect, test } from '@playwright/test';
import { histogramIncrease, increaseOf } from '../../../load/monitor/prometheus-difference.ts';
import { parseExposition, type Exposition } from '../../../load/monitor/prometheus-text.ts';
import { defined } from '../../../load/platform/defined.ts';

function parsed(text: string): Exposition {
  const exposition = parseExposition(`${text}\n`);
  if ('unknown' in exposition) throw new Error(exposition.unknown);
  return exposition;
}

for (const [what, before, after, increase] of [
  ['grows', 'a 3', 'a 10', 7],
  ['stands still', 'a 3', 'a 3', 0],
  ['was reset: what it shows was counted since', 'a 100', 'a 7', 7],
  ['was reset to 0', 'a 100', 'a 0', 0],
  ['appeared between: it began at 0', 'b 1', 'a 5', 5],
  ['is gone', 'a 5', 'b 1', undefined],
  ['has no number now', 'a 5', 'a NaN', undefined],
  ['had no number before', 'a NaN', 'a 5', undefined],
  ['is infinite', 'a 5', 'a +Inf', undefined],
  ['has labels: each is taken by itself', 'a{p="1"} 9\na{p="2"} 1', 'a{p="1"} 2\na{p="2"} 4', 5],
  ['has labels in another order', 'a{p="1",q="2"} 3', 'a{q="2",p="1"} 5', 2],
] as const) {
  test(`the increase of a counter that ${what}`, () => {
    expect(increaseOf(parsed(before), parsed(after), { name: 'a' })).toBe(increase);
  });
}

test('labels select: by text, by pattern, by their absence', () => {
  const before = parsed('a 0');
  const after = parsed('a{hit="true"} 1\na{hit="false"} 2\na{hit="true",x="y"} 4\na 8\nab 16');
  const increase = (labels: Record<string, string | RegExp>) =>
    increaseOf(before, after, { name: 'a', labels });
  expect(increase({ hit: 'true' })).toBe(5);
  expect(increase({ hit: /^(true|false)$/ })).toBe(7);
  expect(increase({ hit: '' })).toBe(8);
  expect(increase({ hit: 'maybe' })).toBeUndefined();
});

function histogram(name: string, counts: Record<string, number>, sum: number, labels = ''): string {
  const entries = Object.entries(counts);
  const buckets = entries.map(
    ([le, n]) => `${name}_bucket{le="${le}"${labels && `,${labels}`}} ${n}`,
  );
  const own = labels && `{${labels}}`;
  return [...buckets, `${name}_sum${own} ${sum}`, `${name}_count${own} ${entries.at(-1)![1]}`].join(
    '\n',
  );
}

const early = histogram('h', { '1': 10, '5': 20, '+Inf': 20 }, 50);

test('a histogram is the difference of its parts', () => {
  const late = histogram('h', { '1': 10, '5': 28, '+Inf': 30 }, 110);
  const grown = histogramIncrease(parsed(early), parsed(late), { name: 'h' })!;
  expect(grown).toEqual({ bounds: [1, 5, Infinity], cumulative: [0, 8, 10], sum: 60, count: 10 });
});

test(
  'a reset of any part is a reset of all: nothing is mixed with what was before',
  { annotation: { type: 'fault', description: '27' } },
  () => {
    // More values than before in all, but fewer small ones: only a restart can do that.
    const late = histogram('h', { '1': 2, '5': 15, '+Inf': 40 }, 300);
    const grown = histogramIncrease(parsed(early), parsed(late), { name: 'h' })!;
    expect(grown).toMatchObject({ cumulative: [2, 15, 40], sum: 300, count: 40 });
  },
);

test('histograms of several labels are added, each reset by itself', () => {
  const before = [
    histogram('h', { '1': 1, '+Inf': 4 }, 10, 'm="a"'),
    histogram('h', { '1': 50, '+Inf': 90 }, 400, 'm="b"'),
  ];
  const after = [
    histogram('h', { '1': 3, '+Inf': 9 }, 31, 'm="a"'),
    histogram('h', { '1': 1, '+Inf': 2 }, 7, 'm="b"'),
  ];
  const grown = (labels?: Record<string, string>) =>
    histogramIncrease(
      parsed(before.join('\n')),
      parsed(after.join('\n')),
      defined({ name: 'h', labels: labels ? labels : undefined }),
    );
  expect(grown()).toMatchObject({ cumulative: [3, 7], sum: 28, count: 7 });
  expect(grown({ m: 'a' })).toMatchObject({ cumulative: [2, 5], sum: 21, count: 5 });
});

test('a summary has a sum and a count alone', () => {
  const before = 'h{quantile="0.5"} 3\nh_sum 10\nh_count 4';
  const after = 'h{quantile="0.5"} 9\nh_sum 40\nh_count 10';
  const grown = histogramIncrease(parsed(before), parsed(after), { name: 'h' })!;
  expect(grown).toEqual({ bounds: [], cumulative: [], sum: 30, count: 6 });
});

for (const [what, after] of [
  ['is not there', 'g 1'],
  ['lacks its last bucket', 'h_bucket{le="1"} 1\nh_sum 1\nh_count 2'],
  ['lacks its count', 'h_bucket{le="+Inf"} 1\nh_sum 1'],
  ['lacks its sum', 'h_bucket{le="+Inf"} 1\nh_count 1'],
  ['has a bound that is no number', histogram('h', { low: 1, '+Inf': 2 }, 3)],
  ['has a sum that is no number', histogram('h', { '+Inf': 2 }, NaN)],
  ['counts fewer below a higher bound', histogram('h', { '1': 5, '2': 3, '+Inf': 6 }, 9)],
  [
    'has buckets that differ by label',
    `${histogram('h', { '1': 1, '+Inf': 2 }, 3, 'm="a"')}\n${histogram('h', { '2': 1, '+Inf': 2 }, 3, 'm="b"')}`,
  ],
] as const) {
  test(`a histogram that ${what} is unknown`, () => {
    expect(histogramIncrease(parsed('g 1'), parsed(after), { name: 'h' })).toBeUndefined();
  });
}
