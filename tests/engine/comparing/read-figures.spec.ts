import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFigures } from '../../../load/comparing/compare.ts';
import { loadEntry, resultsOf } from '../../../load/report/files/results-json.ts';
import { figuresJson } from '../../../load/platform/json-file.ts';
import { judge } from '../../../load/budgets/judge.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { failing, invalid } from '../budgets/failing-results.ts';
import { makeResult, repeat } from '../budgets/make-result.ts';
import {
  locustCsv,
  namedCsv,
  sourceBaselineCsv,
  twoTasks,
  writeText,
  type LocustRow,
} from './plain-files.ts';

const kept = fileURLToPath(new URL('kept', import.meta.url));

function given(name: string, text: string): string {
  return writeText(test.info().outputPath(name), text);
}

function resultsJson(results: readonly Result[]): string {
  const loads = results.map((result, i) =>
    loadEntry(result, judge(result), `/run/load-${i}.ndjson`),
  );
  return figuresJson(resultsOf('run-1', loads, []));
}

test('the figures of an older pipeline are read by system', () => {
  const { kind, entries, notes } = readFigures(join(kept, 'source-baseline.json'));
  expect({ kind, notes, tests: entries.map((one) => one.test) }).toEqual({
    kind: 'plain figures',
    notes: [],
    tests: ['api_gateway', 'rag_service', 'mcp_server'],
  });
  expect(entries[0]?.figures).toEqual({
    users: '1',
    averageMs: 150,
    medianMs: 120,
    p95Ms: 210,
    p99Ms: 255,
    requestsPerSecond: 50,
    requests: 300,
    failures: 1,
    errorShare: 1 / 300,
  });
});

test('what holds no figures beside those that do is left out with a note', () => {
  const path = join(kept, 'source-progressive.json');
  const { entries, notes } = readFigures(path);
  expect(entries.map((one) => one.test)).toEqual(['api_gateway', 'rag_service']);
  expect(entries[1]?.figures.p95Ms).toBeUndefined();
  expect(notes).toEqual(['source-progressive.json: expected holds no figures and is left out']);
});

test('a Locust CSV gives the figures that stand in it, row by row', () => {
  const { kind, entries } = readFigures(given('api_gateway_stats.csv', locustCsv(twoTasks)));
  expect(kind).toBe('Locust CSV');
  const latencies = { averageMs: 150.4, medianMs: 120, p99Ms: 510 };
  expect(entries).toEqual([
    {
      test: 'api_gateway',
      system: 'api_gateway',
      figures: {
        ...latencies,
        p95Ms: 380,
        requestsPerSecond: 12.75,
        requests: 360,
        failures: 3,
        errorShare: 3 / 360,
      },
      tasks: new Map([
        [
          'POST /v1/chat, long',
          {
            ...latencies,
            p95Ms: 410,
            requestsPerSecond: 4.25,
            requests: 120,
            failures: 3,
            errorShare: 3 / 120,
          },
        ],
        [
          'GET /v1/models',
          {
            ...latencies,
            p95Ms: 98,
            requestsPerSecond: 8.5,
            requests: 240,
            failures: 0,
            errorShare: 0,
          },
        ],
      ]),
    },
  ]);
});

test('a name has its method in front; one that was never answered is left out', () => {
  const rows: LocustRow[] = [
    { type: 'GET', name: '/item', requests: 5 },
    { type: 'POST', name: '/item', requests: 6 },
    { type: 'GET', name: 'Total', requests: 7 },
    { type: 'GET', name: '/never', requests: 0, p95: 'N/A' },
    { name: 'Aggregated', requests: 18, p95: 'N/A' },
  ];
  const [entry] = readFigures(given('x_stats.csv', locustCsv(rows)), 'shop').entries;
  expect([...(entry?.tasks.keys() ?? [])]).toEqual(['GET /item', 'POST /item', 'GET Total']);
  expect(entry).toMatchObject({ test: 'shop', figures: { requests: 18 } });
  expect(entry?.figures).not.toHaveProperty('p95Ms');
});

