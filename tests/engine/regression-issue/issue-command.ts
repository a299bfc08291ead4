/** The command as a test calls it, with a server that behaves like GitHub's API. */
import { test as base } from '@playwright/test';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { figuresJson } from '../../../load/platform/json-file.ts';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { regressionIssue } from '../../../load/regression-issue/command.ts';
import { outerEnvironment, repository as root } from '../../child-processes.ts';
import { madeRun } from '../baselines/make-comparison.ts';
import { writeText } from '../comparing/plain-files.ts';
import { GithubServer, repository, token } from './github-server.ts';

const cli = join(root, 'fixtures/commands/loadwright.ts');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Github {
  readonly server: GithubServer;
  /** Runs the command within this process. */
  readonly command: (words: readonly string[], more?: Record<string, string>) => Promise<Outcome>;
  readonly inOwnProcess: (words: readonly string[]) => Promise<Outcome>;
}

/** Starts a server for each test. */
export const test = base.extend<{ github: Github }>({
  github: async ({}, use) => {
    const server = await GithubServer.start();
    const own = { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: server.url };
    await use({
      server,
      command: (words, more = {}) => inThisProcess(words, { ...own, ...more }),
      inOwnProcess: (words) => inOwnProcess(words, { ...own, GITHUB_RUN_ID: '' }),
    });
    await server.stop();
  },
});

async function inThisProcess(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  let stdout = '';
  const print = (text: string): unknown => (stdout += text);
  try {
    await regressionIssue(words, { environment, print });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    return { code: 1, stdout, stderr: (error as Error).message };
  }
}

function inOwnProcess(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const options = { cwd: root, env: { ...outerEnvironment(), ...environment } };
  const node = ['--import', 'tsx/esm', cli, 'regression-issue', ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, node, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Writes the comparison of a run. */
export function comparisonOf(
  runId: string,
  comparisons: readonly MetricComparison[],
  more = {},
): string {
  const text = figuresJson(madeRun(comparisons, { runId, ...more }));
  return writeText(test.info().outputPath(`${runId}.json`), text);
}
