/** Runs `comparePair` in the test's own process, like driven-load.ts runs `runLoad`. */
import type { TestInfo } from '@playwright/test';
import { join } from 'node:path';
import { z } from 'zod';
import { PairRunner, type PairOptions } from '../../fixtures/compare-pair.ts';
import { expect, openLoadParts } from '../../fixtures/test.ts';
import { readPair, type JudgedPair } from '../../load/paired/pair-log.ts';
import type { PairTolerances } from '../../load/paired/tolerances.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { messageOf, runFolderOf, setEnvironment, standInTest } from './driven-load.ts';

export interface DrivenPair {
  readonly pair: JudgedPair;
  /** The matcher's message; undefined if it passes. */
  readonly message: string | undefined;
  /** Names of the attachments for other reports. */
  readonly attached: readonly string[];
  readonly folder: string;
}

const service = join(import.meta.dirname, 'pair-service.mjs');

/** The command of a side. */
export function serviceCommand(...words: readonly string[]): string {
  return [process.execPath, service, ...words].map((word) => JSON.stringify(word)).join(' ');
}

/** The service requires a text and accepts nothing else. */
export const toyUser = defineUser({
  system: 'toy',
  health: '/health',
  thinkTime: constant('2ms'),
  tasks: {
    ask: {
      deadline: '2s',
      run: async ({ http }) => {
        await http.get('/text', { expect: z.object({ text: z.string() }) });
      },
    },
  },
});

export const fourUsers = users({ count: 4, spawnRate: 40, duration: '15s' });

/** Resolves with the result of the pair. Rejects if it was refused. */
export async function drivenPair(
  testInfo: TestInfo,
  environment: Readonly<Record<string, string>>,
  options: PairOptions = {},
  tolerances?: PairTolerances,
): Promise<DrivenPair> {
  const folder = runFolderOf(testInfo);
  const restore = setEnvironment({ LOAD_RUN_DIR: folder, ...environment });
  const test = standInTest(testInfo, 'pair');
  try {
    const runner = new PairRunner(test);
    try {
      const pair = await runner.comparePair(toyUser, fourUsers, options);
      await openLoadParts();
      const message = messageOf(() => {
        expect(pair).toBeNoSlowerThan(tolerances);
      });
      await runner.close();
      return { pair, message, attached: test.attachments.map(({ name }) => name), folder };
    } finally {
      await runner.close();
    }
  } finally {
    restore();
  }
}

/** Stops the pair, as Ctrl-C does, once `when` is true. Resolves with what was attached by then. */
export async function stoppedPair(
  testInfo: TestInfo,
  environment: Readonly<Record<string, string>>,
  when: () => boolean,
): Promise<{ readonly pair: JudgedPair; readonly attached: readonly string[] }> {
  const folder = runFolderOf(testInfo);
  const restore = setEnvironment({ LOAD_RUN_DIR: folder, ...environment });
  const test = standInTest(testInfo, 'pair');
  const runner = new PairRunner(test);
  try {
    // It never comes back, as the body of an interrupted test does not.
    void runner.comparePair(toyUser, fourUsers);
    await expect.poll(when).toBe(true);
    await runner.close();
    const log = test.attachments.find(({ name }) => name === 'pair log')!;
    const attached = test.attachments.map(({ name }) => name);
    return { pair: readPair(log.path!), attached };
  } finally {
    restore();
  }
}
