/** The examples of `loadwright/reference` start a service, send requests and end it. */
import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { processTree } from '../child-processes.ts';
import { importsFor, namesOf } from './public-names.ts';

test('each runs, and leaves no service behind', async ({}, testInfo) => {
  const names = namesOf((entry) => entry === 'loadwright/reference');
  expect(names.length).toBeGreaterThan(2);
  for (const { name, examples } of names) {
    for (const [i, code] of examples.entries()) {
      const path = testInfo.outputPath(`${name}-${i}.ts`);
      writeFileSync(path, `${importsFor(code, names)}${code}`);
      await test.step(name, () => import(pathToFileURL(path).href));
    }
    const left = processTree(process.pid).map(({ command }) => command);
    expect(left.filter((command) => command.includes('fixtures/reference/'))).toEqual([]);
  }
});
