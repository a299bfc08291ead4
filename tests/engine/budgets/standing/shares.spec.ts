import { expect, test } from '@playwright/test';
import type { Budget } from '../../../../load/metrics/log/budget.ts';
import { budget, repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type MadeRow } from './one-row.ts';

const ok = (count: number, ms = 100): MadeSeries => ({ okMs: repeat(ms, count) });
const timeouts = (count: number, late: number): MadeSeries => ({
  others: { timeout: count },
  late,
});

function statusOf(
  [key, limit]: readonly [string, string],
  series: readonly MadeSeries[],
  more: MadeRow = {},
) {
  const generator = machine({ lagsMs: repeat(3, 100) });
  return rowOf(key, limit, { ...more, intervals: [{ series, users: 100, generator }] }).status;
}

const outcomes: readonly [string, [string, string], MadeSeries[], string][] = [
  ['met', ['errorRate', '< 5 %'], [ok(99), timeouts(1, 5)], 'pass'],
  ['broken by certain ones', ['errorRate', '< 5 %'], [ok(90), timeouts(10, 4)], 'fail'],
  ['broken by doubtful ones', ['errorRate', '< 5 %'], [ok(90), timeouts(10, 5)], 'undecided'],
  ['mirrored: broken', ['okRate', '> 95 %'], [ok(90), timeouts(10, 4)], 'fail'],
  ['mirrored: doubtful', ['okRate', '> 95 %'], [ok(90), timeouts(10, 5)], 'undecided'],
  ['mirrored: met', ['okRate', '>= 90 %'], [ok(90), timeouts(10, 5)], 'pass'],
  ['at least so many errors: certain', ['errorRate', '> 5 %'], [ok(90), timeouts(10, 4)], 'pass'],
  ['at least so many: doubtful', ['errorRate', '> 5 %'], [ok(90), timeouts(10, 5)], 'undecided'],
  ['none at all', ['droppedIterations', '= 0'], [ok(90)], 'pass'],
  [
    'one, outside late time',
    ['droppedIterations', '= 0'],
    [ok(90), { others: { dropped: 1 } }],
    'fail',
  ],
  [
    'one, within it',
    ['droppedIterations', '= 0'],
    [ok(90), { others: { dropped: 1 }, late: 3 }],
    'undecided',
  ],
];

for (const [what, key, series, status] of outcomes) {
  test(`${key.join(' ')}, ${what}: ${status}`, () => {
    expect(statusOf(key, series)).toBe(status);
  });
}

test('the range of a share holds the share itself, to the last bit', () => {
  const series = [ok(36), { others: { failed: 13 } }];
  const { value, range } = rowOf('okRate', '> 90 %', {
    intervals: [{ series, generator: machine() }],
  });
  expect(range).toEqual({ least: value, most: value });
});

const useful = { kind: 'rate', over: 'scheduled' } as const;
const cached = { kind: 'rate' } as const;
const rate = (hits: number, total: number): MadeSeries => ({
  ...ok(total),
  rates: { useful: { hits, total }, cached: { hits, total } },
});

const ownRates: readonly [string, [string, string], MadeSeries[], string][] = [
  ['what answers were recorded as, they are', ['useful', '> 80 %'], [rate(50, 100)], 'fail'],
  ['… also where few are wanted', ['useful', '< 80 %'], [rate(50, 100)], 'pass'],
  ['certain errors are no hits', ['useful', '> 80 %'], [rate(75, 90), timeouts(10, 4)], 'fail'],
  ['doubtful ones might be', ['useful', '> 80 %'], [rate(75, 90), timeouts(10, 5)], 'undecided'],
  ['… and are too few', ['useful', '> 90 %'], [rate(75, 90), timeouts(10, 5)], 'fail'],
  [
    '… and where few are wanted',
    ['useful', '< 80 %'],
    [rate(75, 90), timeouts(10, 5)],
    'undecided',
  ],
  ['over what was recorded', ['cached', '> 90 %'], [rate(75, 90), timeouts(10, 5)], 'fail'],
];

for (const [what, key, series, status] of ownRates) {
  test(`a rate of the user's own, ${what}: ${key.join(' ')} is ${status}`, () => {
    expect(statusOf(key, series, { metrics: { useful, cached } })).toBe(status);
  });
}

