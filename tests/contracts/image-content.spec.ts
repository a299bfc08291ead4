/** What `.dockerignore` lets into the image: by name, and enough to run. */
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { outerEnvironment, repository } from '../child-processes.ts';

const rules = readFileSync(join(repository, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const named = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));

test('nothing is in it that is not named, and none of what is named may hold a key', () => {
  expect(rules[0]).toBe('*');
  expect(rules.slice(1 + named.length)).toEqual(['**/.env*', '**/*.key', '**/*.pem', '**/*.log']);
  expect(named.filter((path) => /^\.|\*/.test(path))).toEqual([]);
});

test('it has all that a slice, the coordinator and the merge need', () => {
  const image = test.info().outputPath('image');
  for (const path of named) {
    cpSync(join(repository, path), join(image, path), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(image, 'node_modules'));
  const settings = { LOAD_RUN_ID: 'run-1', LOAD_RUN_DIR: join(image, 'reports/run-1') };
  const node = (words: readonly string[]) => {
    const env = { ...outerEnvironment(), ...settings };
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: image,
      env,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };
  const cli = 'node_modules/@playwright/test/cli.js';
  const list = node([cli, 'test', '--list', '--project=stress', 'query-gateway']);
  expect(list, list.output).toMatchObject({ status: 0 });
  expect(list.output).toContain('query-gateway.spec.ts');
  const script = readFileSync(join(image, 'deploy/run.sh'), 'utf8');
  const [, coordinator = ''] = /node --import tsx (.*) --host/.exec(script) ?? [];
  const help = node(['--import', 'tsx', ...coordinator.split(' '), '--help']);
  expect(help, help.output).toMatchObject({ status: 0 });
  // It finds its configuration, and no blob.
  const merge = node([cli, 'merge-reports', '--config=merge.config.ts', 'reports/blobs/run-1']);
  expect(merge.output).toContain('reports/blobs/run-1');
});
