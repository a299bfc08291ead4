import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../../load/budgets/judge.ts';
import { compareFigures } from '../../../load/comparing/compare.ts';
import { writeFiguresBaseline } from '../../../load/comparing/figures-baseline.ts';
import { figuresJson } from '../../../load/platform/json-file.ts';
import { loadEntry, resultsOf } from '../../../load/report/files/results-json.ts';
import { outerEnvironment, repository } from '../../child-processes.ts';
import { docsBlock } from '../../examples/fenced-blocks.ts';
import { makeResult, repeat } from '../budgets/make-result.ts';
import { locustCsv, namedCsv, sourceBaselineCsv, twoTasks, writeText } from './plain-files.ts';

const kept = join(repository, 'tests/engine/comparing/kept');

function given(name: string, text: string): string {
  return writeText(test.info().outputPath(name), text);
}

function baselines(words: readonly string[]): { readonly code: number; readonly stdout: string } {
  let stdout = '';
  const print = (text: string) => (stdout += text);
  return { code: writeFiguresBaseline(words, { environment: {}, print }), stdout };
}

function jsonIn(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A run of one load per scenario given, of 20 s. */
function results(loads: readonly { scenario: string; failed?: number; shortened?: boolean }[]) {
  const entries = loads.map(({ scenario, failed = 0, shortened = false }) => {
    const intervals = repeat({ series: [{ okMs: repeat(120, 10), others: { failed } }] }, 20);
    const result = makeResult({ intervals });
    const plan = { ...result.plan, scenario, startedAtEpochMs: Date.UTC(2026, 2, 4, 5, 6, 7, 89) };
    const verdict = { ...judge({ ...result, plan }), shortened };
    return loadEntry({ ...result, plan }, verdict, `/run/rag-service-${scenario}-5-users.ndjson`);
  });
  return figuresJson(resultsOf('run-1', entries, []));
}

function jsonOf(text: string): { readonly loads: { interrupted: boolean }[] } {
  return JSON.parse(text) as { loads: { interrupted: boolean }[] };
}

test('a CSV with all figures becomes the JSON of the source, to the last figure', () => {
  const output = test.info().outputPath('baselines/figures.json');
  const { code, stdout } = baselines([given('named.csv', namedCsv), '--output', output]);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`written   ${output}: api_gateway, `),
  ]);
  expect(jsonIn(output)).toEqual(jsonIn(join(kept, 'source-baseline.json')));
  // A line each, so that git shows which one changed.
  expect(readFileSync(output, 'utf8')).toContain('\n    "p95_latency_ms": 210,\n');
});

test('of a CSV without times it is the time of its file', () => {
  const output = test.info().outputPath('figures.json');
  const csv = given('baseline.csv', sourceBaselineCsv);
  const measured = new Date('2026-03-04T05:06:07.890Z');
  utimesSync(csv, measured, measured);
  baselines([csv, '--output', output]);
  expect(jsonIn(output)).toMatchObject({
    mcp_server: { avg_latency_ms: 3500, rps: 15, timestamp: '2026-03-04T05:06:07Z' },
  });
  expect(jsonIn(output)).not.toHaveProperty('mcp_server.p95_latency_ms');
});

test('a run’s only load of a system bears the system’s name, several those of their tests', () => {
  const output = test.info().outputPath('figures.json');
  baselines([given('one/results.json', results([{ scenario: 'baseline' }])), '--output', output]);
  expect(jsonIn(output)).toEqual({
    rag_service: {
      baseline_users: 5,
      avg_latency_ms: 120,
      median_latency_ms: expect.closeTo(120, 0),
      p95_latency_ms: expect.closeTo(120, 0),
      p99_latency_ms: expect.closeTo(120, 0),
      error_rate_pct: 0,
      rps: 10,
      total_requests: 200,
      total_failures: 0,
      timestamp: '2026-03-04T05:06:07Z',
    },
  });
  const two = results([{ scenario: 'baseline' }, { scenario: 'steady' }]);
  baselines([given('two/results.json', two), '--output', output]);
  expect(Object.keys(jsonIn(output) as object)).toEqual([
    'rag_service',
    'rag-service-baseline-5-users',
    'rag-service-steady-5-users',
  ]);
});

test('what is written anew takes the place of its own, however it was spelt; others stay', () => {
  const others = '{"schema": 1, "api-gateway": {"rps": 1}, "shop": {"rps": 2, "note": "by hand"}}';
  const output = given('figures.json', others);
  const csv = given('api_gateway_stats.csv', locustCsv(twoTasks));
  const { code, stdout } = baselines([csv, '--output', output]);
  expect([code, stdout]).toEqual([0, expect.stringContaining(': api_gateway beside shop')]);
  expect(jsonIn(output)).toMatchObject({
    schema: 1,
    shop: { rps: 2, note: 'by hand' },
    api_gateway: { p95_latency_ms: 380, error_rate_pct: 0.83, rps: 12.75 },
  });
  expect(jsonIn(output)).not.toHaveProperty('api-gateway');
});

