import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkedOutCommit, shortCommit } from '../../../load/settings/commit.ts';
import { outerEnvironment } from '../../child-processes.ts';

let root: string;
test.beforeAll(() => {
  // Not below this repository, whose commit would be found.
  root = mkdtempSync(join(tmpdir(), 'commit-'));
});
test.afterAll(() => {
  rmSync(root, { recursive: true });
});

function repositoryIn(name: string, more = 'tests/b.txt'): { folder: string; head: string } {
  const folder = join(root, name);
  mkdirSync(dirname(join(folder, more)), { recursive: true });
  for (const path of ['a.txt', more]) writeFileSync(join(folder, path), 'a');
  const git = (...words: string[]): string => {
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
    const env = { ...outerEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', [...who, ...words], { cwd: folder, env, encoding: 'utf8' }).trim();
  };
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  // A tag is no name of a commit here.
  git('tag', 'v1');
  return { folder, head: git('rev-parse', 'HEAD') };
}

test('the commit that is checked out, told from any folder of the repository', () => {
  const { folder, head } = repositoryIn('clean');
  expect(checkedOutCommit(join(folder, 'tests'))).toBe(head);
  expect(shortCommit(head)).toBe(head.slice(0, 10));
});

test('with changed files it is another one; with files that are not tracked it is not', () => {
  const { folder, head } = repositoryIn('changed');
  writeFileSync(join(folder, 'b.txt'), 'b');
  expect(checkedOutCommit(folder)).toBe(head);
  writeFileSync(join(folder, 'a.txt'), 'changed');
  expect(checkedOutCommit(join(folder, 'tests'))).toBe(`${head}-dirty`);
  expect(shortCommit(`${head}-dirty`)).toBe(`${head.slice(0, 10)}-dirty`);
});

test('what a run writes itself, baselines and histories, makes no other commit', () => {
  const { folder, head } = repositoryIn('measured', 'tests/load/baselines/ci/history/a.jsonl');
  writeFileSync(join(folder, 'tests/load/baselines/ci/history/a.jsonl'), 'one more line');
  expect(checkedOutCommit(join(folder, 'tests'))).toBe(head);
});

test('without a repository, or without a folder, it is not known', () => {
  const folder = join(root, 'plain');
  mkdirSync(folder);
  expect(checkedOutCommit(folder)).toBeUndefined();
  expect(checkedOutCommit(join(root, 'missing'))).toBeUndefined();
});
