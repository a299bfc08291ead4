/** The figures by method and name, as a reader of Locust's tables expects them. */
import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { failuresCsv, statsCsv } from '../../../../load/report/files/locust-files.ts';
import { requestRows } from '../../../../load/report/text/request-statistics.ts';
import { statisticsIn } from '../../../../load/report/text/statistics.ts';
import { repeat } from '../../budgets/make-result.ts';
import { loadOf, requests } from '../make-log.ts';

const login = { task: 'onStart', request: 'POST /login', method: 'POST', phase: 'ramp-up' };

/** Two tasks send one request; one name is sent with two methods; a user logs in. */
const load = loadOf({
  seconds: repeat(
    [
      requests([20], login),
      requests([10, 30], { task: 'read', request: '/orders', method: 'GET' }),
      requests([50], { task: 'buy', request: 'GET /orders', method: 'GET' }),
      requests([70], {
        task: 'buy',
        request: '/orders',
        method: 'POST',
        others: { failed: 1 },
        errors: [{ kind: 'status 500', count: 1, firstMs: 1, lastMs: 2, sample: 'gone' }],
      }),
      requests([5], { task: 'tool', request: 'search_docs' }),
    ],
    4,
  ),
});

test('a request of several tasks is one row, and one name with two methods is two', () => {
  const rows = requestRows(load).map(({ method, name, requests: count, failures }) => {
    return [method, name, count, failures];
  });
  expect(rows).toEqual([
    ['POST', '/login', 4, 0],
    ['GET', '/orders', 12, 0],
    ['POST', '/orders', 8, 4],
    ['request', 'search_docs', 4, 0],
  ]);
  expect(requestRows(load)[1]!.ms).toMatchObject({ min: 10, avg: 30, max: 50 });
});

test('the CSV files have the method where Locust has it', () => {
  const statistics = statisticsIn(load, judge(load));
  const stats = statsCsv({ requests: requestRows(load), statistics })
    .trimEnd()
    .split('\r\n');
  expect(stats.map((line) => line.split(',').slice(0, 4).join())).toEqual([
    'Type,Name,Request Count,Failure Count',
    'POST,/login,4,0',
    'GET,/orders,12,0',
    'POST,/orders,8,4',
    'request,search_docs,4,0',
    // Only the judged phases, so without the login.
    ',Aggregated,24,4',
  ]);
  expect(failuresCsv(load)).toBe(
    'Method,Name,Error,Occurrences\r\nPOST,/orders,status 500: gone,4\r\n',
  );
});

test('what was never made belongs to the request of its name', () => {
  const dropped = requests([], { task: 'read', request: 'read', others: { dropped: 2 } });
  const sent = requests([10], { task: 'read', request: 'read', method: 'GET' });
  const [row, ...others] = requestRows(loadOf({ seconds: [[dropped, sent]] }));
  expect([row!.method, row!.requests, others]).toEqual(['GET', 3, []]);
});

test('a log without methods has those that names begin with', () => {
  const named = requests([10], { task: 'buy', request: 'POST /orders' });
  const [row] = requestRows(loadOf({ seconds: [[named]] }));
  expect([row!.method, row!.name]).toEqual(['POST', '/orders']);
});
