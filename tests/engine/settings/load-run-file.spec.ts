import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  loadRunFileSchema,
  loadRunJsonSchema,
  loadRunProblems,
  loadRunSettings,
  loadRunsFolder,
  problemLines,
  type LoadRunEntry,
} from '../../../load/settings/load-run-file.ts';
import { docsBlock } from '../../examples/fenced-blocks.ts';

const shop = { system: 'shop', scenario: 'custom' };
const withHost = { LOAD_ALLOW_HOSTS: 'staging.example.com' };

function fileOf(...runs: unknown[]) {
  return { name: 'morning', runs };
}

for (const [name, entry, environment] of [
  ['a scenario as its spec says', { system: 'shop', scenario: 'steady' }, {}],
  ['users', { ...shop, users: 30, spawnRate: '5/s', duration: '5m', timeScale: 0.5, seed: 7 }, {}],
  ['a rate', { ...shop, rate: 12.5, duration: '90s' }, {}],
  ['a baseline of its own length', { system: 'shop', scenario: 'baseline', duration: '30s' }, {}],
  ['this machine', { ...shop, target: 'http://127.0.0.1:8080' }, {}],
  ['a host that is allowed', { ...shop, target: 'https://staging.example.com/api' }, withHost],
  ['a spec in a folder', { ...shop, system: 'load/shop.checkout' }, {}],
  ['a scenario of a team’s own', { system: 'shop', scenario: 'black-friday' }, {}],
] as const) {
  test(`${name} may be started`, () => {
    expect(loadRunProblems(fileOf(entry), environment)).toEqual([]);
  });
}

for (const [name, run, field, accepted] of [
  ['no system', { scenario: 'smoke' }, 'system', /name of its spec/],
  ['a way out of the folder', { ...shop, system: '../shop' }, 'system', /name of its spec/],
  ['an option in a system', { ...shop, system: '--reporter=x' }, 'system', /name of its spec/],
  ['a pattern', { ...shop, system: '(a+)+$' }, 'system', /name of its spec/],
  ['a line break', { ...shop, system: 'shop\nx' }, 'system', /name of its spec/],
  ['a shell in a scenario', { ...shop, scenario: '$(reboot)' }, 'scenario', /name of a scenario/],
  ['nobody', { ...shop, users: 0 }, 'users', /from 1 on/],
  ['half a user', { ...shop, users: 2.5 }, 'users', /whole number/],
  ['users as a text', { ...shop, users: '20' }, 'users', /number/],
  ['no rate', { ...shop, rate: '5/d' }, 'rate', /200\/s/],
  ['no spawn rate', { ...shop, spawnRate: 0 }, 'spawnRate', /above 0/],
  ['no duration', { ...shop, duration: '5 minutes' }, 'duration', /1m 30s/],
  ['a longer time scale', { ...shop, timeScale: 2 }, 'timeScale', /at most 1/],
  ['a seed that is none', { ...shop, seed: -1 }, 'seed', /whole number/],
  ['a key that nobody knows', { ...shop, user: 3 }, 'user', /users/],
  ['another protocol', { ...shop, target: 'file:///etc/passwd' }, 'target', /http/],
  ['a password', { ...shop, target: 'http://a:b@localhost:1' }, 'target', /http/],
  ['a query', { ...shop, target: 'http://localhost:1/?a=b' }, 'target', /http/],
  ['another machine', { ...shop, target: 'http://example.org' }, 'target', /LOAD_ALLOW_HOSTS/],
  [
    'a machine that is named alike',
    { ...shop, target: 'http://localhost.example.org' },
    'target',
    /this machine/,
  ],
  ['users of a steady load', { ...shop, scenario: 'steady', users: 3 }, 'users', /scenario custom/],
  [
    'a length of a steady load',
    { ...shop, scenario: 'steady', duration: '1m' },
    'duration',
    /custom/,
  ],
  ['users beside a rate', { ...shop, rate: 3, users: 3 }, 'users', /open model/],
  [
    'a ramp without an end',
    { ...shop, users: 60, spawnRate: 1, duration: '1m' },
    'duration',
    /60 s/,
  ],
  ['a ramp of the usual minute', { ...shop, users: 90, spawnRate: 1 }, 'duration', /90 s/],
  ['a day', { ...shop, duration: '24h' }, 'duration', /LOAD_MAX_MINUTES, 180/],
  [
    'a target of a pair',
    { system: 'shop', scenario: 'pair', target: 'http://localhost:1' },
    'target',
    /pair/,
  ],
  ['an allowed host in a file', { ...shop, allowHosts: 'example.org' }, 'allowHosts', /object/],
] as const) {
  test(`${name}: refused by field, with the value and what is accepted`, () => {
    const problems = loadRunProblems(fileOf({ ...shop, scenario: 'smoke' }, run), {});
    expect(problems.map((one) => one.field)).toEqual([`runs.1.${field}`]);
    expect(problems[0]!.value).toEqual((run as Record<string, unknown>)[field]);
    expect(problems[0]!.accepted).toMatch(accepted);
  });
}

