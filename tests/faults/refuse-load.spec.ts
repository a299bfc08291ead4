/** Plans that make no sense are refused in words, before the first request. */
import { expect, test } from '@playwright/test';
import {
  refuseEqualNames,
  refuseLongLoad,
  refuseMisplacedSettings,
  refuseOtherSystems,
} from '../../fixtures/refuse-load.ts';
import type { LoadStreamRequest } from '../../load/run/plan.ts';
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

test('two loads of one name', () => {
  expect(() => {
    refuseEqualNames(named('users', 'probes', 'users'));
  }).toThrow('background: two loads named "users"');
  refuseEqualNames(named('users', 'probes'));
});

test('a load that is longer than it may be', () => {
  expect(() => {
    refuseLongLoad(load, 9);
  }).toThrow('the load would take 10 minutes, and LOAD_MAX_MINUTES=9');
  refuseLongLoad(load, 10);
});

test('the shape of custom, where something else runs', () => {
  const settings = readSettings({ LOAD_USERS: '5' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'steady');
  }).toThrow('LOAD_USERS: shapes the project "custom" only; "steady" is what its spec says');
  refuseMisplacedSettings(custom(settings), settings, 'custom');
});

test('limits of its own, anywhere but on custom', () => {
  const settings = readSettings({ LOAD_BUDGETS: 'p95<2s' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'baseline');
  }).toThrow('LOAD_BUDGETS: shapes the project "custom" only');
  refuseMisplacedSettings(custom(settings), settings, 'custom');
});

test('a length of its own, anywhere but on a baseline', () => {
  const settings = readSettings({ LOAD_DURATION: '30s' });
  expect(() => {
    refuseMisplacedSettings(load, settings, 'steady');
  }).toThrow('LOAD_DURATION: shapes the project "custom" only');
  refuseMisplacedSettings(load, settings, 'baseline');
});
