/** A small suite of handmade loads that writes blob reports, which are merged as by a user. */
import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../../load/report/files/results-json.ts';
import { outerEnvironment, repository } from '../../child-processes.ts';
import { htmlReportText } from '../../faults/left-reports.ts';

/** 100 requests per second in each slice. The logs are handmade, so the verdict is the same on any machine. */
const spec = `
import { expect, test } from 'loadwright';
import { readFileSync, writeFileSync } from 'node:fs';
import { announceLoad, attachLog, attachResult } from '${repository}load/report/playwright/attachments.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, requests, writeLog } from '${repository}tests/engine/report/make-log.ts';

const env = process.env;
const [index, count] = env.OF_SLICE.split('/').map(Number);

// A level may have a limit of its own; one that ends in an exclamation mark breaks its log.
for (const text of (env.LEVELS ?? '5-users').split(', ')) test(text, ({}, testInfo) => {
  const [, level, limit = env.LIMIT, breaks] = /^([\\w-]+)(?: ([<>] \\d+ \\/s))?(!)?$/.exec(text);
  const length = Number(env.SECONDS ?? 3);
  const seconds = repeat([requests(repeat(Number(env.MS ?? 100), 100))], length);
  const phase = { name: 'steady state', startMs: 0, endMs: 1000 * length, judged: true };
  const budgets = [budget('throughput', limit)];
  const own = {
    ...{ slice: { index, count }, seed: Number(env.SEED ?? 1), runId: env.RUN ?? 'run' },
    ...{ level, testId: 'rag-service-steady-' + level },
    machine: { host: 'here', cpu: '', cores: 2, memoryBytes: 1, platform: '' },
    versions: env.COMMIT ? { commit: env.COMMIT } : {},
  };
  const log = { seconds, plan: { budgets, plan: own, stream: { phases: [phase] } } };
  const path = 'logs/' + level + '/' + index + '.ndjson';
  writeLog(path, log);
  const result = loadOf(log);
  announceLoad(testInfo, result.plan);
  attachLog(testInfo, path);
  if (breaks) {
    const lines = readFileSync(path, 'utf8').split('\\n');
    writeFileSync(path, [...lines.slice(0, 2), '{"type":', ...lines.slice(3)].join('\\n'));
  }
  attachResult(testInfo, result);
  expect.soft(result).toMeetBudget();
  if (env.BASELINE) expect(result).toMatchBaseline(JSON.parse(env.BASELINE));
});
`;

export interface Outcome {
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

interface RunOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  /** Name of the blob. Default: that of the slice. */
  readonly blob?: string;
  readonly exitCode?: number;
}

export class BlobSuite {
  readonly folder = test.info().outputPath('suite');
  readonly blobs = join(this.folder, 'blobs');
  /** The folder of the merged run. */
  readonly run = join(this.folder, 'reports/run');

  constructor() {
    mkdirSync(this.blobs, { recursive: true });
    for (const part of ['node_modules', 'load', 'fixtures']) {
      symlinkSync(join(repository, part), join(this.folder, part));
    }
    for (const part of ['merge.config.ts', 'allurerc.ts']) {
      cpSync(join(repository, part), join(this.folder, part));
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(this.folder, 'tsconfig.json'),
      `{ "extends": "${repository}tsconfig.json" }`,
    );
    writeFileSync(join(this.folder, 'rag-service.spec.ts'), spec);
    writeFileSync(
      join(this.folder, 'playwright.config.ts'),
      `export default { testDir: '.', projects: [{ name: 'steady' }] };\n`,
    );
  }

  /** Writes a blob. A slice records its expectations and passes. */
  async slice(
    slice: string,
    limit: string,
    { settings = {}, words = [], blob = slice.replace('/', '-of-'), exitCode = 0 }: RunOptions = {},
  ): Promise<void> {
    const file = join(this.blobs, `${blob}.zip`);
    const own = { PLAYWRIGHT_BLOB_OUTPUT_FILE: file, OF_SLICE: slice, LIMIT: limit };
    const env = { ...own, LOAD_RUN_DIR: `of-${blob}`, ...settings };
    const all = ['test', '--reporter=blob', ...words];
    const { code, output } = await playwright(this.folder, all, env);
    expect(code, output).toBe(exitCode);
  }

  async merge(
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Outcome & { results: Results; html: string }> {
    const words = ['merge-reports', '--config=merge.config.ts', this.blobs];
    const env = { LOAD_RUN_DIR: this.run, ...settings };
    const outcome = await playwright(this.folder, words, env);
    expect(existsSync(join(this.run, 'results.json')), outcome.output).toBe(true);
    const results = JSON.parse(readFileSync(join(this.run, 'results.json'), 'utf8')) as Results;
    return { ...outcome, results, html: htmlReportText(join(this.folder, 'reports/html')) };
  }
}
