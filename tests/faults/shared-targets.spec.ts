/** Only one load at a time may use a target. */
import { expect } from '@playwright/test';
import { OpenTargets } from '../../fixtures/load-target.ts';
import { refusalOf, setEnvironment, standInTest } from './driven-load.ts';
import { Command, test } from './sliced-suite.ts';

test('a second load on a target that is under load is refused, and told whose it is', async ({
  project,
  shop,
  start,
}, testInfo) => {
  const first = start(
    Command.playwright(project, ['test', '--project=endurance', '--reporter=line'], {
      SHOP_URL: shop.url,
      LOAD_RUN_ID: 'first',
      LOAD_MAX_MINUTES: '5',
    }),
  );
  await expect.poll(() => shop.orders.size, { timeout: 120_000 }).toBeGreaterThan(20);
  // Another process than the first one's: this one.
  const second = new OpenTargets(
    standInTest(testInfo, 'endurance'),
    { target: shop.url, baseURL: undefined },
    undefined,
  );
  const restore = setEnvironment({ LOAD_RUN_ID: 'second' });
  const refusal = await refusalOf(second.loadTarget({ system: 'shop' }));
  await second.close();
  restore();
  expect(refusal).toMatch(/under load already, by "goes on" .* of run first \(pid \d+\)/);
  first.signal('SIGINT');
  await first.exited;
});
