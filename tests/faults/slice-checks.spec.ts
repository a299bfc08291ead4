/** Each slice runs its own checks: a problem on one machine ends the load of all, and the slice is named. */
import { expect } from '@playwright/test';
import { join } from 'node:path';
import { Coordinator } from '../../load/slices/coordinator.ts';
import { Command, test as base, wrongKey } from './sliced-suite.ts';

const secret = 'only-for-this-test-0123456789';

const test = base.extend<{
  /** Runs two slices; the settings apply to the second. Resolves with their output. */
  slices: (words: readonly string[], second: Readonly<Record<string, string>>) => Promise<string[]>;
}>({
  slices: async ({ project, shop, start }, use) => {
    const coordinator = await Coordinator.open({ secret });
    await use(async (words, second) => {
      const slices = [{}, second].map((own, i) =>
        start(
          Command.playwright(project, ['test', ...words, '--reporter=line'], {
            SHOP_URL: shop.url,
            LOAD_RUN_ID: 'run',
            LOAD_SLICE: `${i + 1}/2`,
            LOAD_COORDINATOR: coordinator.url,
            LOAD_COORDINATOR_SECRET: secret,
            LOAD_RUN_DIR: join(project, `slice-${i + 1}`),
            ...own,
          }),
        ),
      );
      const codes = await Promise.all(slices.map(({ exited }) => exited));
      const told = slices.map(({ output }) => output);
      expect(codes, told.join('\n')).toEqual([1, 1]);
      return told;
    });
    await coordinator.close();
  },
});

test('a key that is wrong on one machine only: no slice sends load, and all say whose it is', async ({
  shop,
  slices,
}) => {
  const words = ['--project=steady', '-g', 'all together are enough'];
  const [first, second] = await slices(words, { SHOP_KEY: wrongKey });
  expect(second).toMatch(
    /Preflight: task "order" ended failed \(status 401\), so no load was sent/,
  );
  expect(first).toMatch(/slice 2 of 2 \(.*\): no load was sent: Preflight: task "order".*401/);
  expect([...shop.orders]).toEqual([]);
});

test('a generator that breaks on one machine ends the load of all, long before its planned end', async ({
  shop,
  slices,
}) => {
  const [first, second] = await slices(['--project=endurance'], { BREAKS: 'no more memory' });
  expect(second).toContain('no more memory');
  expect(first).toMatch(/not all slices are there: slice 2 of 2 \(.*\): no more memory/);
  // 20 arrivals a second of this slice alone, for a minute.
  expect(shop.orders.size).toBeLessThan(600);
});
