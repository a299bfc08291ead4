/** The files of which the package is built: a renamed one would be missed only when it is packed. */
import { expect, test } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const build = 'tsconfig.build.json';

/** The programs that the code starts by their paths. */
function started(): string[] {
  const paths = ['load', 'fixtures'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return paths
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .flatMap((text) => [...text.matchAll(/'((?:load|fixtures)\/[^']+\.ts)'/g)])
    .map(([, path]) => path!);
}

test('the package is built of files that are there, and has every program that it starts', () => {
  const { config } = ts.parseConfigFileTextToJson(build, readFileSync(build, 'utf8')) as {
    readonly config: { readonly files: readonly string[] };
  };
  const { files } = config;
  expect(started()).toContain('load/live/background-server.ts');
  expect(files.filter((path) => !existsSync(path))).toEqual([]);
  expect(started().filter((path) => !files.includes(path))).toEqual([]);
});
