import { expect, test } from '@playwright/test';
import type { FullConfig } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadProjects } from '../../../../fixtures/config.ts';
import {
  declaredLoads,
  emptyProjectText,
  untaggedText,
} from '../../../../load/report/playwright/untagged-loads.ts';

const code = `import { expect, test } from 'loadwright';
const names: readonly string[] = ['a'];
test('is tagged', { tag: '@smoke' }, async ({ runLoad }) => { await runLoad(user as never); });
test('has its tag in the title @steady', async ({ runLoad }) => {});
test.describe('a group', { tag: ['@smoke', '@slow'] }, () => {
  test('is of its group', async ({ runLoad, request }) => {});
});
test('has no tag', async ({ runLoad }) => {});
test('has another tag', { tag: '@nightly' }, async ({ comparePair }) => {});
test('is of another configuration', { tag: '@spike' }, async ({ runLoad }) => {});
test('sends no load', async ({ page }) => {});
for (const name of names) test(\`put together \${name}\`, async ({ runLoad }) => {});
test.skip('is left out', async ({ runLoad }) => {});
test.beforeEach(async ({ runLoad }) => {});
`;

/** As the runner tells it of these projects, with a folder of its own for their tests. */
function configOf(testDir: string): Pick<FullConfig, 'projects' | 'filteredProjects'> {
  const testMatch = '**/*.@(spec|test).?(c|m)[jt]s?(x)';
  const projects = loadProjects({ testDir, scenarios: ['smoke', 'steady'] }).map((one) => {
    return { ...one, testDir, testMatch } as unknown as FullConfig['projects'][number];
  });
  return { projects, filteredProjects: projects.slice(0, 1) };
}

test('loads are found where they are declared, with the tags of their groups', async () => {
  expect(await declaredLoads(code)).toEqual([
    { line: 3, title: 'is tagged', text: ' is tagged @smoke' },
    {
      line: 4,
      title: 'has its tag in the title @steady',
      text: ' has its tag in the title @steady',
    },
    { line: 6, title: 'is of its group', text: ' a group @smoke @slow is of its group' },
    { line: 8, title: 'has no tag', text: ' has no tag' },
    { line: 9, title: 'has another tag', text: ' has another tag @nightly' },
    { line: 10, title: 'is of another configuration', text: ' is of another configuration @spike' },
  ]);
  expect(await declaredLoads('const = ; runLoad')).toEqual([]);
});

test('those that no project takes are named, with the line that is missing', async ({}, testInfo) => {
  const folder = testInfo.outputPath('load');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'shop.spec.ts'), code);
  writeFileSync(join(folder, 'node_modules/other.spec.ts'), code);
  writeFileSync(join(folder, 'users.ts'), code);
  const text = await untaggedText(configOf(folder));
  expect(text.replaceAll(/ \S*\/shop\.spec/g, ' load/shop.spec')).toBe(
    [
      '',
      'In no project, and so never run: the tags of these load tests name no scenario.',
      '  load/shop.spec.ts:8 › has no tag',
      '  load/shop.spec.ts:9 › has another tag',
      '  Give each the tag of one (smoke, steady):',
      "    test('has no tag', { tag: '@smoke' }, async ({ runLoad }) => {",
      '',
    ].join('\n'),
  );
});

test('a run of other projects looks at no spec, and tagged ones are nothing to tell', async ({}, testInfo) => {
  const folder = testInfo.outputPath('load');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'shop.spec.ts'), code.replaceAll(/^test\('has .*$/gm, ''));
  expect(await untaggedText(configOf(folder))).toBe('');
  writeFileSync(join(folder, 'shop.spec.ts'), code);
  expect(await untaggedText({ ...configOf(folder), filteredProjects: [] })).toBe('');
});

test('a run that found no test says which tag its project needs, and how a custom load is written', () => {
  const projects = loadProjects({
    testDir: 'load',
    scenarios: ['steady', 'custom'],
  }) as unknown as FullConfig['projects'];
  const chosen = (names: readonly string[]): string =>
    emptyProjectText({
      projects,
      filteredProjects: projects.filter(({ name }) => names.includes(name)),
    });
  expect(chosen(['custom'])).toContain('The tests of the project custom have the tag @custom:');
  expect(chosen(['custom'])).toContain('await runLoad(user, custom(settings()));');
  expect(chosen(['steady'])).toContain("{ tag: '@steady' }");
  expect(chosen(['steady'])).not.toContain('custom');
  // Nothing was chosen, so that other tests may have been meant.
  expect(chosen(['steady', 'custom'])).toBe('');
});
