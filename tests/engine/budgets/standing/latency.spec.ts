import { expect, test } from '@playwright/test';
import { defined } from '../../../../load/platform/defined.ts';
import { repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type Machine } from './one-row.ts';

type Rows = readonly [string, [string, string], readonly MadeSeries[], Machine, string][];

const fast = (count: number): MadeSeries => ({ okMs: repeat(100, count) });
/** Requests that are clean at no step before `late`. */
const slow = (count: number, late?: number): MadeSeries =>
  defined({ okMs: repeat(500, count), late });
const lateTime = (...lateMs: number[]): Machine => ({ lateMs });

const percentiles: Rows = [
  [
    'met is met, however late',
    ['p95', '< 600 ms'],
    [slow(100, 5)],
    lateTime(...repeat(900, 5)),
    'pass',
  ],
  ['broken by clean ones, by more than 2η', ['p95', '< 498 ms'], [fast(90), slow(10)], {}, 'fail'],
  ['broken by less than 2η', ['p95', '< 499 ms'], [fast(90), slow(10)], {}, 'undecided'],
  ['broken by late ones alone', ['p95', '< 200 ms'], [fast(80), slow(20, 5)], {}, 'undecided'],
  ['broken at a coarser step', ['p95', '< 468 ms'], [fast(90), slow(10, 2)], {}, 'fail'],
  ['within 2η of that step', ['p95', '< 469 ms'], [fast(90), slow(10, 2)], {}, 'undecided'],
  // Six of 100 break a p95; each share of late time takes twice as many away.
  [
    'more than the late time spoils',
    ['p95', '< 200 ms'],
    [fast(90), slow(10)],
    lateTime(...repeat(20, 5)),
    'fail',
  ],
  [
    'as many as the late time spoils',
    ['p95', '< 200 ms'],
    [fast(90), slow(10)],
    lateTime(...repeat(21, 5)),
    'undecided',
  ],
  [
    'late at fine steps only',
    ['p95', '< 200 ms'],
    [fast(90), slow(10)],
    lateTime(900, 900, 0, 0, 0),
    'fail',
  ],
  [
    'more than the late ones spoil',
    ['p95', '< 200 ms'],
    [fast(88), slow(10), { ...fast(2), late: 5 }],
    {},
    'fail',
  ],
  [
    'as many as the late ones spoil',
    ['p95', '< 200 ms'],
    [fast(87), slow(10), { ...fast(3), late: 5 }],
    {},
    'undecided',
  ],
  [
    'errors that are certain, among late ones',
    ['p95', '< 1 s'],
    [{ ...fast(90), late: 5, others: { failed: 10 } }],
    {},
    'fail',
  ],
  [
    'errors that are not',
    ['p95', '< 1 s'],
    [{ ...fast(90), late: 5, others: { timeout: 10 } }],
    {},
    'undecided',
  ],
  [
    'clean ones and certain errors together',
    ['p95', '< 200 ms'],
    [fast(94), { ...slow(3), others: { failed: 3 } }],
    {},
    'fail',
  ],
  [
    'too few together',
    ['p95', '< 200 ms'],
    [fast(94), slow(3, 5), { others: { failed: 3 } }],
    {},
    'undecided',
  ],
  ['mirrored: met by clean ones', ['p95', '> 400 ms'], [fast(90), slow(10)], {}, 'pass'],
  [
    'mirrored: met by late ones alone',
    ['p95', '> 200 ms'],
    [fast(80), slow(20, 5)],
    {},
    'undecided',
  ],
  ['mirrored: too fast, however late', ['p95', '> 600 ms'], [slow(100, 5)], {}, 'fail'],
];

const othersOfEach: Rows = [
  [
    'max: one clean one',
    ['max', '< 400 ms'],
    [fast(90), slow(1)],
    lateTime(...repeat(400, 5)),
    'fail',
  ],
  ['max: late ones', ['max', '< 400 ms'], [fast(90), slow(9, 5)], {}, 'undecided'],
  ['max: a certain error', ['max', '< 1 s'], [{ ...fast(90), others: { failed: 1 } }], {}, 'fail'],
  [
    'max: a doubtful one',
    ['max', '< 1 s'],
    [{ ...fast(90), late: 5, others: { timeout: 1 } }],
    {},
    'undecided',
  ],
  [
    'avg: beyond 4 × the mean lateness',
    ['avg', '< 400 ms'],
    [slow(90)],
    { lagsMs: repeat(20, 90), delaysMs: repeat(5, 100) },
    'fail',
  ],
  [
    'avg: within 4 × the mean lateness',
    ['avg', '< 400 ms'],
    [slow(90)],
    { lagsMs: repeat(20, 90), delaysMs: [...repeat(5, 99), 105] },
    'undecided',
  ],
  ['avg: of the clean alone', ['avg', '< 400 ms'], [fast(10), slow(90, 5)], {}, 'undecided'],
  [
    'service: met with the lag on top',
    ['service.p95', '< 120 ms'],
    [fast(100)],
    { lagsMs: repeat(19, 100) },
    'pass',
  ],
  [
    'service: not with the lag on top',
    ['service.p95', '< 120 ms'],
    [fast(100)],
    { lagsMs: repeat(21, 100) },
    'undecided',
  ],
  [
    'response time has the lag in it',
    ['p95', '< 120 ms'],
    [fast(100)],
    { lagsMs: repeat(21, 100) },
    'pass',
  ],
  [
    'ttft: met with the lag on top',
    ['ttft.p95', '< 120 ms'],
    [{ ...fast(100), trends: { ttft: repeat(100, 100) } }],
    { lagsMs: repeat(19, 100) },
    'pass',
  ],
  [
    'ttft: not with the lag on top',
    ['ttft.p95', '< 120 ms'],
    [{ ...fast(100), trends: { ttft: repeat(100, 100) } }],
    { lagsMs: repeat(21, 100) },
    'undecided',
  ],
  [
    'ttft from when due has it in it',
    ['ttftResponse.p95', '< 120 ms'],
    [{ ...fast(100), trends: { ttftResponse: repeat(100, 100) } }],
    { lagsMs: repeat(21, 100) },
    'pass',
  ],
  [
    'what a 429 said',
    ['retryAfter.p95', '< 400 ms'],
    [{ ...fast(100), late: 5, trends: { retryAfter: repeat(500, 100) } }],
    {},
    'fail',
  ],
];