for (const [file, fields] of [
  [null, ['file']],
  ['text', ['file']],
  [[], ['file']],
  [{}, ['name', 'runs']],
  [{ name: '../x', runs: [shop] }, ['name']],
  [{ name: '.hidden', runs: [shop] }, ['name']],
  [{ name: 'a/b', runs: [shop] }, ['name']],
  [{ name: 'x'.repeat(65), runs: [shop] }, ['name']],
  [{ name: 'x', runs: [] }, ['runs']],
  [{ name: 'x', runs: [shop, shop, shop] }, ['runs']],
  [{ name: 'x', runs: 'shop' }, ['runs']],
  [{ name: 'x', runs: [7] }, ['runs.0']],
  [{ name: 'x', runs: [shop], hosts: [] }, ['hosts']],
] as const) {
  test(`${JSON.stringify(file).slice(0, 60)} is no load run`, () => {
    const problems = loadRunProblems(file, {});
    expect(problems.map(({ field }) => field)).toEqual(fields);
    expect(problems.every(({ accepted }) => accepted !== '')).toBe(true);
  });
}

test('two runs never load one target at once', () => {
  const target = 'http://localhost:8080';
  const two = fileOf({ ...shop, target }, { ...shop, system: 'cart', target: `${target}/api` });
  expect(problemLines(loadRunProblems(two, {}))).toEqual([
    'runs.1.target: "http://localhost:8080/api"; accepted: another target: two loads at once on one target would ' +
      'disturb each other',
  ]);
});

test('a wrong environment is told as its own', () => {
  const environment = { LOAD_ALLOW_HOSTS: 'http://example.org' };
  expect(() => loadRunProblems(fileOf(shop), environment)).toThrow('LOAD_ALLOW_HOSTS=');
});

test('an entry is settings of the environment, and nothing but what it says', () => {
  const entry: LoadRunEntry = { ...shop, users: 5, spawnRate: 2.5, timeScale: 0.5, seed: 0 };
  expect(loadRunSettings(entry)).toEqual({
    LOAD_USERS: '5',
    LOAD_SPAWN_RATE: '2.5',
    LOAD_TIME_SCALE: '0.5',
    LOAD_SEED: '0',
  });
});

test('its JSON Schema is the one that is published (npm run docs)', () => {
  expect(readFileSync('docs/load-run.schema.json', 'utf8')).toBe(loadRunJsonSchema());
});

test('the one in the docs is the file that the page says', () => {
  const file = readFileSync(join(loadRunsFolder, 'morning.json'), 'utf8');
  expect(docsBlock('docs/load-runs.md', 'json')).toBe(file);
});

test('the examples may be started, and bear the names of their files', () => {
  const files = readdirSync(loadRunsFolder);
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) {
    const file: unknown = JSON.parse(readFileSync(join(loadRunsFolder, name), 'utf8'));
    expect(loadRunProblems(file, {})).toEqual([]);
    expect(loadRunFileSchema.parse(file).name).toBe(basename(name, '.json'));
  }
});
