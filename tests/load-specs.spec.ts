/** Load specs hold the lock that keeps all other tests of their run away, under any name that the runner takes. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { specName } from '../load/report/playwright/untagged-loads.ts';
import { systems } from '../load/systems/systems.ts';

/** Projects take the runner's default names in tests/systems, and `*.load.ts` elsewhere. */
function isLoadSpec(path: string): boolean {
  return path.endsWith('.load.ts') || (path.startsWith('tests/systems/') && specName.test(path));
}

function isLocked(text: string): boolean {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return /^test\.describe\.configure\(\{ lock: '-exclusive-' \}\);$/m.test(code);
}

test('every load spec has the lock that keeps all other tests of its run away', () => {
  const specs = readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .map((path) => join('tests', path))
    .filter(isLoadSpec);
  // A team adds its own files there.
  const ours = Object.keys(systems).map((name) => `tests/systems/${name}.spec.ts`);
  expect(specs).toEqual(expect.arrayContaining([...ours, 'tests/tries/pair.load.ts']));
  expect(specs.filter((path) => !isLocked(readFileSync(path, 'utf8')))).toEqual([]);
});

test('a load spec is whatever file the runner takes for one, and a lock in a comment is none', () => {
  const names = ['shop.spec.ts', 'shop.test.ts', 'more/shop.test.mts', 'shop.spec.jsx'];
  expect(names.filter((name) => !isLoadSpec(`tests/systems/${name}`))).toEqual([]);
  const others = ['tests/systems/shop-user.ts', 'tests/faults/pairs.spec.ts'];
  expect(others.filter(isLoadSpec)).toEqual([]);
  const lock = "test.describe.configure({ lock: '-exclusive-' });";
  const commented = [`// ${lock}`, `/*\n${lock}\n*/`];
  expect([lock, ...commented].map(isLocked)).toEqual([true, false, false]);
});
