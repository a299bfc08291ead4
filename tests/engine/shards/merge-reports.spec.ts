/** Blob reports of a small suite, merged as a user merges them: verdict, reports and exit code. */
import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../../load/report/results-json.ts';
import { outerEnvironment, repository } from '../../child-processes.ts';
import { htmlReportText } from '../../faults/left-reports.ts';

/** 100 requests a second in each slice; hand-made logs, so that the verdict is the same on any machine. */
const spec = `
import { expect as baseExpect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { toMeetBudget } from '${repository}fixtures/matchers/to-meet-budget.ts';
import { attachLog, attachResult } from '${repository}load/report/attachments.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { requests, resultOf, writeLog } from '${repository}tests/engine/report/make-log.ts';

const expect = baseExpect.extend({ toMeetBudget });
const [index, count] = process.env.OF_SLICE.split('/').map(Number);
const seed = Number(process.env.SEED ?? 1);

test('throughput', ({}, testInfo) => {
  const seconds = repeat([requests(repeat(100, 100))], 3);
  const budgets = [budget('throughput', process.env.LIMIT)];
  const own = { slice: { index, count }, seed, machine: { host: 'here', cpu: '', cores: 2, memoryBytes: 1, platform: '' } };
  const log = { seconds, plan: { budgets, plan: own } };
  const path = 'logs/' + index + '.ndjson';
  writeLog(path, log);
  attachLog(testInfo, path);
  if (process.env.BREAKS) {
    const lines = readFileSync(path, 'utf8').split('\\n');
    writeFileSync(path, [...lines.slice(0, 2), '{"type":', ...lines.slice(3)].join('\\n'));
  }
  const result = resultOf(log);
  attachResult(testInfo, result);
  expect(result).toMeetBudget();
});
`;

interface Outcome {
  readonly code: number;
  readonly output: string;
}

function playwright(cwd: string, words: readonly string[], env: object): Promise<Outcome> {
  const cli = join(repository, 'node_modules/@playwright/test/cli.js');
  const options = { cwd, env: { ...outerEnvironment(), ...env }, maxBuffer: 1e8 };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...words], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

class BlobSuite {
  private readonly folder = test.info().outputPath('suite');
  readonly blobs = join(this.folder, 'blobs');

  constructor() {
    mkdirSync(this.blobs, { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(this.folder, 'node_modules'));
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(this.folder, 'rag-service.spec.ts'), spec);
    writeFileSync(join(this.folder, 'playwright.config.ts'), `export default { testDir: '.' };\n`);
  }

  async run(
    slice: string,
    limit: string,
    more: object = {},
    words: readonly string[] = [],
  ): Promise<void> {
    const name = `${slice.replace('/', '-of-')}.zip`;
    const settings = { OF_SLICE: slice, LIMIT: limit, ...more };
    const env = { PLAYWRIGHT_BLOB_OUTPUT_FILE: join(this.blobs, name), ...settings };
    const { code, output } = await playwright(
      this.folder,
      ['test', '--reporter=blob', ...words],
      env,
    );
    // A slice records what was asked, and passes.
    expect(code, output).toBe(0);
  }

  async merge(): Promise<Outcome & { results: Results; html: string }> {
    const run = join(this.folder, 'reports/run');
    const config = `--config=${join(repository, 'merge.config.ts')}`;
    const words = ['merge-reports', config, this.blobs];
    const outcome = await playwright(this.folder, words, { LOAD_RUN_DIR: run });
    expect(existsSync(join(run, 'results.json')), outcome.output).toBe(true);
    const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as Results;
    return { ...outcome, results, html: htmlReportText(join(this.folder, 'reports/html')) };
  }
}

