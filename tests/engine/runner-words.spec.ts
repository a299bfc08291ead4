import { expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configFolder, refuseOutputOver } from '../../fixtures/runner-words.ts';

for (const [words, folder] of [
  [['test', '--project=spike'], '/home/me'],
  [['test', '--config=../load/playwright.config.ts'], '/home/load'],
  [['test', '--config', '/srv/a.config.ts'], '/srv'],
  [['test', '-c', 'e2e/a.config.ts'], '/home/me/e2e'],
  [['test', '-ce2e/a.config.ts'], '/home/me/e2e'],
] as const) {
  test(`the configuration of "${words.join(' ')}" is in ${folder}`, () => {
    expect(configFolder(words, '/home/me')).toBe(folder);
  });
}

test('a folder may be named in the place of a configuration', () => {
  const folder = test.info().outputPath('suite');
  mkdirSync(folder);
  expect(configFolder(['test', `--config=${folder}`], '/home/me')).toBe(folder);
});

for (const output of ['reports', '.', '..', './reports/']) {
  test(`--output=${output} would empty the reports`, () => {
    expect(() => {
      refuseOutputOver('/home/me/reports', ['test', '--output', output], '/home/me');
    }).toThrow(
      `--output=${output}: the runner empties this folder, and the reports of all runs are`,
    );
  });
}

for (const output of ['reports-2', 'test-results', join('reports', 'playwright')]) {
  test(`--output=${output} is beside them`, () => {
    refuseOutputOver('/home/me/reports', ['test', `--output=${output}`], '/home/me');
  });
}
