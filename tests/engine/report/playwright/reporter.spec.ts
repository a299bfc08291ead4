import { expect, test } from '@playwright/test';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  attachLog,
  attachResult,
  attachUnjudged,
} from '../../../../load/report/playwright/attachments.ts';
import { announcePair } from '../../../../load/report/playwright/pair-attachments.ts';
import LoadReporter from '../../../../load/report/playwright/reporter.ts';
import type { Results } from '../../../../load/report/files/results-json.ts';
import { budget, repeat } from '../../budgets/make-result.ts';
import { decidedEnd, pairPlan } from '../../paired/make-pair.ts';
import { makeRounds } from '../../paired/make-round.ts';
import { loadOf, requests, writeLog, type MadeLog } from '../make-log.ts';

const passing: MadeLog = { seconds: repeat([requests(repeat(100, 200))], 3) };
const slow: MadeLog = { ...passing, plan: { budgets: [budget('p50', '< 50 ms')] } };
const testCase = {
  expectedStatus: 'passed',
  titlePath: () => ['', 'steady', 'shop.spec.ts', 'holds 5 users'],
  location: { file: join(process.cwd(), 'tests/shop.spec.ts'), line: 7, column: 1 },
} as TestCase;

class Run {
  readonly folder = test.info().outputPath('run');
  readonly reporter: LoadReporter;
  printed = '';
  complaints = '';

  constructor(quiet = false) {
    this.reporter = new LoadReporter({
      runFolder: this.folder,
      quiet,
      print: (text) => {
        this.printed += text;
      },
      complain: (text) => {
        this.complaints += text;
      },
    });
    const projects = { projects: [], filteredProjects: [] };
    this.reporter.onBegin({ reporter: [['list', { omitFailures: true }]], ...projects });
  }

  /** `dies`: the worker is gone before it could judge. */
  testOf(name: string, log: MadeLog, status = 'passed', dies = false): TestResult {
    const path = join(this.folder, `${name}.ndjson`);
    writeLog(path, log);
    const sink = { attachments: [], annotations: [] };
    attachLog(sink, path);
    if (!dies) attachResult(sink, loadOf(log));
    return { status, errors: [], attachments: sink.attachments } as unknown as TestResult;
  }

  end(result: TestResult): void {
    this.reporter.onTestBegin(testCase, result);
    this.reporter.onTestEnd(testCase, result);
  }

  get results(): Results {
    return JSON.parse(readFileSync(join(this.folder, 'results.json'), 'utf8')) as Results;
  }
}

test('prints figures and verdict at the end of each test, and a line over all', async () => {
  const run = new Run();
  run.end(run.testOf('a-steady', passing));
  expect(run.printed).toMatch(/^\na-steady\n\ntask +requests/);
  expect(run.printed).toContain('\nsum                    600         600\n');
  expect(run.printed).toContain('\n\nBudgets met: all 5\n');
  run.end(run.testOf('b-steady', slow, 'failed'));
  expect(run.printed).toContain(
    '\n\nBudget not met: p50 is 100 ms, limit < 50 ms, missed from 0:00 to 0:03, worst at 0:00\n',
  );
  await run.reporter.onEnd();
  expect(run.printed).toMatch(/\nload +users +requests\/s +average +p95 +errors +verdict\n/);
  expect(run.printed).toMatch(/^a-steady +5 +200 +100 ms +100 ms +0 +pass$/m);
  expect(run.printed).toMatch(/^b-steady +5 +200 +100 ms +100 ms +0 +FAIL$/m);
  expect(run.printed).toMatch(/\nLoad: 10 of 11 budgets met in 2 loads; report: .*index\.html\n$/);
  expect(run.results.loads.map(({ log, testStatus }) => [log, testStatus])).toEqual([
    ['a-steady.ndjson', 'passed'],
    ['b-steady.ndjson', 'failed'],
  ]);
  expect(run.complaints).toBe('');
});

test('quiet: of a pass a line, of anything else the verdict', () => {
  const run = new Run(true);
  run.end(run.testOf('a-steady', passing));
  expect(run.printed).toBe('\na-steady: Budgets met: all 5\n');
  run.end(run.testOf('b-steady', slow, 'failed'));
  expect(run.printed).toContain('\nb-steady\n\nBudget not met: p50 is 100 ms');
  expect(run.printed).not.toContain('outcome ');
});

test('a worker that was killed: its log is reported at the end, as invalid', async () => {
  const run = new Run();
  run.end(run.testOf('a-steady', { ...passing, end: false }, 'failed', true));
  expect(run.printed).toBe('\n  1) [steady] › tests/shop.spec.ts:7:1 › holds 5 users\n');
  await run.reporter.onEnd();
  expect(run.printed).toContain('\na-steady\n\ntask ');
  expect(run.printed).toContain('\n\nInvalid instrument: log breaks off at 3 s of 300 s');
  expect(run.printed).toContain('0 of 5 budgets met in 1 load; invalid: a-steady; report: ');
});

