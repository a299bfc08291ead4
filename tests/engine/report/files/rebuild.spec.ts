import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logsIn, rebuild } from '../../../../load/report/files/rebuild.ts';
import type { Results } from '../../../../load/report/files/results-json.ts';
import { repeat } from '../../budgets/make-result.ts';
import { logText, requests, writeLog, type MadeLog } from '../make-log.ts';

const passing: MadeLog = { seconds: repeat([requests(repeat(100, 200))], 3) };
const repository = fileURLToPath(new URL('../../../..', import.meta.url));

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

function summaryIn(folder: string): string {
  return readFileSync(join(folder, 'summary.md'), 'utf8');
}

test('every log of the folder is in both reports, and nothing half-written stays', async () => {
  const folder = test.info().outputPath('run');
  writeLog(join(folder, 'a.ndjson'), passing);
  writeLog(join(folder, 'a.2.ndjson'), passing);
  const { results, summaryPath } = await rebuild(folder);
  expect(results.loads.map(({ log }) => log)).toEqual(['a.ndjson', 'a.2.ndjson']);
  expect(resultsIn(folder).totals.verdicts.pass).toBe(2);
  expect(readFileSync(summaryPath, 'utf8')).toContain('| a.2 | pass | 5 of 5 | 600 |');
  const endings = ['.hgrm', '.k6-summary.json', '.ndjson'];
  const tables = ['_exceptions.csv', '_failures.csv', '_stats.csv', '_stats_history.csv'];
  const ofLoads = ['a', 'a.2'].flatMap((stem) =>
    [...endings, ...tables].map((ending) => stem + ending),
  );
  const ofRun = ['bottlenecks.md', 'index.html', 'monitor.csv', 'results.json', 'summary.md'];
  expect(readdirSync(folder).sort()).toEqual([...ofLoads, ...ofRun].sort());
});

test('a log without an end is reported up to its last interval, invalid, the gap named', async () => {
  const folder = test.info().outputPath('run');
  writeLog(join(folder, 'a.ndjson'), { ...passing, end: false });
  const { results } = await rebuild(folder);
  expect(results.loads[0]).toMatchObject({ verdict: 'invalid', totals: { scheduled: 600 } });
  expect(summaryIn(folder)).toContain('log breaks off at 3 s of 300 s');
});

test('a torn last line is left out with a note', async () => {
  const folder = test.info().outputPath('run');
  const whole = logText({ ...passing, end: false });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.ndjson'), whole.slice(0, -40));
  const { results } = await rebuild(folder);
  expect(results.loads[0]).toMatchObject({ verdict: 'invalid', totals: { scheduled: 400 } });
  expect(results.loads[0]?.notes).toEqual(['last line (4) was torn and is left out']);
  expect(summaryIn(folder)).toContain('Notes:\n\n- last line (4) was torn and is left out');
});

test('a file that is no log is named, the others are reported', async () => {
  const folder = test.info().outputPath('run');
  writeLog(join(folder, 'a.ndjson'), passing);
  writeFileSync(join(folder, 'b.ndjson'), '{"some":"json"}\n');
  writeFileSync(join(folder, 'c.ndjson'), '');
  mkdirSync(join(folder, 'd.ndjson'));
  const { results } = await rebuild(folder);
  expect(results.loads).toHaveLength(1);
  expect(results.unreadable.map(({ log }) => log)).toEqual(['b.ndjson', 'c.ndjson', 'd.ndjson']);
  for (const { log, reason } of results.unreadable) expect(reason).toContain(join(folder, log));
});

test('a folder that is not there has no logs', () => {
  expect(logsIn(test.info().outputPath('nowhere'))).toEqual([]);
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function report(...words: string[]): Promise<Outcome> {
  const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');
  const cli = join(repository, 'fixtures/commands/loadwright.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsx, cli, 'report', ...words], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('the command prints the tables and writes the reports', async () => {
  const folder = test.info().outputPath('run');
  writeLog(join(folder, 'a.ndjson'), { ...passing, end: false });
  const { code, stdout, stderr } = await report(folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('\na\n\ntask ');
  expect(stdout).toContain('Invalid instrument: log breaks off at 3 s of 300 s');
  expect(stdout).toContain(
    `\nLoad: 0 of 5 budgets met in 1 load; invalid: a; report: ${folder}/index.html\n`,
  );
  expect(resultsIn(folder).loads).toHaveLength(1);
});

test('the command says what it lacks', async () => {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'x.txt');
  writeFileSync(file, '');
  const [none, empty, missing, noFolder] = await Promise.all([
    report(),
    report(folder),
    report(`${folder}-2`),
    report(file),
  ]);
  expect([none.code, empty.code, missing.code, noFolder.code]).toEqual([1, 1, 1, 1]);
  expect(none.stderr).toMatch(/^takes one folder\n\nnpm run report -- <run folder>\n/);
  expect(empty.stderr).toBe(`${folder}: no interval log (*.ndjson) in it\n`);
  expect(missing.stderr).toBe(`${folder}-2: no such folder\n`);
  expect(noFolder.stderr).toMatch(/x\.txt: is no folder/);
});

test('the command fails where a file is no log, and reports the others', async () => {
  const folder = test.info().outputPath('run');
  writeLog(join(folder, 'a.ndjson'), passing);
  writeFileSync(join(folder, 'b.ndjson'), 'hello\n');
  const { code, stdout, stderr } = await report(folder);
  expect(code).toBe(1);
  expect(stderr).toBe(`${folder}/b.ndjson: no plan in it; not an interval log\n`);
  expect(stdout).toContain('5 of 5 budgets met in 1 load');
});
