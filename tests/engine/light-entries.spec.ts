/** The imports of a team's specs and configuration before a load is sent: no more than needed. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const imported = /^(?:import|export)(?! type\b)[^;]*?from '([^']+)'/gm;

/** Files of the suite and packages that are loaded with `file`, without later dynamic imports. */
function openedBy(file: string): { readonly files: string[]; readonly packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(imported)) {
      if (name.startsWith('.')) open(join(dirname(path), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  open(file);
  return { files: [...files].sort(), packages: [...packages].sort() };
}

function folders(files: readonly string[]): string[] {
  return [...new Set(files.map((path) => path.split('/').slice(0, -1).slice(0, 2).join('/')))];
}

test('a spec declares its tests without what sends a load', () => {
  const { files, packages } = openedBy('fixtures/index.ts');
  expect(packages).toEqual(['@playwright/test', 'zod']);
  expect(folders(files)).toEqual([
    'fixtures',
    'load/clients',
    'load/metrics',
    'load/platform',
    'load/settings',
    'load/systems',
    'load/user',
    'load/workload',
  ]);
  expect(
    files.filter((path) => /^(fixtures|load\/(clients|metrics|systems))\//.test(path)),
  ).toEqual([
    'fixtures/index.ts',
    'fixtures/test.ts',
    'load/clients/scope.ts',
    'load/metrics/definitions.ts',
    'load/metrics/outcome.ts',
    'load/systems/declared-overrides.ts',
  ]);
});

test('a configuration opens settings, and nothing that sends, judges or draws', () => {
  const { files, packages } = openedBy('fixtures/config.ts');
  expect(packages).toEqual(['zod']);
  expect(folders(files)).toEqual([
    'fixtures',
    'load/platform',
    'load/settings',
    'load/systems',
    'load/user',
    'load/workload',
  ]);
});

test('the reporter opens no client, no chart and no reader of machines', () => {
  const { files, packages } = openedBy('load/report/playwright/reporter.ts');
  expect(packages).toEqual(['zod']);
  expect(
    files.filter((path) => /^load\/(clients|executors|monitor|run|user)\//.test(path)),
  ).toEqual([]);
});

test('the worker that sends a load draws and writes to GitHub only once it is asked to', () => {
  const { packages } = openedBy('fixtures/load-parts.ts');
  expect(packages).not.toContain('echarts');
  expect(packages).not.toContain('systeminformation');
  expect(packages.filter((name) => /octokit|modelcontextprotocol|allure|acorn/.test(name))).toEqual(
    [],
  );
});