test('what did not pass at full length is left out, told, and ends with 1', () => {
  const output = test.info().outputPath('figures.json');
  const run = results([
    { scenario: 'baseline' },
    { scenario: 'steady', failed: 3 },
    { scenario: 'spike', shortened: true },
  ]);
  const { code, stdout } = baselines([given('results.json', run), '--output', output]);
  expect(code).toBe(1);
  expect(stdout).toContain('left out  rag-service-steady-5-users: its verdict is fail, and only a');
  expect(stdout).toContain(
    'left out  rag-service-spike-5-users: it was shortened, and only a full',
  );
  expect(Object.keys(jsonIn(output) as object)).toEqual(['rag_service']);
});

test('a load that says nothing of its system is told, too', () => {
  const output = test.info().outputPath('figures.json');
  const run = jsonOf(results([{ scenario: 'baseline' }, { scenario: 'steady' }]));
  run.loads[1]!.interrupted = true;
  const path = given('results.json', JSON.stringify(run));
  const { code, stdout } = baselines([path, '--output', output]);
  expect([code, stdout]).toEqual([1, expect.stringContaining('-5-users: interrupted; left out\n')]);
});

test('what it writes is what `compare` compares with', () => {
  const output = test.info().outputPath('baselines/ci/figures.json');
  baselines([given('named.csv', namedCsv), '--output', output]);
  let stdout = '';
  const progressive = given(
    'progressive.json',
    readFileSync(join(kept, 'source-progressive.json'), 'utf8'),
  );
  const print = (text: string) => (stdout += text);
  const folder = ['--output', test.info().outputPath()];
  expect(compareFigures([output, progressive, ...folder], { environment: {}, print })).toBe(1);
  expect(stdout).toContain('compare   2 critical, 2 no data, 6 pass');
  const machine = test.info().outputPath('figures-compared.json');
  expect(jsonIn(machine)).toMatchObject({ environment: 'ci' });
});

test('what can’t be a baseline is refused, and the file stays', () => {
  const output = given('figures.json', '{"shop": {"rps": 2}}');
  const csv = given('shop_stats.csv', locustCsv(twoTasks));
  const failed = given('failed.json', results([{ scenario: 'steady', failed: 3 }]));
  const wrong: readonly (readonly [words: readonly string[], message: string])[] = [
    [[], 'takes files with figures\n'],
    [[csv, '--loud'], '--loud'],
    [[output], `--output ${output}: would overwrite a given file`],
    [[csv, csv], 'shop: given twice; accepted is one measurement of each'],
    [[failed], 'nothing to write; rag-service-steady-5-users: its verdict is fail'],
    [['none_stats.csv'], 'none_stats.csv: no such file'],
  ];
  for (const [words, message] of wrong) {
    expect(() => baselines([...words, '--output', output])).toThrow(message);
  }
  const broken = given('broken.json', '{"shop": {"rps": "fast"}}');
  expect(() => baselines([csv, '--output', broken])).toThrow('broken.json: shop.rps: "fast"');
  expect(readFileSync(output, 'utf8')).toBe('{"shop": {"rps": 2}}');
  expect(readFileSync(broken, 'utf8')).toBe('{"shop": {"rps": "fast"}}');
});

test('by default it is in the environment’s folder of baselines', async () => {
  const cwd = test.info().outputPath('project');
  mkdirSync(cwd, { recursive: true });
  const csv = given('shop_stats.csv', locustCsv(twoTasks));
  const cli = join(repository, 'fixtures/commands/loadwright.ts');
  const tsx = join(repository, 'node_modules/tsx/dist/esm/index.mjs');
  const env = { ...outerEnvironment(), LOAD_ENVIRONMENT: 'ci' };
  const run = (words: readonly string[]) =>
    new Promise((resolve) => {
      const node = ['--import', tsx, cli, 'baselines', ...words];
      execFile(process.execPath, node, { cwd, env }, (error, stdout, stderr) => {
        resolve([error === null ? 0 : error.code, stdout, stderr]);
      });
    });
  expect(await run([csv])).toEqual([0, expect.stringContaining('baselines/ci/figures.json'), '']);
  expect(existsSync(join(cwd, 'baselines/ci/figures.json'))).toBe(true);
  expect(await run([])).toEqual([2, '', expect.stringContaining('takes files with figures')]);
  expect(await run(['--help'])).toEqual([0, expect.stringMatching(/^npm run baselines -- /), '']);
});

test('the one in the docs is read, and written again it is the same', () => {
  const text = docsBlock('docs/comparing.md', 'json');
  const output = test.info().outputPath('again.json');
  expect(baselines([given('docs.json', text), '--output', output]).code).toBe(0);
  expect(jsonIn(output)).toEqual(JSON.parse(text));
});