test('an interrupted run: a test that never ended is in the report, and marked', async () => {
  const run = new Run();
  const result = run.testOf('a-steady', { ...passing, end: false }, 'interrupted', true);
  run.reporter.onTestBegin(testCase, result);
  await run.reporter.onEnd();
  expect(run.results.loads[0]).toMatchObject({ verdict: 'invalid', interrupted: true });
  expect(run.printed).toContain('; invalid: a-steady; interrupted: a-steady; report: ');
});

test('a load that was interrupted and drained', async () => {
  const run = new Run();
  const end = { cause: 'interrupted', detail: 'the run was interrupted' } as const;
  run.end(run.testOf('a-steady', { ...passing, end }, 'interrupted'));
  expect(run.printed).toContain('(interrupted)');
  await run.reporter.onEnd();
  expect(run.results.loads[0]).toMatchObject({ verdict: 'no-data', interrupted: true });
});

test('a load that nobody judged: no row of it passes, and it is named', async () => {
  const run = new Run();
  const result = run.testOf('a-steady', passing, 'failed');
  attachUnjudged({ ...result, annotations: [] }, join(run.folder, 'a-steady.ndjson'));
  run.end(result);
  run.end(run.testOf('b-steady', passing));
  await run.reporter.onEnd();
  const [, judged, unjudged] = run.printed.split(/^(?=[ab]-steady$)/m);
  expect(judged).toMatch(/^all .* pass$/m);
  expect(unjudged).toMatch(/^all .* –$/m);
  expect(unjudged).toContain('\n\nNot judged: nobody called expect(result)');
  expect(run.printed).toContain('5 of 10 budgets met in 2 loads; unjudged: a-steady; report: ');
  expect(readFileSync(join(run.folder, 'summary.md'), 'utf8')).toMatch(
    /^\| a-steady \| – \| 0 of 5 .* not judged, test failed \|$/m,
  );
});

test('is silent where no load ran, and under --list, whatever is in the folder', async () => {
  const run = new Run();
  await run.reporter.onEnd();
  expect(existsSync(run.folder)).toBe(false);
  writeLog(join(run.folder, 'older.ndjson'), passing);
  run.end({ status: 'passed', attachments: [] } as unknown as TestResult);
  await run.reporter.onEnd();
  expect([run.printed, run.complaints]).toEqual(['', '']);
  expect(existsSync(join(run.folder, 'results.json'))).toBe(false);
});

test('a log that is gone or broken is complained of, the others are reported', async () => {
  const run = new Run();
  const result = run.testOf('a-steady', passing);
  const lost = { name: 'interval log', contentType: 'application/x-ndjson', path: '/no/b.ndjson' };
  run.end(result);
  run.end({ status: 'failed', errors: [], attachments: [lost] } as unknown as TestResult);
  await run.reporter.onEnd();
  expect(run.complaints).toBe(
    "load report: ENOENT: no such file or directory, open '/no/b.ndjson'\n",
  );
  expect(run.results.loads).toHaveLength(1);
});

test('what it cannot write it complains of, and throws nothing', async () => {
  const run = new Run();
  const result = run.testOf('a-steady', passing);
  // A folder in the place of the file, as root may write anywhere.
  mkdirSync(join(run.folder, 'results.json', 'x'), { recursive: true });
  writeFileSync(join(run.folder, 'results.json', 'x', 'y'), '');
  run.end(result);
  await run.reporter.onEnd();
  expect(run.printed).toContain('Budgets met');
  expect(run.complaints).toMatch(/^load report: .*results\.json/);
});

test('logs outside of the folder, as merged blobs have them, are reported, too', async () => {
  const run = new Run();
  const elsewhere = test.info().outputPath('blobs/1a2b.ndjson');
  writeLog(elsewhere, passing);
  const sink = { attachments: [], annotations: [] };
  attachLog(sink, elsewhere);
  attachResult(sink, loadOf(passing));
  run.end({ status: 'passed', attachments: sink.attachments } as unknown as TestResult);
  await run.reporter.onEnd();
  expect(run.results.loads.map(({ testId }) => testId)).toEqual(['rag-service-steady-5-users']);
});

test('prints beside the outcomes of the tests, not in place of them', () => {
  expect(new LoadReporter().printsToStdio()).toBe(false);
});

test('the page is linked to every test that sent load, also to a pair', async () => {
  const run = new Run();
  const info = { attachments: [], annotations: [], project: { name: 'pair' } };
  const path = join(run.folder, 'shop.pair.jsonl');
  mkdirSync(run.folder, { recursive: true });
  const lines = [pairPlan, ...makeRounds(2, 1), decidedEnd];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  announcePair(info, pairPlan, path);
  const pair = { status: 'passed', errors: [], attachments: info.attachments };
  const load = run.testOf('a-steady', passing);
  const neither = { status: 'passed', errors: [], attachments: [] };
  for (const one of [pair, load, neither]) run.end(one as unknown as TestResult);
  await run.reporter.onEnd({ status: 'passed' });
  const linked = [pair, load, neither].map(({ attachments }) =>
    attachments.some(({ name }: { name: string }) => name === 'load report'),
  );
  expect(linked).toEqual([true, true, false]);
});
