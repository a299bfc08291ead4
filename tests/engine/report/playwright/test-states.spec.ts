/** The load tests of a run with their states, as a file for viewers. */
import { expect, test } from '@playwright/test';
import type { TestCase } from '@playwright/test/reporter';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFollower } from '../../../../load/live/run-follower.ts';
import { TestStates, testStatesName } from '../../../../load/report/playwright/test-states.ts';
import { markedAs } from '../../../../load/settings/load-project.ts';
import { VirtualClock } from '../../virtual-clock.ts';

function testOf(title: string, metadata: object): TestCase {
  const project = (): { metadata: object } => ({ metadata });
  const titlePath = (): string[] => ['', 'spike', 'shop.spec.ts', title];
  return { parent: { project }, titlePath } as unknown as TestCase;
}

test('a test is told from when the folder is there, and none when the run is reported', () => {
  const folder = test.info().outputPath('run');
  const [first, second] = ['holds 50 users', 'holds 100 users'].map((title) =>
    testOf(title, markedAs('spike')),
  );
  const other = testOf('opens a page', {});
  const told = new TestStates(() => folder);
  told.begin({ allTests: () => [first!, second!, other] });
  told.set(first!, 'running');
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder);
  told.set(first!, 'failed');
  told.set(second!, 'running');
  told.set(other, 'running');
  expect(JSON.parse(readFileSync(join(folder, testStatesName), 'utf8'))).toEqual({
    tests: [
      { title: 'holds 50 users', scenario: 'spike', state: 'failed' },
      { title: 'holds 100 users', scenario: 'spike', state: 'running' },
    ],
  });
  const { tests } = new RunFollower(folder, { clock: new VirtualClock() }).state(undefined);
  expect(tests.rows.map(({ cells, tone }) => [...cells, tone])).toEqual([
    ['holds 50 users', 'spike', 'failed', 'bad'],
    ['holds 100 users', 'spike', 'running', 'plain'],
  ]);
  told.end();
  expect(existsSync(join(folder, testStatesName))).toBe(false);
});
