/** Who may load one target at once: the slices of a load, and nobody else. */
import { expect, test as base } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../load/report/results-json.ts';
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

test('slices meet by the clock alone for a single load, and one merge judges it', async ({
  project,
  shop,
  start,
}) => {
  // Late enough for both to be ready, as fast as this machine is now: it lists them first.
  const listedFrom = performance.now();
  await start(Command.playwright(project, ['test', '--list', '--project=steady'], {})).exited;
  const leadMs = 8 * (performance.now() - listedFrom);
  const at = String(Math.round(Date.now() + leadMs));
  const common = { SHOP_URL: shop.url, LOAD_RUN_ID: 'by-clock', LOAD_START_AT: at };
  const words = ['--project=steady', '-g', 'all together are enough', '--reporter=blob'];
  const slices = [1, 2].map((n) =>
    start(
      Command.playwright(project, ['test', ...words], {
        ...{ ...common, LOAD_SLICE: `${n}/2` },
        PLAYWRIGHT_BLOB_OUTPUT_FILE: join(project, `blobs/${n}.zip`),
      }),
    ),
  );
  const codes = await Promise.all(slices.map(({ exited }) => exited));
  expect(codes, slices.map(({ output }) => output).join('\n')).toEqual([0, 0]);
  const merging = ['merge-reports', '--config=merge.config.ts', 'blobs'];
  const merge = start(Command.playwright(project, merging, { LOAD_RUN_ID: 'by-clock' }));
  await merge.exited;
  const path = join(project, 'reports/by-clock/results.json');
  const { loads } = JSON.parse(readFileSync(path, 'utf8')) as Results;
  expect(loads.map(({ startedAt }) => new Date(startedAt).getTime())).toEqual([Number(at)]);
  expect(loads[0]!.parameters['slices']).toMatch(/^2; clocks not compared$/);
  const throughput = loads[0]!.judgements.find(({ name }) => name === 'throughput');
  expect(throughput?.status, merge.output).toBe('pass');
  expect([...shop.orders.values()].every((count) => count === 1)).toBe(true);
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