const gaps = (ms: number, more: Partial<MadeSeries> = {}): MadeSeries => ({
  ...fast(100),
  ...more,
  trends: { chunkGap: [...repeat(20, 90), ...repeat(ms, 10)] },
});

const betweenReceipts: Rows = [
  ['met by more than η', ['chunkGap.p95', '< 52 ms'], [gaps(50)], {}, 'pass'],
  ['met by less than η', ['chunkGap.p95', '< 51 ms'], [gaps(50)], {}, 'undecided'],
  ['broken by more than η', ['chunkGap.p95', '< 49 ms'], [gaps(50)], {}, 'fail'],
  ['broken by less than η', ['chunkGap.p95', '< 50 ms'], [gaps(50)], {}, 'undecided'],
  [
    'the rank moved by twice the late share: still in',
    ['chunkGap.p95', '< 40 ms'],
    [gaps(50)],
    lateTime(...repeat(20, 5)),
    'fail',
  ],
  ['… and out', ['chunkGap.p95', '< 40 ms'], [gaps(50)], lateTime(...repeat(26, 5)), 'undecided'],
  [
    '… and to the other side',
    ['chunkGap.p50', '< 40 ms'],
    [gaps(50)],
    lateTime(...repeat(210, 5)),
    'undecided',
  ],
  [
    'late ones count in that share',
    ['chunkGap.p50', '< 40 ms'],
    [gaps(50, { late: 5 })],
    {},
    'undecided',
  ],
  [
    'inter-token latency, too',
    ['interToken.p95', '< 51 ms'],
    [{ ...fast(100), trends: { interToken: repeat(50, 100) } }],
    {},
    'undecided',
  ],
  ['mirrored', ['chunkGap.p95', '> 48 ms'], [gaps(50)], {}, 'pass'],
];

for (const [group, rows] of Object.entries({ percentiles, othersOfEach, betweenReceipts })) {
  for (const [what, [key, limit], series, late, status] of rows) {
    test(`${group}: ${what}: ${key} ${limit} is ${status}`, () => {
      const made = { intervals: [{ series, users: 100, generator: machine(late) }] };
      expect(rowOf(key, limit, made).status).toBe(status);
    });
  }
}

test('on a machine that nothing disturbed a row is what it was seen as, to the last ms', () => {
  const made = { intervals: [{ series: [slow(100)] }] };
  expect(rowOf('p95', '< 500 ms', made)).toMatchObject({ status: 'fail' });
  expect(rowOf('service.p95', '< 501 ms', made)).toMatchObject({ status: 'pass' });
});

test('a clean time is late by no more than the longest delay there was', () => {
  const series = [fast(90), slow(10, 4)];
  const row = (delayMs: number, limit: string) =>
    rowOf('p95', limit, {
      intervals: [{ series, generator: machine({ delaysMs: repeat(delayMs, 100) }) }],
    });
  // At the step of 256 ms, 2η would be more than the time itself.
  expect(row(300, '< 400 ms').status).toBe('undecided');
  expect(row(40, '< 400 ms').status).toBe('fail');
});

test('times of a user’s own are compared in their own unit', () => {
  const metrics = { setUp: { kind: 'trend', unit: 's' } } as const;
  const series = [{ ...fast(100), trends: { setUp: repeat(3, 100) } }];
  const generator = machine({ delaysMs: repeat(4, 100) });
  const made = { metrics, intervals: [{ series, generator }] };
  // Nobody sorts them by lateness: each may be late by 4 ms at either end.
  expect(rowOf('setUp.p95', '< 2990 ms', made).status).toBe('fail');
  expect(rowOf('setUp.p95', '< 2995 ms', made).status).toBe('undecided');
});

test('a number of the user’s own is what it was recorded as', () => {
  const metrics = { score: { kind: 'trend', unit: 'points of a test' } } as const;
  const series = [{ ...fast(100), late: 5, trends: { score: repeat(3, 100) } }];
  const intervals = [{ series, generator: machine() }];
  expect(rowOf('score.p95', '< 2', { metrics, intervals }).status).toBe('fail');
  expect(rowOf('score.p95', '< 4', { metrics, intervals }).status).toBe('pass');
});

test('a budget of a task looks at the lateness of its own requests', () => {
  const series = [
    { ...fast(90), task: 'query' },
    { ...slow(10), task: 'query' },
    { ...slow(100, 5), task: 'index documents' },
  ];
  const made = { intervals: [{ series, generator: machine() }] };
  expect(rowOf('p95', '< 400 ms', { ...made, task: 'query' }).status).toBe('fail');
  expect(rowOf('p95', '< 400 ms', { ...made, task: 'index documents' }).status).toBe('undecided');
});
