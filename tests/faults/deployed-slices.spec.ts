/** The image's own entry point, run as in containers: a separate host for each of two slices, one verdict. */
import { expect, test as base } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Command, Shop, slicedProject } from './sliced-suite.ts';
import { openTestHosts, readOnlyBut, type TestHosts } from './test-hosts.ts';

const results = z.object({
  loads: z.array(
    z.object({
      verdict: z.string(),
      invalid: z.array(z.unknown()),
      judgements: z.array(z.object({ status: z.string() })),
    }),
  ),
});

const test = base.extend<{ site: { hosts: TestHosts; commands: Command[] } }>({
  // A fixture is closed however the test ends, even after its time limit.
  site: async ({}, use) => {
    const site = { hosts: openTestHosts(2), commands: [] as Command[] };
    await use(site);
    for (const command of site.commands) await command.end();
    site.hosts.close();
  },
});

test(
  'coordinator, two slices and the merge by deploy/run.sh, each slice on a host of its own',
  { tag: '@long' },
  async ({ site: { hosts, commands } }, testInfo) => {
    const cwd = slicedProject(testInfo.outputPath('project'));
    // As in a container: only the volume and the folder for temporary files are writable.
    const written = [join(cwd, 'reports'), testInfo.outputPath('tmp')];
    for (const folder of written) mkdirSync(folder, { recursive: true });
    const locked = readOnlyBut(written);
    testInfo.annotations.push(
      { type: 'hosts', description: hosts.kind },
      { type: 'root', description: locked.length > 0 ? 'read-only' : 'as it is' },
    );
    const before = readdirSync(cwd).sort();
    const shop = await Shop.open(hosts.ownAddress);
    const start = (
      words: readonly string[],
      settings: Readonly<Record<string, string>>,
      host: readonly string[] = [],
    ): Command => {
      const [file, ...rest] = [...host, ...locked, 'deploy/run.sh', ...words];
      const command = new Command(cwd, rest, { ...settings, TMPDIR: written[1]! }, file);
      commands.push(command);
      return command;
    };
    try {
      const secret = { LOAD_COORDINATOR_SECRET: 'only-for-this-test-0123456789' };
      const listens = { ...secret, COORDINATOR_HOST: hosts.ownAddress };
      const coordinator = start(['coordinator', '--port', '0'], listens);
      await expect.poll(() => coordinator.output, { timeout: 120_000 }).toMatch(/http:\S+\n/);
      const run = { LOAD_RUN_ID: 'deployed' };
      const settings = {
        ...secret,
        ...run,
        SLICES: '2',
        LOAD_COORDINATOR: /http:\S+/.exec(coordinator.output)![0],
        SHOP_URL: shop.url,
        LOAD_ALLOW_HOSTS: hosts.ownAddress,
      };
      const words = ['slice', '--project=steady', '-g', 'all together are enough'];
      const slices = [0, 1].map((n) =>
        start(words, { ...settings, JOB_COMPLETION_INDEX: String(n) }, hosts.commandOn(n)),
      );
      const codes = await Promise.all(slices.map(({ exited }) => exited));
      expect(codes, slices.map(({ output }) => output).join('\n')).toEqual([0, 0]);
      const merge = start(['merge'], run);
      const merged = await merge.exited;
      const path = join(cwd, 'reports/deployed/results.json');
      const { loads } = results.parse(JSON.parse(readFileSync(path, 'utf8')));
      const verdicts = loads.map(({ verdict }) => verdict);
      expect(
        loads.flatMap(({ invalid }) => invalid),
        merge.output,
      ).toEqual([]);
      // On a busy machine a row may be undecided; only then it is not green.
      const statuses = loads.flatMap(({ judgements }) => judgements.map(({ status }) => status));
      const isOpen = statuses.includes('undecided');
      expect(verdicts, merge.output).toEqual([isOpen ? 'invalid' : 'pass']);
      expect(merged, merge.output).toBe(verdicts[0] === 'pass' ? 0 : 1);
      // Both slices took part, and no arrival was sent twice.
      expect(shop.orders.size).toBeGreaterThan(200);
      expect([...shop.orders.values()].every((count) => count === 1)).toBe(true);
      coordinator.signal('SIGTERM');
      expect(await coordinator.exited).toBe(0);
      // Nothing was written elsewhere.
      expect(readdirSync(cwd).sort()).toEqual(before);
      if (locked.length > 0) {
        const touch = spawnSync(locked[0]!, [...locked.slice(1), 'touch', join(cwd, 'elsewhere')]);
        expect(String(touch.stderr)).toContain('Read-only file system');
      }
    } finally {
      shop.close();
    }
  },
);

test('deploy/run.sh says what is missing', async ({}, testInfo) => {
  const cwd = slicedProject(testInfo.outputPath('project'));
  const told = async (words: readonly string[], settings = {}): Promise<string> => {
    const command = new Command(cwd, words, settings, 'deploy/run.sh');
    const code = await command.exited;
    return `${code}: ${command.output}`;
  };
  expect(await told(['slice'])).toMatch(/^2: .*JOB_COMPLETION_INDEX: is set by an Indexed Job/);
  expect(await told(['slice'], { JOB_COMPLETION_INDEX: '0' })).toMatch(/^2: .*SLICES: how many/);
  expect(await told(['shard'])).toBe(
    '2: run.sh shard: accepted are slice, coordinator and merge\n',
  );
});
