/** The workflows that compare a pull request with its target branch: which commits, in which folders. */
import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { commandWords } from '../../load/platform/command-words.ts';
import { repository } from '../child-processes.ts';
import { writeText } from '../engine/comparing/plain-files.ts';
import { docsBlock } from '../examples/fenced-blocks.ts';
import { inFolder } from './load-workflow.ts';

const step = z.object({
  uses: z.string().optional(),
  if: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const schema = z.object({ jobs: z.object({ pair: z.object({ steps: z.array(step) }) }) });

const own = readFileSync(join(repository, '.github/workflows/pair.yml'), 'utf8');
const workflows = { 'in the docs': docsBlock('docs/pairs.md', 'yaml'), here: own };

/** A repository with the commit that GitHub checks out: a branch, merged into a base that has moved on. */
function pullRequest(): string {
  const [origin, work] = [test.info().outputPath('origin'), test.info().outputPath('work')];
  const server =
    "process.stdout.write(process.cwd() + ' ' + require('fs').readFileSync('.env', 'utf8'));";
  const me = '-c user.name=x -c user.email=x@example.org';
  writeText(join(origin, 'dist/server.js'), server);
  writeText(join(origin, '.env'), 'old');
  inFolder(origin, `git init -q -b main && git add -f . && git ${me} commit -q -m first`);
  inFolder(origin, 'git checkout -q -b topic');
  writeText(join(origin, 'topic.txt'), 'of the pull request');
  writeText(join(origin, '.env'), 'head');
  inFolder(origin, `git add -f . && git ${me} commit -q -m topic && git checkout -q main`);
  writeText(join(origin, 'merged.txt'), 'of somebody else, merged meanwhile');
  inFolder(origin, `git add -f . && git ${me} commit -q -m other`);
  inFolder(origin, `git checkout -q -b merge && git ${me} merge -q --no-edit topic`);
  mkdirSync(work);
  return work;
}

for (const [where, text] of Object.entries(workflows)) {
  const { steps } = schema.parse(parse(text)).jobs.pair;

  test(`${where}: base is the target branch as the pull request is merged into it`, () => {
    const work = pullRequest();
    const [{ with: checkout = {} } = {}, ...others] = steps.filter(({ uses }) =>
      uses?.startsWith('actions/checkout@'),
    );
    expect(others).toEqual([]);
    expect(checkout['path']).toBe('head');
    const depth = String(checkout['fetch-depth']);
    inFolder(work, `git clone -q --depth ${depth} --branch merge "file://$PWD/../origin" head`);
    inFolder(work, steps.find(({ run }) => run?.includes('worktree'))!.run!);
    expect(readdirSync(join(work, 'base')).sort()).toEqual(
      ['.git', '.env', 'dist', 'merged.txt'].sort(),
    );
    expect(existsSync(join(work, 'head/topic.txt'))).toBe(true);
    expect(existsSync(join(work, 'head/merged.txt'))).toBe(true);
  });

  test(`${where}: each side runs in its own folder, and forks do without the comment`, () => {
    const env = steps.find(({ env: given }) => given?.['PAIR_COMMAND_A'])!.env!;
    const work = test.info().outputPath('sides');
    for (const side of ['base', 'head']) {
      // The workflow of this repository starts the sources of its reference service, here without a compiler.
      for (const file of ['dist/server.js', 'fixtures/reference/query-gateway.js']) {
        writeText(join(work, side, file), 'process.stdout.write(process.cwd());');
      }
    }
    for (const [side, variable] of [
      ['base', 'PAIR_COMMAND_A'],
      ['head', 'PAIR_COMMAND_B'],
    ] as const) {
      const plain = env[variable]!.replace('--import tsx/esm ', '').replace('.ts', '.js');
      const [program = '', ...words] = commandWords(plain);
      const cwd = join(work, 'head');
      expect(execFileSync(program, words, { cwd, encoding: 'utf8' })).toBe(join(work, side));
    }
    const comment = steps.find(({ run }) => run?.includes('pair-comment'))!;
    expect(comment.if).toContain(
      'github.event.pull_request.head.repo.full_name == github.repository',
    );
  });
}

test('every action here is pinned by its commit, and those of load.yml have the same', () => {
  const uses = (yaml: string): string[] => yaml.match(/uses: .*/g) ?? [];
  const known = uses(readFileSync(join(repository, '.github/workflows/load.yml'), 'utf8'));
  expect(uses(own).length).toBeGreaterThan(2);
  for (const one of uses(own)) expect(known).toContain(one);
});
