import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { budget, makeResult, repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf } from './one-row.ts';

const slowLate: MadeSeries = { okMs: repeat(500, 100), late: 5 };
const slowClean: MadeSeries = { okMs: repeat(500, 100) };

function verdictOf(series: readonly MadeSeries[], limits: readonly [string, string][], more = {}) {
  const budgets = limits.map(([key, limit]) => budget(key, limit));
  const intervals = [{ series, generator: machine() }];
  return judge(makeResult({ bare: true, budgets, intervals, ...more })).verdict;
}

const broken = ['p95', '< 400 ms'] as [string, string];
const met = ['p95', '< 1 s'] as [string, string];
const lacking = ['p99', '< 1 s'] as [string, string];
const certain = ['throughput', '> 200 /s'] as [string, string];

test('the run: what is broken and stands, then what is undecided, then what lacks, then pass', () => {
  expect(verdictOf([slowLate], [met])).toBe('pass');
  expect(verdictOf([slowLate], [met, lacking])).toBe('no-data');
  expect(verdictOf([slowLate], [met, lacking, broken])).toBe('invalid');
  expect(verdictOf([slowLate], [met, lacking, broken, certain])).toBe('fail');
});

test('what spoils the run as a whole comes before all of them', () => {
  expect(verdictOf([slowClean], [broken, certain], { end: false })).toBe('invalid');
});

test('an undecided row says where lateness leaves its figure, and is never marginal', () => {
  const intervals = [{ series: [slowLate], generator: machine() }];
  expect(rowOf(...broken, { intervals })).toMatchObject({
    status: 'undecided',
    doubt: { cause: 'late' },
    range: { least: 0, most: 500 },
    marginal: false,
  });
});

test('a row without a figure has neither range nor doubt', () => {
  const row = rowOf(...lacking, { intervals: [{ series: [slowLate], generator: machine() }] });
  expect([row.status, row.range, row.doubt]).toEqual(['no-data', undefined, undefined]);
});

test('how far two shares are apart stands as it was seen; to be met the load must be offered', () => {
  const metrics = {
    cached: { kind: 'rate' },
    apart: { kind: 'difference', of: ['cached', 'okRate'] },
  } as const;
  const series = [{ ...slowLate, rates: { cached: { hits: 50, total: 100 } } }];
  const row = (limit: string, heldMs: number) => {
    const intervals = [{ series, users: 100, generator: machine({ heldMs }) }];
    return rowOf('apart', limit, { metrics, intervals }).status;
  };
  expect([row('< 40 %', 50_000), row('< 60 %', 9000)]).toEqual(['fail', 'pass']);
  expect(row('< 60 %', 11_000)).toBe('undecided');
});

test('one budget is judged while the run goes on as it is at its end', () => {
  const intervals = [{ series: [slowLate], generator: machine() }];
  const budgets = [budget(...broken)];
  const { verdict, lateness } = judge(makeResult({ bare: true, budgets, intervals }));
  expect(verdict).toBe('invalid');
  expect(lateness).toMatchObject({ p99Ms: 0, longestMs: 300, lostShare: 0 });
});
