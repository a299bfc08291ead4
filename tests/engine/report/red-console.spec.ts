/** A run with red loads on the console: each is reported once, in few lines. */
import { expect, test } from '@playwright/test';
import { repository } from '../../child-processes.ts';
import { makeSuite, runSuite } from './nested-playwright.ts';

const mostLinesALoad = 60;

/** A load with the maximum to report: rows, tasks, kinds of errors, slow requests, stalls. */
const loads = `
import { expect, test } from 'loadwright';
import { announceLoad, attachLog, attachResult } from '${repository}load/report/playwright/attachments.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, requests, writeLog } from '${repository}tests/engine/report/make-log.ts';

const tasks = Array.from({ length: 12 }, (_, i) => 'task ' + i);
const errors = tasks.map((_, i) => ({ kind: 'status ' + (500 + i), count: 1, firstMs: 0, lastMs: 900, sample: 'x' }));
const series = tasks.map((task) => requests(repeat(100, 200), { task, request: task, others: { failed: 12 }, errors }));
const budgets = [
  budget('p50', '< 50 ms'),
  budget('p95', '< 60 ms'),
  ...tasks.flatMap((task) => ['p50', 'p75', 'p90'].map((key) => budget(key, '< 1 s', { task }))),
];
const slow = repeat({ atMs: 700, kind: 'slow', text: 'task 1 took 4000 ms (ok)' }, 20);
const stream = { tasks: tasks.map((name) => ({ name, weight: 1, deadlineMs: 10000, toleratesDegraded: false })) };
const flags = ['REFERENCE_SLOWDOWN=50'];

function load(testInfo, name, plan = {}) {
  const interval = { events: slow, stalls: [{ startMs: 100, endMs: 900, inFlight: 9 }] };
  const log = { seconds: repeat(series, 3), interval, plan: { budgets, stream, plan: { flags, ...plan } } };
  const result = loadOf(log);
  announceLoad(testInfo, result.plan);
  writeLog('run/' + name + '.ndjson', log);
  attachLog(testInfo, 'run/' + name + '.ndjson');
  attachResult(testInfo, result);
  return result;
}

test('bends and recovers', ({}, testInfo) => {
  expect.soft(load(testInfo, 'shop-stress')).toMeetBudget();
  expect(load(testInfo, 'shop-stress-recovery', { part: 'recovery' }), 'recovers').toMeetBudget();
});
test('is of another kind', () => {
  const basket = 1;
  expect(basket).toBe(2);
});
`;

test(
  'each red load is told once, with its table, in at most 60 lines',
  { tag: '@long' },
  async () => {
    const folder = test.info().outputPath('suite');
    makeSuite(folder, loads, { omitFailures: true });
    const { stdout, stderr } = await runSuite(folder);
    expect(stderr).toBe('');
    const [before = '', first = '', other = ''] = stdout.split(/^ {2}\d\) \[steady\] › .*$/m);

    expect(count(stdout, /^Budget not met: p50 is 100 ms, limit < 50 ms/gm)).toBe(2);
    expect(count(stdout, /^FAIL +p50 /gm)).toBe(2);
    expect(stdout).not.toContain('attachment #');
    expect((before + first).split('\n').length).toBeLessThanOrEqual(2 * mostLinesALoad);

    await test.step('what broke, what the errors were, what was switched on', () => {
      expect(first).toContain('\nshop-stress-recovery\n');
      expect(first).toMatch(/^Switched on: REFERENCE_SLOWDOWN=50$/m);
      expect(first).toMatch(/^status 500 +36 +0:00 +0:00 +x$/m);
      expect(first).toContain('more rows are in the reports');
      // The test's own message stays.
      expect(first).toMatch(/^ {4}Error: recovers\n {4} {4}at .*rag-service\.spec\.ts:\d+:\d+$/m);
    });

    await test.step('the first slow requests are named, the others a number', () => {
      expect(count(before, /^0:00 shop-stress: task 1 took 4000 ms/gm)).toBe(5);
    });

    await test.step('a failure of another kind has its code', () => {
      expect(other).toContain('Expected: 2');
      expect(other).toContain('expect(basket).toBe(2);');
    });

    await test.step('all loads stand in one table, before the last line', () => {
      expect(stdout).toMatch(
        /\nload +users .*\nshop-stress +5 .* FAIL\nshop-stress-recovery +5 .* FAIL\n\nLoad: /,
      );
    });
  },
);

test('colours are for a terminal that wants them', { tag: '@soak' }, async () => {
  const folder = test.info().outputPath('suite');
  makeSuite(folder, loads, { omitFailures: true });
  const red = '\u001b[31mFAIL\u001b[39m    p50';
  const terminal = await runSuite(folder, [], { PLAYWRIGHT_FORCE_TTY: '120x40' });
  expect(terminal.stdout).toContain(red);
  const uncoloured = { PLAYWRIGHT_FORCE_TTY: '120x40', NO_COLOR: '1' };
  expect((await runSuite(folder, [], uncoloured)).stdout).not.toContain(red);
  // Playwright colours its own lines by other rules.
  const ours = (await runSuite(folder)).stdout
    .split('\n')
    .filter((line) => /FAIL|Budget/.test(line));
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((line) => line.includes('\u001b'))).toEqual([]);
});

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}