/** Slow ones, of a class of lateness; what was recorded of them goes by the limits. */
const good = (count: number): MadeSeries => ({
  ...ok(count),
  rates: { goodput: { hits: count, total: count } },
});
const bad = (count: number, late: number, more: Partial<MadeSeries> = {}): MadeSeries => ({
  ...ok(count, 1500),
  late,
  rates: { goodput: { hits: 0, total: count } },
  ...more,
});
const failing = (count: number, late: number): MadeSeries => ({
  ...timeouts(count, late),
  rates: { goodput: { hits: 0, total: count } },
});
const refused: MadeSeries = {
  others: { failed: 4 },
  rates: { goodput: { hits: 0, total: 4 } },
};
const within1s = [budget('p95', '< 1 s')];

const goodputs: readonly [string, [string, string], MadeSeries[], readonly Budget[], string][] = [
  ['met', ['goodput', '> 85 %'], [good(90), bad(10, 5)], within1s, 'pass'],
  ['certainly slow ones', ['goodput', '> 95 %'], [good(90), bad(10, 1)], within1s, 'fail'],
  ['late ones', ['goodput', '> 95 %'], [good(90), bad(10, 5)], within1s, 'undecided'],
  ['certain errors', ['goodput', '> 95 %'], [good(90), failing(10, 4)], within1s, 'fail'],
  ['doubtful errors', ['goodput', '> 95 %'], [good(90), failing(10, 5)], within1s, 'undecided'],
  [
    'errors and slow ones together',
    ['goodput', '> 95 %'],
    [good(92), refused, bad(4, 1)],
    within1s,
    'fail',
  ],
  [
    'slow by the tighter of two limits only',
    ['goodput', '> 95 %'],
    [good(40), bad(50, 1), bad(10, 5, ok(10, 3500))],
    [budget('p50', '< 1 s'), budget('p95', '< 3 s')],
    'undecided',
  ],
  [
    'slow by the limit of its task',
    ['goodput', '> 95 %'],
    [good(90), bad(10, 1)],
    [budget('p95', '< 5 s'), budget('p95', '< 1 s', { task: 'query' })],
    'undecided',
  ],
  [
    'slow where a label allows more',
    ['goodput', '> 95 %'],
    [good(90), bad(10, 1)],
    [...within1s, budget('p95{model=large}', '< 3 s')],
    'undecided',
  ],
  ['mirrored', ['goodput', '< 95 %'], [good(90), bad(10, 1)], within1s, 'pass'],
  ['mirrored, by late ones', ['goodput', '< 95 %'], [good(90), bad(10, 5)], within1s, 'undecided'],
  [
    'per second: certainly slow',
    ['goodputPerSecond', '> 95 /s'],
    [good(90), bad(10, 1)],
    within1s,
    'fail',
  ],
  [
    'per second: late',
    ['goodputPerSecond', '> 95 /s'],
    [good(90), bad(10, 5)],
    within1s,
    'undecided',
  ],
  [
    'per second: too few, if all were good',
    ['goodputPerSecond', '> 101 /s'],
    [good(90), bad(10, 5)],
    within1s,
    'fail',
  ],
  ['per second: met', ['goodputPerSecond', '> 85 /s'], [good(90), bad(10, 5)], within1s, 'pass'],
];

for (const [what, key, series, budgets, status] of goodputs) {
  test(`goodput, ${what}: ${key.join(' ')} is ${status}`, () => {
    expect(statusOf(key, series, { budgets })).toBe(status);
  });
}

test('goodput is of those requests alone that are held to a limit', () => {
  // Those that stream: one in ten, and half of them too slow.
  const streaming = (goodOnes: number, ms: number): MadeSeries => ({
    ...ok(5),
    request: 'stream',
    trends: { ttft: repeat(ms, 5) },
    rates: { goodput: { hits: goodOnes, total: 5 } },
  });
  const series = [ok(90), streaming(5, 100), streaming(0, 2000)];
  const budgets = [budget('ttft.p95', '< 1 s')];
  expect(statusOf(['goodput', '> 90 %'], series, { budgets })).toBe('fail');
});

test('goodput per second that was reached with less load may not be with all of it', () => {
  const intervals = (lagMs: number) => [
    {
      series: [good(100)],
      users: 100,
      generator: machine({ lagsMs: repeat(lagMs, 100), delaysMs: [0] }),
    },
  ];
  const made = { budgets: within1s };
  expect(rowOf('goodputPerSecond', '> 90 /s', { ...made, intervals: intervals(90) }).status).toBe(
    'pass',
  );
  expect(
    rowOf('goodputPerSecond', '> 90 /s', { ...made, intervals: intervals(110) }).doubt,
  ).toMatchObject({ cause: 'notOffered', limit: 0.1 });
});
