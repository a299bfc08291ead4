import { expect, test } from '@playwright/test';
import { repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type Machine } from './one-row.ts';

const slow = (count: number): MadeSeries => ({ okMs: repeat(500, count) });

/** A log of before, which does not sort requests by lateness. */
const unsorted = (...delaysMs: number[]): Machine => ({ lateMs: undefined, delaysMs });

const unsortedRows: [string, [string, string], MadeSeries[], Machine, string][] = [
  ['slower by twice the longest', ['p95', '< 300 ms'], [slow(100)], unsorted(90), 'fail'],
  ['by less', ['p95', '< 350 ms'], [slow(100)], unsorted(90), 'undecided'],
  ['the longest of all', ['max', '< 350 ms'], [slow(100)], unsorted(90), 'undecided'],
  ['… and out of reach', ['max', '< 300 ms'], [slow(100)], unsorted(90), 'fail'],
  ['on average', ['avg', '< 300 ms'], [slow(100)], unsorted(90), 'fail'],
  ['on average, by less', ['avg', '< 350 ms'], [slow(100)], unsorted(90), 'undecided'],
  ['met is met', ['p95', '< 600 ms'], [slow(100)], unsorted(900), 'pass'],
];

for (const [what, [key, limit], series, late, status] of unsortedRows) {
  test(`a log that sorts nothing by lateness, ${what}: ${key} ${limit} is ${status}`, () => {
    const made = { intervals: [{ series, users: 100, generator: machine(late) }] };
    expect(rowOf(key, limit, made).status).toBe(status);
  });
}

test('late for all of its requests, a machine still decides what no lateness of it explains', () => {
  const late: Machine = { lateMs: repeat(1000, 5), delaysMs: [550] };
  const series = [{ okMs: repeat(20_000, 100), late: 5 }];
  const made = { intervals: [{ series, users: 100, generator: machine(late) }] };
  expect(rowOf('p50', '< 46 ms', made).status).toBe('fail');
  expect(rowOf('p50', '< 19 s', made).status).toBe('undecided');
});

test('a log that sorts nothing by lateness makes no refusal and no deadline certain', () => {
  const statusOf = (kind: string, outcome: 'failed' | 'timeout', delaysMs: number[]): string => {
    const errors = [{ kind, count: 10, firstMs: 0, lastMs: 0, sample: '' }];
    const series = [slow(90), { others: { [outcome]: 10 }, errors }];
    const generator = machine(unsorted(...delaysMs));
    return rowOf('errorRate', '< 5 %', { intervals: [{ series, users: 100, generator }] }).status;
  };
  const stalled = [...repeat(0, 999), 300];
  expect(statusOf('status 503', 'failed', stalled)).toBe('undecided');
  expect(statusOf('timeout', 'timeout', stalled)).toBe('undecided');
  expect(statusOf('status 500', 'failed', stalled)).toBe('fail');
});
