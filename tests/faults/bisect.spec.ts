/** Finds the commit that made a system slower among sixteen in a real repository. */
import { expect } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkedProject, outerEnvironment, repository } from '../child-processes.ts';
import { test } from './suite-run.ts';

const spec = `
import { z } from 'zod';
import { constant, defineUser, expect, test, users } from 'loadwright';

const user = defineUser({
  system: 'toy',
  health: '/health',
  thinkTime: constant('2ms'),
  tasks: {
    ask: {
      deadline: '2s',
      run: async ({ http }) => {
        await http.get('/text', { expect: z.object({ text: z.string() }) });
      },
    },
  },
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 4, spawnRate: 40, duration: '15s' });
  const pair = await comparePair(user, load, { round: '3s', tolerances: { p50: '10 %' } });
  expect(pair).toBeNoSlowerThan({ p50: '10 %' });
});
`;

const commits = 16;

/** Commits of a service; from number `slow` on each answer takes 1.5 times as long. */
function serviceOf(folder: string, slow: number): string[] {
  mkdirSync(folder, { recursive: true });
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.email', 'team@example.com');
  git('config', 'user.name', 'A team');
  cpSync(join(repository, 'tests/faults/pair-service.mjs'), join(folder, 'service.mjs'));
  return Array.from({ length: commits }, (_, i) => {
    const delay = i >= slow ? 30 : 20;
    writeFileSync(join(folder, 'start.sh'), `exec node service.mjs --delay ${delay} # ${i}\n`);
    git('add', '--all');
    git('commit', '--quiet', '--message', `change ${i}`);
    return git('rev-parse', 'HEAD');
  });
}

for (const [attempt, slow] of [5, 1, 15, 8, 11].entries()) {
  test(
    `attempt ${attempt + 1}: commit ${slow} of ${commits}`,
    { tag: '@soak' },
    async ({}, testInfo) => {
      test.setTimeout(1_200_000);
      const folder = testInfo.outputPath('service');
      const known = serviceOf(folder, slow);
      const suite = testInfo.outputPath('suite');
      linkedProject(suite);
      writeFileSync(join(suite, 'tests/systems/toy.spec.ts'), spec);
      const stdout = await bisect(suite, [
        '--repository',
        folder,
        '--good',
        known[0]!,
        '--bad',
        known.at(-1)!,
        '--start',
        'sh start.sh',
        'toy',
      ]);
      expect(stdout).toContain(
        `The first slower commit is ${known[slow]!.slice(0, 7)} change ${slow}`,
      );
      const trees = execFileSync('git', ['-C', folder, 'worktree', 'list'], { encoding: 'utf8' });
      expect(trees.trim().split('\n')).toHaveLength(1);
    },
  );
}

async function bisect(cwd: string, words: readonly string[]): Promise<string> {
  const command = join(repository, 'fixtures/commands/loadwright.ts');
  const child = spawn('npx', ['tsx', command, 'bisect', ...words], {
    cwd,
    env: outerEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}
