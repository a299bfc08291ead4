import { expect, test } from '@playwright/test';
import type { OutcomeCounts } from '../../../../load/metrics/outcome.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type Machine } from './one-row.ts';

/** Ten of 100 requests, that ended so while this machine was late by the class. */
function tenOf(kind: string, others: OutcomeCounts, late?: number): MadeSeries {
  const errors = [{ kind, count: 10, firstMs: 0, lastMs: 0, sample: '' }];
  return defined({ others, errors, late });
}

const failed = { failed: 10 };
/** Each request starts 3 ms late. */
const lagging: Machine = { lagsMs: repeat(3, 100) };
const anyClass = [undefined, 1, 2, 3, 4, 5];

/** From which class of lateness on it may have been this machine's doing. */
const doubtfulFrom: readonly (readonly [string, OutcomeCounts, number])[] = [
  ...['status 500', 'status 404', 'application', 'protocol', 'tls', 'dns'].map(
    (kind) => [kind, failed, Infinity] as const,
  ),
  ['schema', { invalid: 10 }, Infinity],
  // Answers of overload, where all were started 3 ms late: certain in time that is clean at 4 ms only.
  ...['status 502', 'status 503', 'status 504', 'status 429', 'refused', 'reset', 'other'].map(
    (kind) => [kind, failed, 2] as const,
  ),
  ['dropped', { dropped: 10 }, 2],
  // A tenth of a deadline of 10 s is more than 256 ms, the last step.
  ['timeout', { timeout: 10 }, 5],
  ['connectTimeout', failed, 5],
  // The user's own code may have looked at a clock.
  ['task', failed, 5],
  // Always this machine's.
  ['generator', failed, -Infinity],
  ['blockedHost', failed, -Infinity],
] as const;

for (const [kind, others, from] of doubtfulFrom) {
  test(`${kind} is doubtful from class ${from} of lateness on`, () => {
    const statuses = anyClass.map((late) => {
      const series = [{ okMs: repeat(100, 90) }, tenOf(kind, others, late)];
      const intervals = [{ series, users: 100, generator: machine(lagging) }];
      return rowOf('errorRate', '< 5 %', { intervals }).status;
    });
    expect(statuses).toEqual(anyClass.map((late = 0) => (late >= from ? 'undecided' : 'fail')));
  });
}

function statusOf(series: MadeSeries, late: Machine, [key, limit] = ['errorRate', '< 5 %']) {
  const intervals = [
    { series: [{ okMs: repeat(100, 90) }, series], users: 100, generator: machine(late) },
  ];
  return rowOf(key, limit, { intervals }).status;
}

test('each request that started more than 20 ms late takes two answers of overload away', () => {
  const lags = (count: number): Machine => ({ lagsMs: [...repeat(19, 90), ...repeat(21, count)] });
  for (const kind of ['status 503', 'refused']) {
    expect(statusOf(tenOf(kind, failed), lags(2))).toBe('fail');
    expect(statusOf(tenOf(kind, failed), lags(3))).toBe('undecided');
  }
  expect(statusOf(tenOf('status 500', failed), lags(10))).toBe('fail');
});

test('where few started late at all, a bunch of them refuses no more than it holds', () => {
  const few = (count: number): Machine => ({ lagsMs: [...repeat(0, 90), ...repeat(3, count)] });
  expect(statusOf(tenOf('refused', failed, 5), few(5))).toBe('fail');
  expect(statusOf(tenOf('refused', failed, 5), few(6))).toBe('undecided');
});

test('a request that follows an answer that was read late may be one of a bunch, and starts in time', () => {
  const held = (heldCount: number): Machine => ({ lagsMs: repeat(0, 100), heldCount });
  expect(statusOf(tenOf('refused', failed, 5), held(5))).toBe('fail');
  expect(statusOf(tenOf('refused', failed, 5), held(6))).toBe('undecided');
});

test('of a short deadline smaller stalls are a tenth', () => {
  const stream = {
    tasks: [{ name: 'query', weight: 1, deadlineMs: 500, toleratesDegraded: false }],
  };
  const status = (late: number) => {
    const series = [{ okMs: repeat(100, 90) }, tenOf('timeout', { timeout: 10 }, late)];
    const intervals = [{ series, generator: machine() }];
    return rowOf('errorRate', '< 5 %', { stream, intervals }).status;
  };
  // 16 ms are less than a tenth of 500 ms, 64 ms are more.
  expect([status(2), status(3)]).toEqual(['fail', 'undecided']);
});

test('closed on a reused connection is certain while the loop is no later than 5 ms at p99', () => {
  const closed = tenOf('closedIdle', failed);
  expect(statusOf(closed, { delaysMs: repeat(5, 100) })).toBe('fail');
  expect(statusOf(closed, { delaysMs: repeat(5.1, 100) })).toBe('undecided');
});

const refusals: readonly [string, string, OutcomeCounts][] = [
  ['throttledRate', 'throttled', { throttled: 10 }],
  ['degradedRate', 'degraded', { degraded: 10 }],
];

for (const [key, kind, others] of refusals) {
  test(`${key}: broken outside late time stands, within it does not`, () => {
    expect(statusOf(tenOf(kind, others, 1), lagging, [key, '< 5 %'])).toBe('fail');
    expect(statusOf(tenOf(kind, others, 2), lagging, [key, '< 5 %'])).toBe('undecided');
    expect(statusOf(tenOf(kind, others, 2), lagging, [key, '< 15 %'])).toBe('pass');
  });
}

test('only the outcomes that a row is about count for it', () => {
  const throttled = tenOf('throttled', { throttled: 10 });
  expect(statusOf(throttled, {}, ['errorRate', '< 5 %'])).toBe('pass');
  expect(statusOf(tenOf('status 500', failed), {}, ['throttledRate', '< 5 %'])).toBe('pass');
});

test('an outage seen by a machine that was late all the while is a failure', () => {
  const okLate = { okMs: repeat(100, 50), late: 5 };
  const series = [okLate, { ...tenOf('status 500', failed, 5) }];
  const late = machine({ lateMs: repeat(1000, 5) });
  expect(rowOf('errorRate', '< 1 %', { intervals: [{ series, generator: late }] })).toMatchObject({
    status: 'fail',
    range: { least: 10 / 60, most: 10 / 60 },
  });
});
