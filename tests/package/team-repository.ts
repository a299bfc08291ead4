/**
 * A team's repository, created by the test in a folder outside of this one, with the installed tarball.
 * Commands run there as by the team, with npm and npx.
 */
import { expect, test as base } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { outerEnvironment, repository } from '../child-processes.ts';
import { writeWhole } from '../../load/platform/whole-file.ts';
import type { Results } from '../../load/report/files/results-json.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** The version of the runner in this suite. */
export const runnerVersion = (
  createRequire(import.meta.url)('@playwright/test/package.json') as { version: string }
).version;

/** For its tsconfig.json. */
export const compilerOptions = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: ['node'],
};

export class TeamRepository {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>>) {
    this.folder = mkdtempSync(join(tmpdir(), 'team-'));
    this.write(files);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Resolves with any exit code. */
  run(line: string, { cwd = '', env = {} }: RunOptions = {}): Promise<Outcome> {
    return called(line, join(this.folder, cwd), env);
  }

  /** Rejects if it fails. */
  async must(line: string, options?: RunOptions): Promise<Outcome> {
    const outcome = await this.run(line, options);
    if (outcome.code === 0) return outcome;
    throw new Error(`${line}: exit code ${outcome.code}\n${outcome.output}`);
  }

  async install(packages: string, options?: RunOptions): Promise<void> {
    await this.must(`npm install --prefer-offline --no-audit --no-fund ${packages}`, options);
  }

  /** Commits the current state. `changedLines` counts later changes. */
  async commit(): Promise<void> {
    const who = '-c user.name=team -c user.email=team@example.org';
    await this.must('git init -q && git add -A');
    await this.must(`git ${who} commit -q --allow-empty -m all`);
  }

  /** Added and removed lines since the commit, by file, without new files. */
  async changedLines(): Promise<Record<string, number>> {
    const { stdout } = await this.must('git diff --numstat');
    const rows = stdout
      .trim()
      .split('\n')
      .filter((row) => row !== '');
    return Object.fromEntries(
      rows.map((row) => {
        const [added, removed, file = ''] = row.split('\t');
        return [file, Number(added) + Number(removed)];
      }),
    );
  }

  /** The results of the latest load run. */
  results(cwd = ''): Results {
    return JSON.parse(this.read(join(cwd, 'reports/latest/results.json'))) as Results;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  /** Relative to the repository. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A shell's, without what npm and the runner have put there. */
export function ownEnvironment(): Record<string, string> {
  const inherited = Object.entries(outerEnvironment()).filter(([name]) => !/^npm_/i.test(name));
  return Object.fromEntries(inherited);
}

function called(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const options = { cwd, env: { ...ownEnvironment(), ...env }, maxBuffer: 1e8 };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, stdout, output: stdout + stderr });
    });
  });
}

/** The path of the tarball. Packing builds all of it: whoever comes first does it for all workers of the run. */
async function packedOnce(folder: string): Promise<string> {
  const told = join(folder, 'packed.json');
  mkdirSync(dirname(folder), { recursive: true });
  if (isCreated(folder)) {
    const line = `npm pack --json --pack-destination ${folder}`;
    const outcome = await called(line, repository, {});
    writeWhole(told, JSON.stringify(outcome));
  }
  for (let tries = 0; !existsSync(told); tries++) {
    if (tries > 2500) throw new Error(`${told}: whoever began to pack has not ended`);
    await setTimeout(100);
  }
  const { stdout, output, code } = JSON.parse(readFileSync(told, 'utf8')) as Outcome;
  if (code !== 0) throw new Error(output);
  const name = /"filename": "([^"]+)"/.exec(stdout)?.[1];
  return join(folder, name!);
}

/** Only one process creates a folder; all others find it there. */
function isCreated(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export const test = base.extend<
  { repositoryOf: (files?: Readonly<Record<string, string>>) => TeamRepository },
  { tarball: string }
>({
  tarball: [
    async ({}, use, { project }) => {
      await use(await packedOnce(join(project.outputDir, 'packed')));
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  repositoryOf: async ({}, use) => {
    const made: TeamRepository[] = [];
    await use((files = {}) => {
      const one = new TeamRepository(files);
      made.push(one);
      return one;
    });
    for (const one of made) one.remove();
  },
});

export { expect };

/** Checks a load that was just sent: all requests were answered, and the exit code is that of the verdict. */
export function expectLoad(team: TeamRepository, run: Outcome, system: string, cwd = ''): void {
  const [load] = team.results(cwd).loads;
  expect(load, run.output).toMatchObject({ system });
  expect(load!.totals.all.ok, run.output).toBe(load!.totals.scheduled);
  // On a busy machine nothing can be measured, but no system fails because of it.
  expect(['pass', 'invalid'], run.output).toContain(load!.verdict);
  expect(run.code, run.output).toBe(load!.verdict === 'pass' ? 0 : 1);
}

/** Each test of a JSON report with its status. */
export function statusesIn(report: string): Record<string, string> {
  interface RanTest {
    readonly projectName: string;
    readonly status: string;
  }
  interface Suite {
    readonly suites?: readonly Suite[];
    readonly specs?: readonly { title: string; file: string; tests: readonly RanTest[] }[];
  }
  const of = ({ suites = [], specs = [] }: Suite): [string, string][] => [
    ...suites.flatMap(of),
    ...specs.flatMap(({ title, file, tests }) =>
      tests.map(({ projectName, status }): [string, string] => {
        return [`[${projectName}] ${file} › ${title}`, status];
      }),
    ),
  ];
  return Object.fromEntries(of(JSON.parse(report) as Suite));
}
