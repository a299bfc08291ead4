/** Blob reports of a small suite, merged as a user merges them: verdict, reports and exit code. */
import { expect, test } from '@playwright/test';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { allureResultsIn } from '../report/nested-playwright.ts';
import { requests, writeLog } from '../report/make-log.ts';
import { repeat } from '../budgets/make-result.ts';
import { BlobSuite } from './blob-suite.ts';

test('what no slice reaches alone all reach together, when the last blob has come: green, exit code 0', async () => {
  const suite = new BlobSuite();
  await suite.slice('1/2', '> 150 /s');
  expect((await suite.merge()).results.loads.map(({ verdict }) => verdict)).toEqual(['invalid']);
  await suite.slice('2/2', '> 150 /s');
  const { code, output, results, html } = await suite.merge();
  expect(code, output).toBe(0);
  // Of the first merge nothing remains.
  expect(results.loads.map(({ log, verdict, slice }) => [log, verdict, slice])).toEqual([
    ['rag-service-steady-5-users.ndjson', 'pass', { index: 1, count: 1 }],
  ]);
  expect(results.loads[0]?.totals.scheduled).toBe(600);
  expect(html).toContain('Budgets met: ');
  expect(output).toContain('2 passed');
});

test('what each keeps alone all break together: red in every report, exit code 1', async () => {
  const suite = new BlobSuite();
  for (const slice of ['1/2', '2/2']) await suite.slice(slice, '< 150 /s');
  const { code, output, results, html } = await suite.merge();
  expect(code).toBe(1);
  expect(results.loads.map(({ verdict }) => verdict)).toEqual(['fail']);
  expect(output).toContain('Budget not met: throughput is 200 /s');
  expect(output).toContain('2 failed');
  expect(html).toContain('Budget not met: throughput is 200 /s');
  expect(html).toMatch(/"unexpected":2\b/);
  const told = html.match(/"type":"slices?","description":"[^"]*"/g) ?? [];
  expect([...new Set(told)].sort()).toEqual([
    ...['"type":"slice","description":"2 of 2"'],
    ...['"type":"slices","description":"2; clocks not compared"'],
  ]);
  // One test of one load, however many slices ran it, with the verdict over all of them.
  const [allure, ...others] = allureResultsIn(join(suite.folder, 'reports'));
  expect(others).toEqual([]);
  expect(allure?.statusDetails.message).toContain('Budget not met: throughput is 200 /s');
  const parameters = new Map(allure?.parameters.map(({ name, value }) => [name, value]));
  expect([parameters.get('slices'), parameters.has('slice')]).toEqual([
    ...['2; clocks not compared', false],
  ]);
});

test('logs of a load that no blob tells of, and that did not pass, are no green run', async () => {
  const suite = new BlobSuite();
  await suite.slice('1/1', '> 50 /s');
  const plan = { plan: { testId: 'killed', slice: { index: 1, count: 2 } } };
  const seconds = repeat([requests([100])], 3);
  writeLog(join(suite.run, 'slices/1-of-2/killed.ndjson'), { seconds, plan, end: false });
  const { code, output, results } = await suite.merge();
  expect(code).toBe(1);
  expect(output).toContain('killed: invalid, and no blob tells of it');
  expect(results.loads.map(({ verdict }) => verdict).sort()).toEqual(['invalid', 'pass']);
});

test(
  'missing, doubled and foreign slices: invalid, each named',
  { annotation: { type: 'fault', description: '38' } },
  async () => {
    const suite = new BlobSuite();
    await suite.slice('1/4', '> 1 /s');
    await suite.slice('2/4', '> 1 /s');
    await suite.slice('4/4', '> 1 /s', { settings: { SEED: '2', COMMIT: 'f00d' } });
    copyFileSync(join(suite.blobs, '2-of-4.zip'), join(suite.blobs, 'again.zip'));
    const { code, results } = await suite.merge();
    expect(code).toBe(1);
    expect(results.loads.map(({ verdict }) => verdict)).toEqual(['invalid']);
    const texts = results.loads[0]?.invalid.map(({ text }) => text) ?? [];
    expect(texts).toEqual([
      expect.stringContaining('slices 3, 4 of 4 are missing'),
      expect.stringContaining('slice 2 of 4 (here) is doubled: 2 logs'),
      'slice 4 of 4 (here) is foreign, and left out: seed 2, not 1; commit f00d, not unknown',
    ]);
  },
);

test('a log that can’t be read spoils its own load, and every report is written', async () => {
  const suite = new BlobSuite();
  for (const slice of ['1/2', '2/2'])
    await suite.slice(slice, '> 150 /s', { settings: { BREAKS: '1' } });
  const { code, output, results, html } = await suite.merge();
  expect(code).toBe(1);
  expect(output).toContain('2 failed');
  expect(output).toMatch(/rag-service-steady-5-users: not merged: .*:3: /);
  expect(html).toContain('not merged');
  expect(results.unreadable.map(({ log }) => log)).toContain('rag-service-steady-5-users');
});

test(
  'whole loads need no slices, and a shard that is missing is red',
  { annotation: { type: 'fault', description: '38' } },
  async () => {
    const suite = new BlobSuite();
    await suite.slice('1/1', '> 1 /s');
    const { code, output, results } = await suite.merge();
    expect(code, output).toBe(0);
    expect(results.loads.map(({ log, verdict }) => [log, verdict])).toEqual([
      ['rag-service-steady-5-users.ndjson', 'pass'],
    ]);

    await suite.slice('1/1', '> 1 /s', { words: ['--shard=1/2'] });
    const sharded = await suite.merge();
    expect(sharded.code).toBe(1);
    expect(sharded.output).toContain('shard 2 of 2 is missing: no blob of it is here');
    expect(sharded.results.unreadable.map(({ log }) => log)).toEqual(['shard 2 of 2']);
    // The load that was there before is the same recording, if under another blob.
    expect(sharded.results.loads.at(-1)?.verdict).toBe('pass');
  },
);
