/** Every figure has one value: a load's files, its page, Allure and the console all agree. */
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figureText } from '../../../../load/metrics/figure-text.ts';
import { locustFigures } from '../../../../load/comparing/locust-csv.ts';
import { performanceSamples } from '../../../../load/report/allure/performance.ts';
import { rebuild } from '../../../../load/report/files/rebuild.ts';
import {
  resultsFileSchema,
  resultsJsonSchema,
} from '../../../../load/report/files/results-schema.ts';
import type { LoadPage } from '../../../../load/report/html/page-data.ts';
import { statisticsText } from '../../../../load/report/text/statistics-table.ts';
import { budget, repeat } from '../../budgets/make-result.ts';
import { requests, writeLog, type MadeLog } from '../make-log.ts';

const millis = Array.from({ length: 200 }, (_, i) => 10 + i * 1.7);

/** Two tasks, of which one sends two requests, and some that fail. */
const made: MadeLog = {
  seconds: repeat(
    [
      requests(millis, { bytesReceived: 12_345 }),
      requests(millis.slice(0, 40), { task: 'index documents', request: 'upload', method: 'PUT' }),
      requests([3.25, 4.5], {
        task: 'index documents',
        request: 'POST commit',
        method: 'POST',
        others: { failed: 1 },
        errors: [{ kind: 'status 500', count: 1, firstMs: 10, lastMs: 20, sample: 'no, "thanks"' }],
      }),
    ],
    4,
  ),
  plan: { budgets: [budget('p95', '< 100 ms'), budget('errorRate', '< 5 %')] },
};

async function reported() {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  writeLog(join(folder, 'shop.ndjson'), made);
  const { results } = await rebuild(folder);
  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const page = /id="data-load-0">(.*?)<\/script>/.exec(textOf('index.html'))![1]!;
  return { folder, textOf, load: results.loads[0]!, page: JSON.parse(page) as LoadPage };
}

const locustColumns =
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,' +
  'Max Response Time,Average Content Size,Requests/s,Failures/s,' +
  '50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%';

test('every cell of the statistics is one figure in CSV, JSON, on the page and on the console', async () => {
  const { textOf, load, page } = await reported();
  const [header, ...lines] = parse(textOf('shop_stats.csv'));
  expect(header!.join()).toBe(locustColumns);
  const console = statisticsText(load.statistics);
  const rows = load.statistics.rows.filter(({ kind }) => kind !== 'okOnly');
  const leaves = rows.filter(({ name, kind }) => kind !== 'task' || name === 'query');
  expect(lines.map(([type, name]) => [type, name])).toEqual([
    ['request', 'query'],
    ['PUT', 'upload'],
    ['POST', 'commit'],
    ['', 'Aggregated'],
  ]);
  for (const [i, row] of leaves.entries()) {
    const { ms, percentilesMs } = row;
    const figures = [
      row.requests,
      row.failures,
      percentilesMs['50%'],
      ms.avg,
      ms.min,
      ms.max,
      row.averageBytes,
      row.requestsPerSecond,
      row.failuresPerSecond,
      ...Object.values(percentilesMs),
    ];
    expect(lines[i]!.slice(2)).toEqual(figures.map(String));
  }
  const titles = page.statistics.columns.map(({ title }) => title);
  for (const [i, row] of load.statistics.rows.entries()) {
    const cells = page.statistics.rows[i]!.cells;
    const shown = (title: string) => cells[titles.indexOf(title)];
    for (const [name, value] of Object.entries(row.percentilesMs)) {
      const sorted = value === Infinity ? '∞' : value;
      expect(shown(name)).toEqual([figureText(value, 'time'), sorted]);
    }
    for (const name of ['p50', 'p95', 'p99', 'max'] as const) {
      expect(console).toContain(figureText(row.ms[name], 'time'));
    }
    expect(shown('average')).toEqual([figureText(row.ms.avg, 'time'), row.ms.avg]);
    expect(shown('req/s')).toEqual([
      figureText(row.requestsPerSecond, 'number'),
      row.requestsPerSecond,
    ]);
  }
});

test('Allure and the summary in the form of k6 have the same figures', async () => {
  const { textOf, load } = await reported();
  const all = load.statistics.rows.find(({ kind }) => kind === 'all')!;
  const samples = new Map(
    performanceSamples(textOf('results.json')).map((one) => [one.title, one]),
  );
  expect(samples.get('p95')).toMatchObject({
    value: all.ms.p95,
    unit: 'ms',
    better: 'lower',
    limit: { op: '<', value: 100 },
  });
  expect(samples.get('errorRate')?.value).toBeCloseTo((all.errors / all.requests) * 100, 12);
  const { metrics } = JSON.parse(textOf('shop.k6-summary.json')) as {
    metrics: Record<string, { values: Record<string, unknown>; thresholds: unknown }>;
  };
  expect(metrics['http_req_duration']!.values).toMatchObject({
    avg: all.ms.avg,
    med: all.ms.p50,
    'p(95)': all.ms.p95,
    max: 'Infinity',
  });
  expect(metrics['http_req_duration']!.thresholds).toEqual({ 'p95 < 100 ms': { ok: false } });
  expect(metrics['http_reqs']!.values).toEqual({ count: 972, rate: all.requestsPerSecond });
});

test('Python reads the CSV files, and a script that takes columns by their place its p95', async () => {
  const { folder, load } = await reported();
  const script = [
    'import csv, sys, json',
    'rows = {n: list(csv.reader(open(f"shop_{n}.csv", newline=""))) for n in sys.argv[1:]}',
    'print(json.dumps({"p95": float(rows["stats"][-1][16]), "widths": {n: sorted({len(r) for r in t}) for n, t in rows.items()}, "failures": rows["failures"][1:]}))',
  ].join('\n');
  const names = ['stats', 'stats_history', 'failures', 'exceptions'];
  const told = execFileSync('python3', ['-c', script, ...names], { cwd: folder, encoding: 'utf8' });
  const all = load.statistics.rows.find(({ kind }) => kind === 'all')!;
  expect(JSON.parse(told)).toEqual({
    p95: all.ms.p95,
    widths: { stats: [22], stats_history: [24], failures: [4], exceptions: [4] },
    failures: [['POST', 'commit', 'status 500: no, "thanks"', '4']],
  });
});

test('compare reads them back to the same figures', async () => {
  const { textOf, load } = await reported();
  const { entries, notes } = locustFigures(textOf('shop_stats.csv'), 'shop_stats.csv');
  const all = load.statistics.rows.find(({ kind }) => kind === 'all')!;
  expect(entries[0]!.figures).toMatchObject({
    p95Ms: all.ms.p95,
    averageMs: all.ms.avg,
    requests: all.requests,
    failures: all.failures,
    requestsPerSecond: all.requestsPerSecond,
  });
  expect([...entries[0]!.tasks.keys()]).toEqual(['query', 'PUT upload', 'POST commit']);
  expect(notes).toEqual([]);
});

test('results.json is as its schema says, and the published one is what npm run docs writes', async () => {
  const { textOf } = await reported();
  expect(
    resultsFileSchema.safeParse(JSON.parse(textOf('results.json'))).error?.issues,
  ).toBeUndefined();
  const wrong = textOf('results.json').replace('"kind": "all"', '"kind": "everything"');
  expect(resultsFileSchema.safeParse(JSON.parse(wrong)).success).toBe(false);
  expect(readFileSync('docs/results.schema.json', 'utf8')).toBe(resultsJsonSchema());
});
