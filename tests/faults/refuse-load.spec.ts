/** Impossible plans are refused, in words, before the first request. */
import { expect, test, type TestInfo } from '@playwright/test';
import {
  refuseEqualNames,
  refuseLongLoad,
  refuseMisplacedSettings,
  refuseOutsideLoadProject,
  refuseOtherSystems,
} from '../../fixtures/refuse-load.ts';
import type { LoadStreamRequest } from '../../load/run/plan.ts';
import { markedAs } from '../../load/settings/load-project.ts';
import { readSettings } from '../../load/settings/settings.ts';
import { custom } from '../../load/workload/custom.ts';
import { users } from '../../load/workload/users.ts';
import { askingUser } from '../instrument/real-load.ts';

const load = users({ count: 1, spawnRate: 1, duration: '10m' });

function named(...names: string[]): LoadStreamRequest[] {
  return names.map((name) => ({ name, user: askingUser(), workload: load, judged: true }));
}

test('a background load on another system than the load', () => {
  const [first, probes] = named('users', 'probes');
  const elsewhere = { ...probes!, user: { ...probes!.user, system: 'books' } };
  expect(() => {
    refuseOtherSystems([first!, probes!, elsewhere]);
  }).toThrow(
    `background: "probes" is a user of "books", and the load goes to "${first!.user.system}"`,
  );
  refuseOtherSystems([first!, probes!]);
});

/** A test in `tests/shop.spec.ts`, and what is there besides. */
function placed(project: object, others: readonly object[] = [], tags = ['@steady']): TestInfo {
  const config = { configFile: '/shop/playwright.config.ts', projects: [project, ...others] };
  return { file: '/shop/tests/load/shop.spec.ts', tags, project, config } as unknown as TestInfo;
}

const steady = { name: 'steady', metadata: markedAs('steady') };

test('a load outside the projects for loads: the missing line is told, and how to run it', () => {
  const pages = { name: 'pages', metadata: {}, testDir: '/shop/tests' };
  expect(() => {
    refuseOutsideLoadProject(placed(pages));
  }).toThrow(
    'this test sends a load, and the project "pages" is not for loads. Add to the projects in ' +
      "playwright.config.ts\n  ...loadProjects({ testDir: 'tests/load' }),\n" +
      "with import { loadProjects } from 'loadwright/config', and run it with " +
      'npx playwright test --project=steady',
  );
  expect(() => {
    refuseOutsideLoadProject(placed(pages, [steady]));
  }).toThrow(
    'run it with npx playwright test --project=steady, and give the project "pages" ' +
      "testIgnore: '**/tests/load/**'",
  );
  const all = { name: 'all', metadata: {}, testDir: '/shop/tests/load' };
  expect(() => {
    refuseOutsideLoadProject(placed(all, [steady]));
  }).toThrow("testIgnore: '**/tests/load/shop.spec.ts'");
  refuseOutsideLoadProject(placed(steady));
  expect(() => {
    refuseOutsideLoadProject(placed(pages, [steady], []));
  }).toThrow("give the test a tag, { tag: '@steady' }, run it with npx playwright test --project=");
});

test('a load whose tag is mistyped', () => {
  expect(() => {
    refuseOutsideLoadProject(placed(steady, [], ['@shop', '@stedy']));
  }).toThrow('tag @stedy: no scenario has that name; did you mean @steady?');
});

test('two loads of one name', () => {
  expect(() => {
    refuseEqualNames(named('users', 'probes', 'users'));
  }).toThrow('background: two loads named "users"');
  refuseEqualNames(named('users', 'probes'));
});

test('a load that is longer than it may be', () => {
  expect(() => {
    refuseLongLoad(load, 9);
  }).toThrow('the load would take 10 minutes, but LOAD_MAX_MINUTES=9');
  refuseLongLoad(load, 10);
});

test('the shape of custom, where something else runs', () => {
  const settings = readSettings({ LOAD_USERS: '5' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'steady');
  }).toThrow('LOAD_USERS: works only in the project "custom"; the spec fixes the load of "steady"');
  refuseMisplacedSettings(custom(settings), settings, 'custom');
});

test('limits of its own, anywhere but on custom', () => {
  const settings = readSettings({ LOAD_BUDGETS: 'p95<2s' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'baseline');
  }).toThrow('LOAD_BUDGETS: works only in the project "custom"');
  refuseMisplacedSettings(custom(settings), settings, 'custom');
});

test('a length of its own, anywhere but on a baseline', () => {
  const settings = readSettings({ LOAD_DURATION: '30s' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'steady');
  }).toThrow('LOAD_DURATION: works only in the project "custom"');
  refuseMisplacedSettings(load, settings, 'baseline');
});
