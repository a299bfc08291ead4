import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { settingsSchema } from '../../load/settings.ts';

test('the table of settings in the README is the schema', () => {
  const rows = readFileSync('README.md', 'utf8').match(/^\| `LOAD_\w+` \|.*$/gm) ?? [];
  const stated = Object.entries(settingsSchema.shape).map(
    ([name, schema]) => `| \`${name}\` | ${schema.description ?? ''} |`,
  );
  expect(rows).toEqual(stated);
});
