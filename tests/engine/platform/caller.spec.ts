import { expect, test } from '@playwright/test';
import { givenPath } from '../../../load/platform/caller.ts';

const script = { npm_package_json: '/suite/package.json' };

for (const [what, path, environment, given] of [
  [
    'a script of npm’s, called in a folder below',
    'new.csv',
    { ...script, INIT_CWD: '/suite/out' },
    'out/new.csv',
  ],
  [
    'a script of npm’s, called elsewhere',
    'new.csv',
    { ...script, INIT_CWD: '/home/ada' },
    '../home/ada/new.csv',
  ],
  [
    'a script of npm’s, called in the package',
    'out/new.csv',
    { ...script, INIT_CWD: '/suite' },
    'out/new.csv',
  ],
  ['a whole path', '/data/new.csv', { ...script, INIT_CWD: '/home/ada' }, '/data/new.csv'],
  ['no script', 'new.csv', {}, 'new.csv'],
  [
    'what a script of another package has started here',
    'new.csv',
    { npm_package_json: '/other/package.json', INIT_CWD: '/other' },
    'new.csv',
  ],
] as const) {
  test(`a path is that of whoever called: ${what}`, () => {
    expect(givenPath(path, environment, '/suite')).toBe(given);
  });
}
