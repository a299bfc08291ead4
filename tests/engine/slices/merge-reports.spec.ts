/** Blob reports of a small suite, merged as by a user: verdict, reports and exit code. */
import { expect, test } from '@playwright/test';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '../../faults/fault-matrix.ts';
import { AllureReport, generateReport } from '../report/allure-report.ts';
import { allureResultsIn } from '../report/nested-playwright.ts';
import { requests, writeLog } from '../report/make-log.ts';
import { repeat } from '../budgets/make-result.ts';
import { BlobSuite } from './blob-suite.ts';

test(
  'missing, doubled and foreign slices are named; what no slice reaches alone all reach together: exit code 0',
  { annotation: fault(38), tag: '@long' },
  async () => {
    const suite = new BlobSuite();
    await suite.slice('1/2', '> 150 /s');
    await suite.slice('2/2', '> 150 /s', { settings: { SEED: '2', COMMIT: 'f00d' } });
    const doubled = join(suite.blobs, 'again.zip');
    copyFileSync(join(suite.blobs, '1-of-2.zip'), doubled);
    const unfit = await suite.merge();
    expect(unfit.code).toBe(1);
    expect(unfit.results.loads.map(({ verdict }) => verdict)).toEqual(['invalid']);
    const texts = unfit.results.loads[0]?.invalid.map(({ text }) => text) ?? [];
    expect(texts).toEqual([
      expect.stringContaining('slice 2 of 2 is missing'),
      expect.stringContaining('slice 1 of 2 (here) is doubled: 2 logs'),
      'slice 2 of 2 (here) is foreign, and left out: seed 2, not 1; commit f00d, not unknown',
    ]);

    rmSync(doubled);
    await suite.slice('2/2', '> 150 /s');
    const { code, output, results, html } = await suite.merge();
    expect(code, output).toBe(0);
    // Nothing of the first merge is left.
    expect(results.loads.map(({ log, verdict, slice }) => [log, verdict, slice])).toEqual([
      ['rag-service-steady-5-users.ndjson', 'pass', { index: 1, count: 1 }],
    ]);
    expect(results.loads[0]?.totals.scheduled).toBe(600);
    expect(html).toContain('Budgets met: ');
    expect(output).toContain('2 passed');
  },
);

test(
  'what each keeps alone all break together, and a log that can’t be read spoils its own load: red',
  { tag: '@long' },
  async () => {
    const suite = new BlobSuite();
    const settings = { LEVELS: '5-users < 150 /s, 6-users > 150 /s!, 7-users > 150 /s' };
    for (const slice of ['1/2', '2/2']) await suite.slice(slice, '', { settings });
    const { code, output, results, html } = await suite.merge();
    expect(code).toBe(1);
    expect(results.loads.map(({ level, verdict }) => [level, verdict])).toEqual([
      ['5-users', 'fail'],
      ['6-users', 'invalid'],
      ['7-users', 'pass'],
    ]);
    expect(output).toContain('4 failed');
    expect(output).toContain('2 passed');

    await test.step('the verdict over all is in every report', () => {
      for (const text of [output, html]) {
        expect(text).toContain('Budget not met: throughput is 200 /s');
      }
      expect(html).toMatch(/"unexpected":4\b/);
      const told = html.match(/"type":"slices?","description":"[^"]*"/g) ?? [];
      expect(new Set(told)).toContain('"type":"slices","description":"2; clocks not compared"');
      // One test with one load, however many slices ran it, and the verdict on the whole.
      const allure = allureResultsIn(join(suite.folder, 'reports'));
      expect(allure).toHaveLength(3);
      const broken = allure.find(({ name }) => name.startsWith('5-users'));
      expect(broken?.statusDetails.message).toContain('Budget not met: throughput is 200 /s');
      const parameters = new Map(broken?.parameters.map(({ name, value }) => [name, value]));
      expect([parameters.get('slices'), parameters.has('slice')]).toEqual([
        '2; clocks not compared',
        false,
      ]);
    });

    await test.step('Allure’s report has the tree, the environment and the verdicts of the merge', async () => {
      await generateReport(suite.folder);
      const report = new AllureReport(join(suite.folder, 'reports/allure'));
      expect(report.tree).toEqual([
        'rag-service › steady › 5-users › 5-users < 150 /s: failed',
        'rag-service › steady › 6-users › 6-users > 150 /s!: failed',
        'rag-service › steady › 7-users › 7-users > 150 /s: passed',
      ]);
      expect(report.categories['Budget not met']).toEqual(['5-users < 150 /s']);
      expect(report.environment).toMatchObject({ Seed: '1', Targets: 'reference services' });
    });

    await test.step('the log that can’t be read is named', () => {
      expect(output).toMatch(/rag-service-steady-6-users: not merged: .*:3: /);
      expect(html).toContain('not merged');
      expect(results.unreadable.map(({ log }) => log)).toContain('rag-service-steady-6-users');
    });
  },
);

test(
  'whole loads need no slices; a shard that is missing and a log that no blob tells of are red',
  { annotation: fault(38) },
  async () => {
    const suite = new BlobSuite();
    await suite.slice('1/1', '> 1 /s', { words: ['--shard=1/2'] });
    // Also a log that no blob contains, of a slice that was killed.
    const plan = { plan: { testId: 'killed', slice: { index: 1, count: 2 } } };
    const seconds = repeat([requests([100])], 3);
    writeLog(join(suite.run, 'slices/1-of-2/killed.ndjson'), { seconds, plan, end: false });
    const sharded = await suite.merge();
    expect(sharded.code).toBe(1);
    expect(sharded.output).toContain('shard 2 of 2 is missing: no blob of it is here');
    expect(sharded.results.unreadable.map(({ log }) => log)).toEqual(['shard 2 of 2', 'killed']);
    expect(sharded.results.loads.map(({ testId, verdict }) => [testId, verdict])).toEqual([
      ['killed', 'invalid'],
      ['rag-service-steady-5-users', 'pass'],
    ]);
    expect(sharded.output).toContain('killed: invalid, and no blob contains it');
  },
);
