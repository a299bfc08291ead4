/** Runs a small suite in a separate folder with the installed Playwright. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outerEnvironment, repository } from '../../child-processes.ts';

export interface NestedRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Creates the suite: a spec, and a configuration with every reporter that must work together with ours. */
export function makeSuite(
  folder: string,
  spec: string,
  {
    reporter = 'list',
    workers = 1,
    omitFailures = false,
  }: { reporter?: string; workers?: number; omitFailures?: boolean } = {},
): void {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), `{ "extends": "${repository}tsconfig.json" }`);
  writeFileSync(join(folder, 'rag-service.spec.ts'), spec);
  writeFileSync(
    join(folder, 'allurerc.ts'),
    `import { allureReport } from '${repository}load/report/allure/report-config.ts';
export default allureReport({ resultsDir: 'allure-results', output: 'allure' });
`,
  );
  writeFileSync(
    join(folder, 'playwright.config.ts'),
    `import { allureOptions } from '${repository}load/report/allure/options.ts';
export default {
  workers: ${workers},
  fullyParallel: true,
  projects: [{ name: 'steady', metadata: { loadwright: { scenario: 'steady' } } }],
  outputDir: 'run/playwright',
  reporter: [
    ['${reporter}', { omitFailures: ${omitFailures} }],
    ['${repository}load/report/playwright/reporter.ts'],
    ['html', { outputFolder: 'html', open: 'never' }],
    ['json', { outputFile: 'tests.json' }],
    ['${repository}load/report/allure/reporter.ts', allureOptions('allure-results')],
  ],
};
`,
  );
}

/** The child gets none of the variables of the surrounding run. */
export function runSuite(
  folder: string,
  words: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<NestedRun> {
  const env = { ...outerEnvironment(), LOAD_RUN_DIR: 'run', ...settings };
  const cli = join(repository, 'node_modules/@playwright/test/cli.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, 'test', ...words],
      { cwd: folder, env, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

export interface AllureResult {
  readonly name: string;
  readonly statusDetails: { readonly message?: string };
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly steps: readonly { readonly name: string }[];
}

export function allureResultsIn(folder: string): AllureResult[] {
  const results = join(folder, 'allure-results');
  return readdirSync(results)
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as AllureResult);
}
