import { expect, test } from '@playwright/test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { watchProcess } from '../../../load/platform/process-life.ts';

/** As Linux writes it: the name may hold brackets. */
function stat(state: string, startTicks: number): string {
  const between = Array.from({ length: 18 }, () => 0).join(' ');
  return `7 (a (b) c) ${state} ${between} ${startTicks} 0 0`;
}

function fake(text: string): string {
  const folder = test.info().outputPath('proc');
  mkdirSync(`${folder}/7`, { recursive: true });
  writeFileSync(`${folder}/7/stat`, text);
  return folder;
}

test('a process that lives is the same', () => {
  const look = watchProcess(7, fake(stat('S', 100)));
  fake(stat('R', 100));
  expect(look()).toBeUndefined();
});

for (const [what, text, says] of [
  [
    'was started anew under its number',
    stat('S', 200),
    'process 7 no longer belongs to the system',
  ],
  ['has ended, and nobody has noticed', stat('Z', 100), 'process 7 of the system has ended'],
] as const) {
  test(`a process that ${what}`, () => {
    const look = watchProcess(7, fake(stat('S', 100)));
    fake(text);
    expect(look()).toBe(says);
  });
}

test('a process that has gone', () => {
  const folder = fake(stat('S', 100));
  const look = watchProcess(7, folder);
  rmSync(folder, { recursive: true });
  expect(look()).toBe('process 7 of the system has ended');
});

test('what was never seen has not ended', () => {
  const folder = fake(stat('S', 100));
  expect(watchProcess(8, folder)()).toBeUndefined();
  expect(watchProcess(undefined, folder)()).toBeUndefined();
});