test('a CSV of Locust before 1.0 is read, without the percentiles that it had not', () => {
  const text = [
    '"Method","Name","# requests","# failures","Median response time","Average response time","Min response time","Max response time","Average Content Size","Requests/s"',
    '"GET","/",51,0,4,3,2,6,12274,0.89',
    '"None","Total",51,0,4,3,2,6,12274,0.89',
  ];
  const [entry] = readFigures(given('shop_stats.csv', text.join('\r\n'))).entries;
  expect(entry?.figures).toEqual({
    averageMs: 3,
    medianMs: 4,
    requestsPerSecond: 0.89,
    requests: 51,
    failures: 0,
    errorShare: 0,
  });
});

test('a CSV with a row per service gives the figures of each', () => {
  const { kind, entries, notes } = readFigures(given('baseline.csv', sourceBaselineCsv), 'unasked');
  expect({ kind, notes, tests: entries.map(({ test: name, system }) => [name, system]) }).toEqual({
    kind: 'CSV by service',
    notes: [],
    tests: ['api_gateway', 'rag_service', 'mcp_server'].map((name) => [name, name]),
  });
  expect(entries[1]?.figures).toEqual({
    averageMs: 2500,
    medianMs: 2000,
    requestsPerSecond: 25,
    requests: 150,
    failures: 0,
    errorShare: 0,
  });
});

test('its columns may bear the names of plain figures: then it says what the JSON says', () => {
  const json = readFigures(join(kept, 'source-baseline.json'));
  expect(readFigures(given('named.csv', namedCsv)).entries).toEqual(json.entries);
});

test('a service that got no request is left out with a note', () => {
  const rows = [
    { name: 'shop', requests: 5 },
    { name: 'chat', requests: 0 },
  ];
  const { entries, notes } = readFigures(given('services.csv', locustCsv(rows)));
  expect(entries.map((one) => one.test)).toEqual(['shop']);
  expect(notes).toEqual(['services.csv: chat got no request and is left out']);
});

test('results.json gives the figures of its table, errors as the error rate counts them', () => {
  const path = given('results.json', resultsJson([failing()]));
  const { runId, entries } = readFigures(path);
  expect(runId).toBe('run-1');
  expect(entries[0]).toMatchObject({ test: 'load-0', system: 'rag-service' });
  const [query] = [...(entries[0]?.tasks.values() ?? [])];
  expect(query).toMatchObject({ p95Ms: Infinity, medianMs: 400 });
  expect(entries[0]?.figures).toMatchObject({ requests: 411, users: '5' });
  const others = { degraded: 4, throttled: 3, failed: 2 };
  const mixed = makeResult({ intervals: [{ series: [{ okMs: repeat(100, 11), others }] }] });
  const [load] = readFigures(given('results.json', resultsJson([mixed]))).entries;
  expect(load?.figures).toMatchObject({ requests: 20, failures: 2, errorShare: 0.1 });
});

test('a throughput is of what ended ok: what only waits completes nothing', () => {
  const seconds = repeat({ series: [{ okMs: repeat(100, 10), others: { interrupted: 30 } }] }, 3);
  const path = given('results.json', resultsJson([makeResult({ intervals: seconds })]));
  expect(readFigures(path).entries[0]?.figures.requestsPerSecond).toBe(10);
});

test('loads without a verdict on the target are left out, and named', () => {
  const cut = makeResult({ end: { cause: 'interrupted' } });
  const one = makeResult({ intervals: [{ series: [{ okMs: [5] }] }] });
  const path = given('results.json', resultsJson([invalid(), cut, one, makeResult()]));
  const { entries, unusable } = readFigures(path);
  expect(entries.map((entry) => entry.test)).toEqual(['load-3']);
  expect(unusable).toEqual([
    'load-0: invalid, no verdict on the target; left out',
    'load-1: interrupted; left out',
    'load-2: fewer than two requests; left out',
  ]);
});
