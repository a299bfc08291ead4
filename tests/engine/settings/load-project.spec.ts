import { expect, test } from '@playwright/test';
import { markedAs, scenarioOf, tagPattern } from '../../../load/settings/load-project.ts';

test('the mark of a load project stands beside what its team has in the metadata', () => {
  expect(scenarioOf(markedAs('steady', { owner: 'shop' }))).toBe('steady');
  expect(markedAs('steady', { owner: 'shop' })).toMatchObject({ owner: 'shop' });
  for (const other of [{ owner: 'shop' }, {}, undefined, { loadwright: 'steady' }]) {
    expect(scenarioOf(other)).toBeUndefined();
  }
});

const all = ['smoke', 'peak', 'peaks'];

for (const [title, taken] of [
  ['buys tea @smoke', true],
  ['buys tea @shop @smoke', true],
  ['a letter too few @smok', true],
  ['a letter too many @smokes', true],
  ['another letter @Smoke', true],
  ['two that changed places @smkoe', true],
  ['a hyphen too many @smo-ke', true],
  ['two edits @smk', false],
  ['another word @smoke-free', false],
  ['no tag: smoke', false],
  ['another scenario @peak', false],
] as const) {
  test(`"${title}" is ${taken ? '' : 'not '}in the project smoke`, () => {
    expect(tagPattern('smoke', all).test(title)).toBe(taken);
  });
}

test('a scenario that is one edit away from another is in its own project alone', () => {
  expect(tagPattern('peak', all).test('at noon @peaks')).toBe(false);
  expect(tagPattern('peaks', all).test('at noon @peaks')).toBe(true);
  expect(tagPattern('peak', all).test('at noon @peeks')).toBe(false);
  expect(tagPattern('peak', all).test('at noon @peek')).toBe(true);
});
