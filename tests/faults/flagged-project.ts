/**
 * A team's suite that is started with one flag of the runner after another: its files, its settings and
 * the results.
 */
import { expect } from '@playwright/test';
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkedProject } from '../child-processes.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { parseLine } from '../../load/metrics/log/reader.ts';
import type { LogLine } from '../../load/metrics/log/schema.ts';

const config = (url: string): string => `
import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: loadProjects({ testDir: 'tests/systems', use: { target: '${url}' } }),
  reporter: [['list', { omitFailures: true }], ['./fixtures/reporter.ts']],
});
`;

const spec = `
import { constant, defineUser, expect, test, users } from 'loadwright';
const user = defineUser({
  system: 'shop',
  thinkTime: constant('50ms'),
  tasks: { ask: { run: ({ http, user }) => http.get('/ask', { query: { user_id: user.uniqueId } }) } },
});
const load = (duration = process.env.LENGTH ?? '1s') => users({ count: 2, spawnRate: 100, duration });
const steady = { tag: '@steady' };

test('sends no load', steady, () => {});
test('may be green', { tag: ['@steady', '@spike'] }, async ({ runLoad }) => {
  expect(await runLoad(user, load(), { budgets: { p50: '< 10 s' } })).toMeetBudget();
});
test('is red', { tag: ['@steady', '@spike', '@baseline'] }, async ({ runLoad }) => {
  const result = await runLoad(user, load(), { budgets: { p50: '< 1 us' }, as: 'red' });
  expect.soft(result).toMatchBaseline();
  expect(result).toMeetBudget();
});
test('is long', { tag: '@endurance' }, async ({ runLoad }) => {
  expect(await runLoad(user, load('2m'))).toMeetBudget();
});
test.describe('goes elsewhere', steady, () => {
  test.use({ target: 'http://load.example:1' });
  test('is refused', async ({ runLoad }) => {
    expect(await runLoad(user, load())).toMeetBudget();
  });
});
`;

/** In a separate folder, whose `package.json` has the script `load`. */
export class FlaggedProject {
  readonly folder: string;

  constructor(folder: string, url: string) {
    this.folder = linkedProject(folder, ['merge.config.ts']);
    writeFileSync(join(folder, 'playwright.config.ts'), config(url));
    writeFileSync(join(folder, 'tests/systems/shop.spec.ts'), spec);
    const scripts = { load: 'playwright test --project=steady' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  }

  /** The folder of the latest run. */
  get run(): string {
    return realpathSync(join(this.folder, 'reports/latest'));
  }

  get results(): Results {
    return JSON.parse(readFileSync(join(this.run, 'results.json'), 'utf8')) as Results;
  }

  /** Titles of the tests that sent load in the latest run. */
  get loaded(): string[] {
    return this.results.loads.map(({ title }) => title).sort();
  }

  /** The lines of each interval log of the latest run. */
  get logs(): LogLine[][] {
    return logsIn(this.run).map((path) => {
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      return lines.map((line, i) => parseLine(line, `${path}:${i + 1}`));
    });
  }

  /** Begin and end of each load of the latest run, in epoch milliseconds, in order of time. */
  get spans(): { readonly startMs: number; readonly endMs: number }[] {
    const spans = this.logs.map((lines) => {
      const plan = lines.find((line) => line.type === 'plan')!;
      const startMs = plan.startedAtEpochMs;
      const ends = lines.flatMap((line) => (line.type === 'interval' ? line.endMs : []));
      return { startMs, endMs: startMs + Math.max(...ends) };
    });
    return spans.sort((a, b) => a.startMs - b.startMs);
  }

  /** The file that `--last-failed` reads. */
  get lastRun(): { readonly failedTests: readonly string[] } {
    const text = readFileSync(join(this.folder, 'reports/.last-run.json'), 'utf8');
    return JSON.parse(text) as { failedTests: string[] };
  }

  /** In the latest run the broken budget made its test red, and every request of the load is in a log. */
  expectHeld(requests: number): void {
    for (const { title, verdict } of this.results.loads) {
      if (title === 'is red') expect(verdict, title).not.toBe('pass');
    }
    const sent = this.logs.flat().reduce((sum, line) => {
      return sum + (line.type === 'interval' ? line.sent : 0);
    }, 0);
    expect(sent, 'requests in the logs').toBe(requests);
  }

  /** Everything that a load run writes is in `reports`, wherever it was started. */
  expectOnePlace(): void {
    const paths = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const ours = paths.filter((path) =>
      /(\.ndjson|results\.json|summary\.md|latest|\.last-run\.json)$/.test(path),
    );
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((path) => !path.startsWith('reports/'))).toEqual([]);
  }
}
