import { expect, test } from '@playwright/test';
import { histogramIncrease, increaseOf } from '../../../load/monitor/prometheus-difference.ts';
import type { Exposition } from '../../../load/monitor/prometheus-text.ts';
import { parseExposition } from './parse-exposition.ts';
import { defined } from '../../../load/platform/defined.ts';
import { fault } from '../../faults/fault-matrix.ts';

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
  ['began anew and shows more', 'a 3\na_created 10', 'a 8\na_created 20', 8],
  ['goes on since the same time', 'a 3\na_created 10', 'a 8\na_created 10', 5],
  ['tells only now since when', 'a 3', 'a 8\na_created 10', 5],
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

const increase = (before: string, after: string, labels?: Record<string, string>) =>
  histogramIncrease(parsed(before), parsed(after), defined({ name: 'h', labels }));

const early = histogram('h', { '1': 10, '5': 20, '+Inf': 20 }, 50);
const late = histogram('h', { '1': 10, '5': 28, '+Inf': 30 }, 110);

for (const [what, before, after, taken] of [
  ['grew', early, late, { sum: 60, count: 10 }],
  [
    'began anew, and shows more than before',
    `${early}\nh_created 10`,
    `${late}\nh_created 20`,
    { sum: 110, count: 30 },
  ],
  ['is a summary', 'h{quantile="0.5"} 3\nh_sum 10\nh_count 4', 'h_sum 40\nh_count 10', 30 / 6],
  ['appeared between', 'g 1', late, { sum: 110, count: 30 }],
  ['was reset', early, histogram('h', { '1': 1, '+Inf': 2 }, 7), { sum: 7, count: 2 }],
  ['got a new bound', early, late.replace('le="1"', 'le="0.5"'), { sum: 60, count: 10 }],
  ['lost a bound', early, late.replace(/.*le="1".*\n/, ''), { sum: 60, count: 10 }],
  ['got its first bounds', 'h_sum 50\nh_count 20', late, { sum: 60, count: 10 }],
  ['was torn: a bound ahead', early, late.replace('} 28', '} 31'), { sum: 60, count: 10 }],
  ['was torn: a bound behind', early, late.replace('} 28', '} 9'), { sum: 60, count: 10 }],
  ['has odd bounds', early, late.replace('le="5"', 'le="low"'), { sum: 60, count: 10 }],
  ['has no last bound', early, late.replace(/.*Inf.*\n/, ''), { sum: 60, count: 10 }],
  ['has a bound of NaN', early, late.replace('} 28', '} NaN'), { sum: 60, count: 10 }],
] as const) {
  test(
    `a histogram that ${what} is told by its sum and its count`,
    { annotation: [fault(27), fault(52)] },
    () => {
      const grown = increase(before, after) as { sum: number; count: number };
      expect(typeof taken === 'number' ? grown.sum / grown.count : grown).toEqual(taken);
    },
  );
}

test('histograms of several labels, and of other bounds, are added, each reset by itself', () => {
  const before = [
    histogram('h', { '1': 1, '+Inf': 4 }, 10, 'm="a"'),
    histogram('h', { '50': 50, '+Inf': 90 }, 400, 'm="b"'),
  ].join('\n');
  const after = [
    histogram('h', { '1': 3, '+Inf': 9 }, 31, 'm="a"'),
    histogram('h', { '50': 1, '+Inf': 2 }, 7, 'm="b"'),
  ].join('\n');
  expect(increase(before, after)).toEqual({ sum: 28, count: 7 });
  expect(increase(before, after, { m: 'a' })).toEqual({ sum: 21, count: 5 });
});

test('one that took nothing in adds nothing, whatever its sum is', () => {
  const idle = histogram('h', { '+Inf': 0 }, NaN, 'm="idle"');
  const [before, after] = [early, late].map((text) => `${text}\n${idle}`) as [string, string];
  expect(increase(before, after)).toEqual({ sum: 60, count: 10 });
});

test('a histogram that is not there has none', () => {
  expect(increase('g 1', 'g 1\nh_bucket{le="+Inf"} 1')).toBeUndefined();
});

const lacking = 'its sum or its count is missing, or is not a number';
for (const [what, before, after, why] of [
  ['lacks its count', early, 'h_sum 1', lacking],
  ['lacks its sum', early, 'h_count 1', lacking],
  ['had no count before', 'h_sum 1', late, lacking],
  ['has a sum that is no number', early, histogram('h', { '+Inf': 2 }, NaN), lacking],
  ['took in values below 0, or began anew', early, 'h_sum 40\nh_count 30', 'its sum fell'],
] as const) {
  test(`a histogram that ${what} is not told`, () => {
    expect(increase(before, after)).toContain(why);
  });
}
