import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readComparisonFile } from '../../../load/baselines/comparison-file.ts';
import { compareFigures } from '../../../load/comparing/compare.ts';
import { outerEnvironment, repository } from '../../child-processes.ts';
import {
  locustCsv,
  sourceBaselineCsv,
  sourceProgressiveCsv,
  twoTasks,
  writeText,
} from './plain-files.ts';

const cli = join(repository, 'fixtures/commands/loadwright.ts');
const tsx = join(repository, 'node_modules/tsx/dist/esm/index.mjs');
const baseline = join(repository, 'tests/engine/comparing/kept/source-baseline.json');
/** The one system of the baseline that the tests below give results of. */
const gateway = ['--system', 'api-gateway'];

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function inOwnProcess(words: readonly string[]): Promise<Outcome> {
  const env = { ...outerEnvironment(), GITHUB_STEP_SUMMARY: '' };
  const cwd = test.info().outputPath('current');
  mkdirSync(cwd, { recursive: true });
  return new Promise((resolve) => {
    const node = ['--import', tsx, cli, 'compare', ...words];
    execFile(process.execPath, node, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Runs the command within this process. The analysis goes to the test's folder unless stated otherwise. */
function compare(
  words: readonly string[],
  environment: Record<string, string> = {},
): Omit<Outcome, 'stderr'> {
  let stdout = '';
  const output = words.includes('--output') ? [] : ['--output', compared()];
  const code = compareFigures([...words, ...output], {
    environment,
    print: (text) => (stdout += text),
  });
  return { code, stdout };
}

/** A file of the comparison, or the folder that they are in. */
function compared(name = ''): string {
  return join(test.info().outputPath('compared'), name);
}

function given(name: string, text: string): string {
  return writeText(test.info().outputPath(name), text);
}

/** The same throughput and latency as the baseline. */
const healthy = [{ name: 'Aggregated', requests: 3000, failures: 9, rps: 51.25, p95: 210 }];

test('a Locust CSV without a regression: its figures in the table, exit code 0', async () => {
  const csv = given('api_gateway_stats.csv', locustCsv(healthy));
  const { code, stdout, stderr } = await inOwnProcess([baseline, csv, ...gateway]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    `results   ${csv}: Locust CSV of api-gateway`,
    `baseline  ${baseline}: plain figures of api_gateway`,
    'compare   5 pass',
    'issue     none to open',
  ]);
  expect(stdout).toMatch(/pass +api-gateway +all +p95 +210 ms +210 ms +0 % +\+50 %/);
  expect(stdout).toMatch(/pass +api-gateway +all +throughput +50 \/s +51\.3 \/s +\+2\.5 % +−30 %/);
  // Only in the folder in which it was called.
  const machine = test.info().outputPath('current/figures-compared.json');
  expect(readdirSync(dirname(csv))).not.toContain('figures-compared.json');
  const { comparisons } = readComparisonFile(machine);
  expect(comparisons.map(({ observed }) => observed)).toEqual([150.4, 120, 210, 9 / 3000, 51.25]);
});

test('a regression: the analysis in the folder of --output, the next step, exit code 1', () => {
  const csv = given('api_gateway_stats.csv', locustCsv(twoTasks));
  const summary = given('summary.md', '');
  const { code, stdout } = compare([baseline, csv], {
    GITHUB_STEP_SUMMARY: summary,
  });
  expect(code).toBe(1);
  const [analysis, machine] = [compared('figures-compared.md'), compared('figures-compared.json')];
  expect(stdout).toContain(`npm run regression-issue -- ${machine} --confirmed-by `);
  expect(stdout).toContain(`Analysis: ${analysis}\n`);
  const text = readFileSync(analysis, 'utf8');
  expect(text).toContain('**3 critical** in 1 of 1 test: run ');
  expect(text).toContain('380 ms, +81 %; the threshold is +50 %');
  expect(readFileSync(summary, 'utf8')).toBe(`${text}\n`);
});

test('the analysis goes where --output says, the CSV is of the system that --system names', () => {
  const csv = given('run_stats.csv', locustCsv(healthy));
  const output = given('elsewhere/analysis.md', '');
  const { code } = compare([baseline, csv, '--system', 'api-gateway', '--output', output]);
  expect(code).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain('**No regression** in 1 test');
  expect(existsSync(join(dirname(output), 'analysis.json'))).toBe(true);
  expect(readdirSync(dirname(csv)).sort()).toEqual(['elsewhere', 'run_stats.csv']);
});

test('with --significance on red needs evidence, which one figure of a latency is not', () => {
  const csv = given('api_gateway_stats.csv', locustCsv(twoTasks));
  const failing = [{ ...healthy[0]!, failures: 300 }];
  const worse = given('worse/api_gateway_stats.csv', locustCsv(failing));
  const on = ['--significance', 'on'];
  const slow = compare([baseline, csv, ...on, ...gateway]);
  expect(slow.code).toBe(0);
  expect(slow.stdout).toContain('compare   3 inconclusive, 2 pass');
  const machine = compared('figures-compared.json');
  expect(readComparisonFile(machine).significance).toBe('on');
  const broken = compare([baseline, worse, ...on]);
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain('compare   1 critical, 4 pass');
});

test('two Locust CSVs are compared task by task', () => {
  const was = given('a/shop_stats.csv', locustCsv(twoTasks));
  const slower = twoTasks.map((row) => (row.type === 'GET' ? { ...row, p95: 200 } : row));
  const is = given('b/shop_stats.csv', locustCsv(slower));
  const { code, stdout } = compare([was, is]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/critical +shop +GET \/v1\/models +p95 +98 ms +200 ms +\+104 %/);
  expect(stdout).toContain('compare   1 critical, 14 pass');
});

test('the CSVs of the source have a row per service: the verdicts are those of its JSON', () => {
  const was = given('baseline.csv', sourceBaselineCsv);
  const is = given('progressive.csv', sourceProgressiveCsv);
  const json = join(repository, 'tests/engine/comparing/kept/source-progressive.json');
  const found = [
    [was, is],
    [baseline, is],
    [baseline, json],
  ].map((files) => {
    const output = given('compared.md', '');
    expect(compare([...files, '--output', output]).code).toBe(1);
    const { comparisons } = readComparisonFile(join(dirname(output), 'compared.json'));
    return comparisons
      .filter(({ verdict }) => verdict !== 'no-data')
      .map((one) => [one.test, one.metric, one.verdict, one.evidence]);
  });
  expect(found[0]).toEqual(found[2]);
  expect(found[1]).toEqual(found[2]);
  expect(found[0]!.map((words) => words.slice(0, 3).join(' '))).toEqual([
    'api_gateway avg pass',
    'api_gateway p50 pass',
    'api_gateway errorRate critical',
    'api_gateway throughput pass',
    'rag_service avg pass',
    'rag_service p50 pass',
    'rag_service errorRate critical',
    'rag_service throughput pass',
  ]);
});

test('thresholds are those of the file, for the system however it is spelt', () => {
  const csv = given('api_gateway_stats.csv', locustCsv(twoTasks));
  const systems = { 'api-gateway': { latency: { p95: 0.9 }, throughputDrop: 0.8 }, shop: {} };
  const thresholds = given('thresholds.json', JSON.stringify({ schema: 1, systems }));
  const { code, stdout } = compare([baseline, csv, '--thresholds', thresholds]);
  // 210 ms became 380 ms, 50 /s became 12.75 /s; three failures of 360 are 0.5 points more.
  expect(stdout).toMatch(/pass +api_gateway +all +p95 +210 ms +380 ms +\+81 % +\+90 %/);
  expect(stdout).toMatch(/pass +api_gateway +all +throughput .* −80 %/);
  expect([code, stdout]).toEqual([1, expect.stringContaining('compare   1 critical, 4 pass')]);
  const { notes } = readComparisonFile(compared('figures-compared.json'));
  const mistyped = 'thresholds of shop: no such system was compared';
  expect(notes).toContain(mistyped);
  expect(stdout).toContain(`note      ${mistyped}\n`);
  const strict = given('strict.json', '{"tolerances": {"latency": {"p95": "wide"}}}');
  for (const [path, message] of [
    [strict, `${strict}: tolerances.latency.p95: accepted is a share above 0`],
    ['none.json', '--thresholds none.json: no such file'],
  ] as const) {
    expect(() => compare([baseline, csv, '--thresholds', path])).toThrow(message);
  }
});

test('what is of others in the folder is left as it is', () => {
  const csv = given('compared/api_gateway_stats.csv', locustCsv(healthy));
  const [own, analysis] = ['comparison.json', 'regression-analysis.md'].map((name) =>
    given(`compared/${name}`, 'of the run'),
  );
  expect(compare([baseline, csv, ...gateway]).code).toBe(0);
  expect([own, analysis].map((path) => readFileSync(path!, 'utf8'))).toEqual([
    'of the run',
    'of the run',
  ]);
});

test('what was given to compare is never written over', () => {
  const results = given('run/results.json', '{"api_gateway": {"p95_latency_ms": 210}}');
  const over = ['--output', join(dirname(results), 'results.md')];
  expect(() => compare([baseline, results, ...over])).toThrow('would overwrite ');
  expect(readFileSync(results, 'utf8')).toBe('{"api_gateway": {"p95_latency_ms": 210}}');
});

test('figures that have nothing in common can’t tell: exit code 2', () => {
  const was = given('was.json', '{"shop": {"p95_latency_ms": 210}}');
  const is = given('is.json', '{"shop": {"p99_latency_ms": 210}}');
  const { code, stdout } = compare([was, is]);
  expect(code, stdout).toBe(2);
  expect(stdout).toMatch(/compare +\d+ no data/);
});

test('help tells the use', () => {
  const { code, stdout } = compare(['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^npm run compare -- <baseline> <results>… \[options\]\n/);
});

test('what can’t be compared ends with 2, says why, and leaves what was there', async () => {
  const csv = given('api_gateway_stats.csv', locustCsv(healthy));
  const analysis = given('compared/figures-compared.md', 'of the last run');
  const broken = given('broken.json', '{"api_gateway": {"rps": NaN}}');
  const shop = given('shop_stats.csv', locustCsv(healthy));
  const stranger = await inOwnProcess([baseline, shop]);
  expect([stranger.code, stranger.stdout]).toEqual([2, expect.stringMatching(/^results /)]);
  expect(stranger.stderr).toContain(
    'has api_gateway, rag_service, mcp_server, and the run has shop',
  );
  const wrong: readonly (readonly [words: readonly string[], message: string | RegExp])[] = [
    [[], /^takes a baseline and results\n/],
    [[baseline], /^takes a baseline and results\n/],
    [[broken, csv], `${broken}: `],
    [[baseline, csv, '--significance', 'maybe'], /^--significance maybe: accepted are off, on$/m],
    [[baseline, csv, '--loud'], '--loud'],
  ];
  for (const [words, message] of wrong) expect(() => compare(words)).toThrow(message);
  expect(readFileSync(analysis, 'utf8')).toBe('of the last run');
  expect(existsSync(compared('figures-compared.json'))).toBe(false);
});

test('by npm from a folder below, files and analysis are where it was called', () => {
  const csv = given('below/api_gateway_stats.csv', locustCsv(healthy));
  const INIT_CWD = dirname(csv);
  const environment = { INIT_CWD, npm_package_json: join(process.cwd(), 'package.json') };
  let stdout = '';
  const words = [baseline, 'api_gateway_stats.csv', ...gateway];
  const print = (text: string) => (stdout += text);
  expect(compareFigures(words, { environment, print }), stdout).toBe(0);
  expect(readdirSync(INIT_CWD)).toContain('figures-compared.md');
});
