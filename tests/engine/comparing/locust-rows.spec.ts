/** An old CSV of Locust is compared with a run by what both have: the method and the name of a request. */
import { expect, test } from '@playwright/test';
import { compareFigures } from '../../../load/comparing/compare.ts';
import { locustCsv, writeText } from './plain-files.ts';

function given(name: string, text: string): string {
  return writeText(test.info().outputPath(name), text);
}

function compare(words: readonly string[]): { code: number; stdout: string } {
  let stdout = '';
  const code = compareFigures([...words, '--output', test.info().outputPath('compared')], {
    environment: {},
    print: (text) => (stdout += text),
  });
  return { code, stdout };
}

/** The row of a load's request in `results.json`. */
function requestRow(method: string, name: string, p95: number) {
  const ms = { avg: 150.4, p50: 120, p95, p99: 510 };
  return { method, name, requests: 120, failures: 0, errors: 0, ms, requestsPerSecond: 4 };
}

test('rows of Locust find the requests of a results.json by method and name, not its tasks', () => {
  const was = given(
    'old/shop_stats.csv',
    locustCsv([
      { type: 'POST', name: '/login', requests: 20, rps: 4, p95: 100 },
      { type: 'GET', name: '/orders', requests: 120, rps: 4, p95: 100 },
      { type: 'POST', name: '/orders', requests: 120, rps: 4, p95: 100 },
      { name: 'Aggregated', requests: 260, rps: 8, p95: 100 },
    ]),
  );
  const all = requestRow('', '', 100);
  const load = {
    log: 'shop.ndjson',
    system: 'shop',
    scenario: 'steady',
    level: '20-users',
    verdict: 'pass',
    shortened: false,
    interrupted: false,
    metrics: [],
    statistics: {
      rows: [
        { ...all, kind: 'task', stream: 'users', name: 'buy' },
        { ...all, kind: 'all', stream: 'users', requests: 240 },
      ].map((row) => ({ ...row, failuresPerSecond: 0 })),
    },
    requests: [
      requestRow('POST', '/login', 100),
      requestRow('GET', '/orders', 100),
      requestRow('POST', '/orders', 400),
    ].map((row) => ({ ...row, failuresPerSecond: 0 })),
  };
  const results = (one: object) =>
    given('new/results.json', JSON.stringify({ schema: 2, runId: 'r', loads: [one] }));
  const { code, stdout } = compare([was, results(load)]);
  expect(stdout).not.toContain('missing');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/critical +shop +POST \/orders +p95/)]);
  const unnamed = { ...load, requests: [requestRow('GET', 'search', 100)] };
  const text = JSON.stringify(unnamed).replaceAll(
    '"requestsPerSecond"',
    '"failuresPerSecond":0,$&',
  );
  const other = compare([was, results(JSON.parse(text) as object)]).stdout;
  expect(other).toContain('no request of "GET /orders" in the run');
  expect(other).toContain('the option name: "/login" of its call sets the name');
});
