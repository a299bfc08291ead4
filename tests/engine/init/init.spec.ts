import { expect, test } from '@playwright/test';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { initialise } from '../../../fixtures/init/init.ts';

/** Makes a folder with these files, and a repository of it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = test.info().outputPath('project');
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

function initialised(folder: string): string {
  let printed = '';
  initialise(folder, (text) => {
    printed += text;
  });
  return printed;
}

function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const config = `import { defineConfig } from '@playwright/test';
export default defineConfig({ testDir: 'tests', use: { baseURL: 'http://localhost:3000' } });
`;

test('an empty folder becomes a project that can be run', () => {
  const folder = folderWith({});
  const printed = initialised(folder);
  expect(Object.keys(filesIn(folder))).toEqual([
    '.git/HEAD',
    '.github/workflows/load.yml',
    '.gitignore',
    'load/health-agent-user.ts',
    'load/health-agent.spec.ts',
    'package.json',
    'playwright.config.ts',
  ]);
  expect(printed).toContain('next      npx playwright test --project=smoke\n');
});

test('a project with an address: a user of its own system, in its own language', () => {
  const folder = folderWith({
    'package.json': '{ "name": "@acme/Web_Shop" }',
    'playwright.config.js': config,
    '.gitignore': '/node_modules',
  });
  initialised(folder);
  const files = filesIn(folder);
  expect(files['load/web-shop-user.js']).toContain("system: 'web-shop'");
  expect(files['load/web-shop.spec.js']).toContain("from './web-shop-user.js'");
  expect(files['playwright.config.js']).toContain("...loadProjects({ testDir: 'load' })");
  expect(files['.gitignore']).toBe('/node_modules\nreports/\ntest-results/\nplaywright-report/\n');
});

test('a second time changes nothing, and says the same to run', () => {
  const folder = folderWith({
    'package.json': '{ "name": "shop" }',
    'playwright.config.ts': config,
  });
  const first = initialised(folder);
  const before = filesIn(folder);
  const second = initialised(folder);
  expect(filesIn(folder)).toEqual(before);
  expect(second).not.toMatch(/^(written|changed)/m);
  expect(second.slice(second.indexOf('next'))).toBe(first.slice(first.indexOf('next')));
});

test('a file that is there is kept', () => {
  const own = { 'load/shop.spec.ts': 'ours\n', '.github/workflows/load.yml': 'ours, too\n' };
  const folder = folderWith({
    'package.json': '{ "name": "shop" }',
    'playwright.config.ts': config,
    ...own,
  });
  expect(initialised(folder)).toContain('kept      load/shop.spec.ts\n');
  expect(filesIn(folder)).toMatchObject(own);
});

test('a configuration that can not be changed stays, and what to add is told', () => {
  const unreadable = 'export default {';
  const folder = folderWith({ 'package.json': '{}', 'playwright.config.ts': unreadable });
  const printed = initialised(folder);
  expect(filesIn(folder)['playwright.config.ts']).toBe(unreadable);
  expect(printed).toContain('by hand   in playwright.config.ts:\n');
  expect(printed).toContain("projects: […, ...loadProjects({ testDir: 'load' })]\n");
});

test('in a package of a repository the workflow is at its root, and works in the package', () => {
  const root = folderWith({
    'pnpm-lock.yaml': '',
    'packages/shop/package.json': '{ "name": "shop" }',
  });
  const printed = initialised(join(root, 'packages/shop'));
  const workflow = filesIn(root)['.github/workflows/load.yml'];
  expect(workflow).toContain('working-directory: packages/shop\n');
  expect(workflow).toContain('path: packages/shop/reports/\n');
  expect(workflow).toContain('- run: pnpm install\n');
  expect(printed).toContain('pnpm add -D ');
});

test('a package.json that is none is refused by name', () => {
  const folder = folderWith({ 'package.json': '[' });
  expect(() => initialised(folder)).toThrow(`${folder}/package.json: is no package.json`);
});
