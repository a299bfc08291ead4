/** Only one load at a time may use a target. */
import { expect } from '@playwright/test';
import { Command, test } from './sliced-suite.ts';

test('a second load on a target that is under load is refused, and told whose it is', async ({
  project,
  shop,
  start,
}) => {
  const settings = { SHOP_URL: shop.url };
  const words = ['test', '--project=endurance', '--reporter=line'];
  const first = start(
    Command.playwright(project, words, {
      ...settings,
      LOAD_RUN_ID: 'first',
      LOAD_MAX_MINUTES: '5',
    }),
  );
  await expect.poll(() => shop.orders.size, { timeout: 120_000 }).toBeGreaterThan(20);
  const second = start(Command.playwright(project, words, { ...settings, LOAD_RUN_ID: 'second' }));
  expect(await second.exited).toBe(1);
  expect(second.output).toMatch(new RegExp(`run first.*pid \\d+`, 's'));
  first.signal('SIGINT');
  await first.exited;
});
