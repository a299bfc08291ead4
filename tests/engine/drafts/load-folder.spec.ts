import { expect, test } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFolder } from '../../../fixtures/write-draft.ts';

for (const [what, files, folder] of [
  ['an empty project', [], 'tests/load'],
  ['a project after init', ['load/shop.spec.ts'], 'load'],
  ['a project whose folder load has no tests', ['load/engine.ts'], 'tests/load'],
  ['a project with both', ['load/shop.spec.ts', 'tests/load/shop.spec.ts'], 'tests/load'],
] as const) {
  test(`a draft of ${what} is written to ${folder}`, ({}, testInfo) => {
    const root = testInfo.outputPath();
    for (const file of files) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    expect(loadFolder(root)).toBe(folder);
  });
}
