/** The published package, checked with common tools. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { join, normalize } from 'node:path';
import { repository } from '../child-processes.ts';
import { expect, test } from './team-repository.ts';

test.describe.configure({ timeout: 600_000 });

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { types: string; default: string } | string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

test('each entry opens the file that the specs here open by its name', () => {
  const { exports: entries } = manifest;
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: { paths: Record<string, string[]> } };
  };
  const built = Object.entries(entries).flatMap(([entry, file]) => {
    if (typeof file === 'string') return [];
    expect(file.types.replace(/\.d\.ts$/, '')).toBe(file.default.replace(/\.js$/, ''));
    const source = normalize(file.default)
      .replace(/^dist\//, '')
      .replace(/js$/, 'ts');
    return [[join('loadwright', entry), [`./${source}`]]];
  });
  expect(Object.fromEntries(built)).toEqual(config.compilerOptions.paths);
});

test('the tarball is clean', { tag: '@long' }, async ({ repositoryOf, tarball }) => {
  const folder = repositoryOf();
  const bin = (name: string): string => join(repository, 'node_modules/.bin', name);
  const attw = await folder.run(`${bin('attw')} --profile esm-only ${tarball}`);
  expect(attw.code, attw.output).toBe(0);
  await folder.must(`tar -xzf ${tarball}`);
  const publint = await folder.run(`${bin('publint')} run package --strict --pack false`);
  expect(publint.code, publint.output).toBe(0);
  const { stdout } = await folder.must('cd package && find . -type f');
  const strange = stdout
    .trim()
    .split('\n')
    .filter((path) => {
      return !/^\.\/((dist|docs)\/|(package\.json|LICENSE|README\.md|CHANGELOG\.md|llms\.txt)$)/.test(
        path,
      );
    });
  expect(strange).toEqual([]);
  const { stdout: files } = await folder.must("cat $(find package/dist -name '*.js')");
  const wanted = [...files.matchAll(/^(?:import|export)[^;]*?"([^"]+)";|\bimport\("([^"]+)"\)/gm)]
    .map(([, name = '', lazy = '']) => (name === '' ? lazy : name))
    .filter((name) => !/^(\.|node:|loadwright\b)/.test(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  expect(wanted).toContain('undici');
  // It is bundled, with its licence; users install the package for the types.
  expect(wanted).not.toContain('zod');
  expect(files).toContain('Copyright (c) 2025 Colin McDonnell');
  const known = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  expect(
    wanted.filter((name) => !known.includes(name)),
    'packages that are not installed',
  ).toEqual([]);
  const waiting = await folder.run("grep -lE '^(export const .* = )?await ' -r package/dist");
  expect(waiting.stdout, 'a top-level await').toBe('');
});
