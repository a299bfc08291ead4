import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { settingsSchema } from '../../load/settings/settings.ts';

const readme = readFileSync('README.md', 'utf8');
const settings = Object.entries(settingsSchema.shape);

test('the table of settings in the README is the schema', () => {
  const rows = readme.match(/^\| `LOAD_\w+` \|.*$/gm) ?? [];
  const ofSuite = settings.filter(([name]) => name.startsWith('LOAD_'));
  const stated = ofSuite.map(([name, schema]) => `| \`${name}\` | ${schema.description ?? ''} |`);
  expect(rows).toEqual(stated);
});

test('the settings of systems stand in a table of their own, each of them, and no others', () => {
  const names = '`(?!LOAD_)[A-Z_]+`';
  const stated = [...readme.matchAll(new RegExp(`^\\| (${names}(?:, ${names})*) \\|`, 'gm'))];
  const told = stated.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
  const ofSystems = settings.map(([name]) => name).filter((name) => !name.startsWith('LOAD_'));
  expect(told.sort()).toEqual(ofSystems.sort());
});
