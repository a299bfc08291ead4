/** Who may load one target at once: one load, and nobody else. */
import { expect, test as base } from '@playwright/test';
import { Command, Shop, slicedProject } from './sliced-suite.ts';

const test = base.extend<{ shop: Shop; start: (command: Command) => Command; project: string }>({
  shop: async ({}, use) => {
    const shop = await Shop.open();
    await use(shop);
    shop.close();
  },
  start: async ({}, use) => {
    const commands: Command[] = [];
    await use((command) => {
      commands.push(command);
      return command;
    });
    for (const command of commands) await command.end();
  },
  project: async ({}, use, testInfo) => {
    await use(slicedProject(testInfo.outputPath('project')));
  },
});

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
  await expect.poll(() => shop.orders.size, { timeout: 60_000 }).toBeGreaterThan(20);
  const second = start(Command.playwright(project, words, { ...settings, LOAD_RUN_ID: 'second' }));
  expect(await second.exited).toBe(1);
  expect(second.output).toMatch(new RegExp(`run first.*pid \\d+`, 's'));
  first.signal('SIGINT');
  await first.exited;
});
