import { expect, test } from '@playwright/test';
import { judgeable } from '../../../load/systems/sandbox-probing.ts';

const everything = { files: true, listener: true, pages: true, endpoint: true };

function families(oracles: typeof everything): string[] {
  return [...new Set(judgeable(oracles).map(({ family }) => family))];
}

test('a family without its oracle is not sent', () => {
  expect(families(everything)).toEqual(['files', 'git', 'web', 'endpoint']);
  expect(families({ ...everything, files: false })).toEqual(['web']);
  expect(families({ ...everything, listener: false })).toEqual(['files', 'git', 'endpoint']);
  expect(families({ ...everything, endpoint: false })).toEqual(['files', 'git', 'web']);
  expect(families({ ...everything, files: false, listener: false })).toEqual([]);
  const withoutPages = judgeable({ ...everything, pages: false });
  expect(withoutPages.some(({ needsPages }) => needsPages === true)).toBe(false);
  expect(withoutPages.some(({ family }) => family === 'web')).toBe(true);
});
