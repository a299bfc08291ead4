import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { loadEntry, resultsOf } from '../../../../load/report/files/results-json.ts';
import { figuresJson } from '../../../../load/platform/json-file.ts';
import { failing, invalid } from '../../budgets/failing-results.ts';
import { makeResult } from '../../budgets/make-result.ts';

function entryOf(result: ReturnType<typeof makeResult>, status?: string) {
  return loadEntry(result, judge(result), '/run/rag-service-steady-5-users.ndjson', status);
}

test('a load says what it was, what it did and what came of it', () => {
  const entry = entryOf(failing(), 'failed');
  expect(entry).toMatchObject({
    testId: 'rag-service-steady-5-users',
    log: 'rag-service-steady-5-users.ndjson',
    verdict: 'fail',
    testStatus: 'failed',
    shortened: false,
    interrupted: false,
    end: { cause: 'completed', reachedMs: 34_000, plannedMs: 300_000 },
    totals: { judgedScheduled: 411, scheduled: 411, ended: 411, judged: { ok: 378, timeout: 30 } },
  });
  expect(entry.judgements[6]).toMatchObject({
    name: 'index documents: p95',
    task: 'index documents',
    metric: 'p95',
    limit: '< 5 s',
    status: 'no-data',
    value: 1200,
    samples: 62,
    needed: 72,
    shown: { status: 'no data', observed: '1.2 s', samples: '62 of 72' },
  });
});

test('a log that breaks off has no reason for its end', () => {
  const entry = entryOf(invalid());
  expect(entry.end).toEqual({ reachedMs: 1300, plannedMs: 300_000 });
  expect(entry.verdict).toBe('invalid');
  expect(entry.invalid[0]).toMatchObject({ rule: 'brokenOff', atMs: 1300 });
  expect(Object.keys(entry)).not.toContain('testStatus');
});

test('a test that Playwright calls interrupted is marked so, whatever its log says', () => {
  expect(entryOf(makeResult(), 'interrupted').interrupted).toBe(true);
  expect(entryOf(makeResult({ end: { cause: 'interrupted' } })).interrupted).toBe(true);
  expect(entryOf(makeResult(), 'passed').interrupted).toBe(false);
});

test('as JSON: versioned, ∞ as text, null where there is nothing', () => {
  const text = figuresJson(resultsOf('run-1', [entryOf(failing())], []));
  const results = JSON.parse(text) as {
    loads: { statistics: { rows: { name: string; ms: Record<string, unknown> }[] } }[];
  };
  expect(results).toMatchObject({
    schema: 2,
    runId: 'run-1',
    unreadable: [],
    totals: {
      loads: 1,
      shortened: 0,
      interrupted: 0,
      budgets: { met: 6, judged: 9, total: 12 },
      verdicts: { pass: 0, fail: 1, 'no-data': 0, invalid: 0 },
    },
  });
  const [query] = results.loads[0]!.statistics.rows;
  expect(query).toMatchObject({ name: 'query', ms: { p50: 400, p95: 'Infinity' } });
  const empty = figuresJson(resultsOf('run-1', [entryOf(makeResult({ intervals: [] }))], []));
  expect(empty).toContain('"p95": null');
  expect(empty).not.toMatch(/NaN/);
});

test('budgets of an invalid run are not met', () => {
  const { totals } = resultsOf('run-1', [entryOf(invalid()), entryOf(makeResult())], []);
  expect(totals.budgets).toEqual({ met: 5, judged: 11, total: 11 });
});
