/** A red load stays red (fault matrix, 44), in a team's suite with any file names. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkedProject } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { expect, hasLogs, test } from './suite-run.ts';

const config = (url: string): string => `
import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: loadProjects({ testDir: 'load-tests', use: { target: '${url}' } }),
});
`;

const spec = `
import { constant, defineUser, expect, test, users } from 'loadwright';
const user = defineUser({
  system: 'shop',
  thinkTime: constant('50ms'),
  tasks: { ask: { run: ({ http, user }) => http.get('/ask', { query: { user_id: user.uniqueId } }) } },
});
const load = users({ count: 2, spawnRate: 100, duration: '1s' });

test('is red, and would not be in its second try', { tag: '@steady' }, async ({ runLoad, loadTarget }) => {
  const { url, kind } = await loadTarget(user);
  console.log('opened', kind, url);
  const p50 = test.info().retry === 0 ? '< 1 us' : '< 10 s';
  expect(await runLoad(user, load, { budgets: { p50 } })).toMeetBudget();
});
`;

const shown = { annotation: fault(44) };

test(
  'a retry that would pass sends nothing, and the test is red, over a merge too',
  shown,
  async ({ run, standIn }) => {
    const cwd = linkedProject(test.info().outputPath('project'), ['merge.config.ts']);
    const system = await standIn();
    mkdirSync(join(cwd, 'load-tests'));
    writeFileSync(join(cwd, 'playwright.config.ts'), config(system.url));
    writeFileSync(join(cwd, 'load-tests/whatever.spec.ts'), spec);
    const folder = join(cwd, 'reports/run');
    const settings = { LOAD_RUN_DIR: folder };
    const bare = await run({ cwd, settings });
    expect([bare.code, system.requests, hasLogs(folder)]).toEqual([1, 0, false]);
    expect(bare.output).toContain('No tests found');

    const retried = await run({
      cwd,
      settings,
      words: ['--project=steady', '--retries=1', '--add-reporter=blob'],
    });
    expect(retried.code, retried.output).toBe(1);
    expect(retried.output).toContain(`opened real ${system.url}`);
    expect(retried.output).toContain('retry 1 of this test: a load is not sent again');
    // The result of the first try, not of this one.
    expect(retried.output).toMatch(/its first try: shop-steady-2-users: (Budget not met|Invalid)/);
    expect(retried.output).toContain('1 failed');
    expect(retried.logLines().filter(({ type }) => type === 'end')).toHaveLength(1);
    const sent = retried.intervals().reduce((sum, interval) => sum + interval.sent, 0);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBe(system.loadRequests);

    const merged = await run({
      command: 'merge-reports',
      cwd,
      settings,
      words: ['--config=merge.config.ts', 'blob-report'],
    });
    expect(merged.code, merged.output).toBe(1);
    expect(merged.output).toContain('1 failed');
  },
);
