/** The suite's own load tests distributed over processes as by a user: shards, and slices of one load. */
import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { isRunning, linkedProject } from '../child-processes.ts';
import { htmlReportText } from './left-reports.ts';
import { Command, slicedProject, test } from './sliced-suite.ts';

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}

test(
  'two shards of progressive, merged: one HTML report, one load report, one verdict',
  { tag: '@long' },
  async ({ start }, testInfo) => {
    const more = ['tests/systems', 'merge.config.ts'];
    const project = linkedProject(testInfo.outputPath('project'), more);
    const words = ['test', '--project=progressive', '--reporter=blob'];
    const shards = [1, 2].map((n) =>
      start(
        Command.playwright(project, [...words, `--shard=${n}/2`], {
          LOAD_TIME_SCALE: '0.005',
          LOAD_RUN_ID: 'sharded',
          LOAD_RUN_DIR: `reports/shard-${n}/sharded`,
          PLAYWRIGHT_BLOB_OUTPUT_FILE: join(project, `blobs/${n}-of-2.zip`),
        }),
      ),
    );
    const codes = await Promise.all(shards.map(({ exited }) => exited));
    const merge = start(
      Command.playwright(project, ['merge-reports', '--config=merge.config.ts', 'blobs'], {}),
    );
    const code = await merge.exited;

    const { loads, unreadable } = resultsIn(join(project, 'reports/sharded'));
    expect(unreadable).toEqual([]);
    const listed = start(
      Command.playwright(project, ['test', '--list', '--project=progressive'], {}),
    );
    await listed.exited;
    const titles = [...listed.output.matchAll(/^ +\[progressive\] › .* › (.*)$/gm)].map(
      ([, t]) => t,
    );
    expect(loads.map(({ title }) => title).sort()).toEqual(titles.sort());
    expect(new Set(loads.map(({ system }) => system)).size).toBeGreaterThan(1);
    // Two at once disturb each other and may leave rows undecided. Whatever their verdicts, the merge
    // reports them.
    const verdicts = new Set(loads.map(({ verdict }) => verdict));
    const isGreen = verdicts.size === 1 && verdicts.has('pass');
    expect(code, merge.output).toBe(isGreen ? 0 : 1);
    expect(codes.includes(1)).toBe(!isGreen);
    const html = htmlReportText(join(project, 'reports/html'));
    for (const { title } of loads) expect(html).toContain(title);
  },
);

test('slices on one machine share the reference service of the first, which ends with them', async ({
  start,
}, testInfo) => {
  const more = ['tests/systems', 'merge.config.ts'];
  const project = linkedProject(testInfo.outputPath('project'), more);
  const run = start(
    Command.slices(project, ['2', '--project=custom', 'health-agent'], {
      LOAD_RUN_ID: 'shared',
      LOAD_USERS: '4',
      LOAD_DURATION: '2s',
      LOAD_THINK: '50ms',
    }),
  );
  const isService = (command: string): boolean => command.includes('fixtures/reference/');
  const services = new Set<number>();
  const folder = join(project, 'reports/shared');
  await expect
    .poll(
      () => {
        const known = run.processes().filter(({ command }) => isService(command));
        for (const { pid } of known) services.add(pid);
        return services.size;
      },
      { timeout: 120_000, intervals: [250] },
    )
    .toBe(1);
  await run.exited;
  const slices = [1, 2].flatMap((n) => logsIn(join(folder, 'slices', `${n}-of-2`)));
  const parts = await Promise.all(slices.map((path) => readResult(path)));
  expect(parts.map(({ plan }) => plan.target.kind)).toEqual(['reference', 'reference']);
  expect(new Set(parts.map(({ plan }) => plan.target.url)).size).toBe(1);
  for (const { sent } of parts) expect(sent).toBeGreaterThan(0);
  const [load] = resultsIn(folder).loads;
  expect(load?.totals.scheduled).toBe(parts[0]!.scheduled + parts[1]!.scheduled);
  expect(load?.invalid.filter(({ rule }) => rule === 'slices')).toEqual([]);
  expect(services.size).toBe(1);
  await expect.poll(() => [...run.seen].filter(isRunning), { timeout: 120_000 }).toEqual([]);
});

test(
  'slices that start at a stated moment: without a coordinator, together, one verdict',
  { tag: '@long' },
  async ({ shop, start }, testInfo) => {
    const project = slicedProject(testInfo.outputPath('project'));
    const words = ['test', '--project=steady', '-g', 'all together are enough', '--reporter=blob'];
    // How long two processes need for reading the suite shows when both can be ready.
    const beganAt = Date.now();
    const lists = [1, 2].map(() => start(Command.playwright(project, [...words, '--list'], {})));
    await Promise.all(lists.map(({ exited }) => exited));
    const launchedAt = Date.now();
    const startAt = launchedAt + 5 * (launchedAt - beganAt);
    const settings = { LOAD_RUN_ID: 'timed', SHOP_URL: shop.url };
    const slices = [1, 2].map((n) =>
      start(
        Command.playwright(project, words, {
          ...settings,
          LOAD_SLICE: `${n}/2`,
          LOAD_START_AT: String(startAt),
          PLAYWRIGHT_BLOB_OUTPUT_FILE: join(project, `blobs/${n}-of-2.zip`),
        }),
      ),
    );
    const codes = await Promise.all(slices.map(({ exited }) => exited));
    expect(codes, slices.map(({ output }) => output).join('\n')).toEqual([0, 0]);
    const merge = start(
      Command.playwright(project, ['merge-reports', '--config=merge.config.ts', 'blobs'], {}),
    );
    const code = await merge.exited;
    const folder = join(project, 'reports/timed');
    const [load] = resultsIn(folder).loads;
    expect(code, merge.output).toBe(load?.verdict === 'pass' ? 0 : 1);
    expect(load?.invalid.filter(({ rule }) => rule === 'slices')).toEqual([]);
    const { plan, scheduled } = await readResult(logsIn(folder)[0]!);
    for (const { startedAtEpochMs } of plan.merged!.slices) {
      // Without that moment each would start when it is ready, most of the waiting earlier.
      expect(Math.abs(startedAtEpochMs - startAt)).toBeLessThan((startAt - launchedAt) / 20);
    }
    expect([...shop.orders.values()].reduce((sum, n) => sum + n, 0)).toBe(scheduled);
  },
);
