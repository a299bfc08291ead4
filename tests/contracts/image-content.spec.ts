/** The files that `.dockerignore` lets into the image: listed by name, and enough to run. */
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { outerEnvironment, repository } from '../child-processes.ts';

const rules = readFileSync(join(repository, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>;
};
const installed = [...Object.keys(dependencies), '@playwright/test'];
const named = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));

test('nothing is in it that is not named, and none of what is named may hold a key', () => {
  expect(rules[0]).toBe('*');
  expect(rules.slice(1 + named.length)).toEqual(['**/.env*', '**/*.key', '**/*.pem', '**/*.log']);
  expect(named.filter((path) => /^\.|\*/.test(path))).toEqual([]);
});

test(
  'what is built of it runs a slice, the coordinator and the merge, without the sources',
  { tag: '@long' },
  () => {
    const context = test.info().outputPath('context');
    for (const path of named) {
      cpSync(join(repository, path), join(context, path), { recursive: true });
    }
    symlinkSync(join(repository, 'node_modules'), join(context, 'node_modules'));
    const image = test.info().outputPath('image');
    const settings = { LOAD_RUN_ID: 'run-1', LOAD_RUN_DIR: join(image, 'reports/run-1') };
    const call = (cwd: string, file: string, words: readonly string[]) => {
      const env = { ...outerEnvironment(), ...settings };
      const { status, stdout, stderr } = spawnSync(file, words, { cwd, env, encoding: 'utf8' });
      return { status, output: stdout + stderr };
    };
    const built = call(context, process.execPath, [
      '--import',
      'tsx',
      'build.ts',
      '--image',
      image,
    ]);
    expect(built, built.output).toMatchObject({ status: 0 });
    const sources = readdirSync(image, { recursive: true, encoding: 'utf8' });
    expect(sources.filter((path) => path.endsWith('.ts'))).toEqual([]);
    // The compiler's configuration above this folder would resolve to the sources.
    writeFileSync(join(image, 'tsconfig.json'), '{}');
    // As after `npm prune`: the package's dependencies and the runner.
    for (const name of installed) {
      mkdirSync(dirname(join(image, 'node_modules', name)), { recursive: true });
      symlinkSync(join(repository, 'node_modules', name), join(image, 'node_modules', name));
    }
    const cli = 'node_modules/@playwright/test/cli.js';
    const words = ['test', '--list', '--project=stress', 'query-gateway'];
    const list = call(image, process.execPath, [cli, ...words]);
    expect(list, list.output).toMatchObject({ status: 0 });
    expect(list.output).toContain('query-gateway.spec.js');
    const help = call(image, 'deploy/run.sh', ['coordinator', '--help']);
    expect(help, help.output).toMatchObject({ status: 0 });
    // It finds its configuration; there is just no blob.
    const merge = call(image, 'deploy/run.sh', ['merge']);
    expect(merge.output).toContain('reports/blobs/run-1');
  },
);
