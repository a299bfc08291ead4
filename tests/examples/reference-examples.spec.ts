/** The examples of `loadwright/reference` start a service, send requests and end it. */
import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { processTree } from '../child-processes.ts';
import { importsFor, publicNames } from './public-names.ts';

const names = publicNames();

for (const { name, examples } of names.filter(({ entry }) => entry === 'loadwright/reference')) {
  test(`that of ${name}`, async ({}, testInfo) => {
    for (const [i, code] of examples.entries()) {
      const path = testInfo.outputPath(`${name}-${i}.ts`);
      writeFileSync(path, `${importsFor(code, names)}${code}`);
      await import(pathToFileURL(path).href);
    }
    const left = processTree(process.pid).map(({ command }) => command);
    expect(left.filter((command) => command.includes('fixtures/reference/'))).toEqual([]);
  });
}