test('what no slice reaches alone all reach together: green, exit code 0', async () => {
  const suite = new BlobSuite();
  for (const slice of ['1/2', '2/2']) await suite.run(slice, '> 150 /s');
  const { code, output, results, html } = await suite.merge();
  expect(code, output).toBe(0);
  expect(results.loads.map(({ verdict, slice }) => ({ verdict, slice }))).toEqual([
    { verdict: 'pass', slice: { index: 1, count: 1 } },
  ]);
  expect(results.loads[0]?.totals.scheduled).toBe(600);
  expect(html).toContain('Budgets met: ');
  expect(output).toContain('2 passed');
});

test('what each keeps alone all break together: red in every report, exit code 1', async () => {
  const suite = new BlobSuite();
  for (const slice of ['1/2', '2/2']) await suite.run(slice, '< 150 /s');
  const { code, output, results, html } = await suite.merge();
  expect(code).toBe(1);
  expect(results.loads.map(({ verdict }) => verdict)).toEqual(['fail']);
  expect(output).toContain('Budget not met: throughput is 200 /s');
  expect(output).toContain('2 failed');
  expect(html).toContain('Budget not met: throughput is 200 /s');
  expect(html).toMatch(/"unexpected":2\b/);
});

test('missing, doubled and foreign slices: invalid, each named', async () => {
  const suite = new BlobSuite();
  await suite.run('1/4', '> 1 /s');
  await suite.run('2/4', '> 1 /s');
  await suite.run('4/4', '> 1 /s', { SEED: '2' });
  copyFileSync(join(suite.blobs, '2-of-4.zip'), join(suite.blobs, 'again.zip'));
  const { code, results } = await suite.merge();
  expect(code).toBe(1);
  expect(results.loads.map(({ verdict }) => verdict)).toEqual(['invalid']);
  const texts = results.loads[0]?.invalid.map(({ text }) => text) ?? [];
  expect(texts).toEqual([
    expect.stringContaining('slices 3, 4 of 4 are missing'),
    expect.stringContaining('slice 2 of 4 (here) is doubled: 2 logs'),
    'slice 4 of 4 (here) is foreign, and left out: seed 2, not 1',
  ]);
});

test('merged again when the last blob has come: only what is whole remains', async () => {
  const suite = new BlobSuite();
  await suite.run('1/2', '> 150 /s');
  expect((await suite.merge()).results.loads.map(({ verdict }) => verdict)).toEqual(['invalid']);
  await suite.run('2/2', '> 150 /s');
  const { code, output, results } = await suite.merge();
  expect(code, output).toBe(0);
  expect(results.loads.map(({ log, verdict }) => [log, verdict])).toEqual([
    ['rag-service-steady-5-users.ndjson', 'pass'],
  ]);
});

test('a log that can’t be read spoils its own load, and every report is written', async () => {
  const suite = new BlobSuite();
  for (const slice of ['1/2', '2/2']) await suite.run(slice, '> 150 /s', { BREAKS: '1' });
  const { code, output, results, html } = await suite.merge();
  expect(code).toBe(1);
  expect(output).toContain('2 failed');
  expect(output).toMatch(/rag-service-steady-5-users: not merged: .*:3: /);
  expect(html).toContain('not merged');
  expect(results.unreadable.map(({ log }) => log)).toContain('rag-service-steady-5-users');
});

test('whole loads need no slices, and a shard that is missing is red', async () => {
  const suite = new BlobSuite();
  await suite.run('1/1', '> 1 /s');
  const { code, output, results } = await suite.merge();
  expect(code, output).toBe(0);
  expect(results.loads.map(({ log, verdict }) => [log, verdict])).toEqual([
    ['rag-service-steady-5-users.ndjson', 'pass'],
  ]);

  await suite.run('1/1', '> 1 /s', {}, ['--shard=1/2']);
  const sharded = await suite.merge();
  expect(sharded.code).toBe(1);
  expect(sharded.output).toContain('shard 2 of 2 is missing: no blob of it is here');
  expect(sharded.results.unreadable.map(({ log }) => log)).toEqual(['shard 2 of 2']);
  // The load that was there before is the same recording, if under another blob.
  expect(sharded.results.loads.at(-1)?.verdict).toBe('pass');
});
