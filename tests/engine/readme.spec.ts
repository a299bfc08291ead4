import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { settingsSchema } from '../../load/settings.ts';

const readme = readFileSync('README.md', 'utf8');
const settings = Object.entries(settingsSchema.shape);

test('the table of settings in the README is the schema', () => {
  const rows = readme.match(/^\| `LOAD_\w+` \|.*$/gm) ?? [];
  const ofSuite = settings.filter(([name]) => name.startsWith('LOAD_'));
  const stated = ofSuite.map(([name, schema]) => `| \`${name}\` | ${schema.description ?? ''} |`);
  expect(rows).toEqual(stated);
});

test('the settings of one system stand in the table of that system, and no others', () => {
  const stated = [...readme.matchAll(/^\| (`MCP_\w+`(?:, `MCP_\w+`)*) \|/gm)];
  const names = stated.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
  const ofSystems = settings.map(([name]) => name).filter((name) => !name.startsWith('LOAD_'));
  expect(names.sort()).toEqual(ofSystems.sort());
});
