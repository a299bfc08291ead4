/** The catalogue's three AI services as one run with one report. */
import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { outerEnvironment, repository } from '../child-processes.ts';
import { htmlReportText, leftReports } from './left-reports.ts';

const levels = [
  'api-gateway: holds 10 users',
  'api-gateway: holds 50 users',
  'api-gateway: holds 100 users',
  'rag-service: holds 5 users',
  'rag-service: holds 25 users',
  'rag-service: holds 50 users',
  'mcp-server: holds 5 users',
  'mcp-server: holds 20 users',
];

/** Returns the output, whatever the exit code. */
function loadAi(words: readonly string[], settings: Record<string, string> = {}): Promise<string> {
  const options = {
    cwd: repository,
    env: { ...outerEnvironment(), ...settings },
    maxBuffer: 1e8,
  };
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', 'load:ai', '--', ...words], options, (_, stdout) => {
      resolve(stdout);
    });
  });
}

test('the levels of gateway, RAG service and MCP server come in this order', async () => {
  const stdout = await loadAi(['--list']);
  const listed = stdout.matchAll(/\[progressive\] › tests\/systems\/([\w-]+)\.spec\.ts.* › (.*)/g);
  expect([...listed].map(([, system, title]) => `${system}: ${title}`)).toEqual(levels);
});

test(
  'all levels are in one run, one HTML report and one set of Allure results',
  { tag: '@long' },
  async ({}, testInfo) => {
    const folder = testInfo.outputPath('reports/run');
    // Three seconds per level, which may break a budget on a busy machine; the others still run.
    await loadAi([], { LOAD_RUN_DIR: folder, LOAD_TIME_SCALE: '0.01' });
    const { results } = leftReports(folder);
    const ran = [...results.loads].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    expect(ran.map(({ system, title }) => `${system}: ${title}`)).toEqual(levels);
    expect(new Set(ran.map(({ runId }) => runId)).size).toBe(1);
    const reports = dirname(folder);
    expect(allureTests(join(reports, 'allure-results'))).toEqual([...levels].sort());
    expect(htmlTests(join(reports, 'html'))).toEqual([...levels].sort());
  },
);

interface AllureResult {
  readonly name: string;
  readonly fullName: string;
}

function allureTests(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as AllureResult)
    .map(({ name, fullName }) => `${/([\w-]+)\.spec\.ts/.exec(fullName)?.[1]}: ${name}`)
    .sort();
}

interface HtmlReport {
  readonly files: readonly {
    readonly fileName: string;
    readonly tests: readonly { readonly title: string }[];
  }[];
}

function htmlTests(folder: string): string[] {
  const [, report = ''] = htmlReportText(folder).split('\nreport.json\n');
  const { files } = JSON.parse(report.slice(0, report.indexOf('\n'))) as HtmlReport;
  return files
    .flatMap(({ fileName, tests }) =>
      tests.map(({ title }) => `${basename(fileName, '.spec.ts')}: ${title}`),
    )
    .sort();
}
