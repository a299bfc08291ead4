/** The reports of an earlier run stay until another run is reported. Lists and the UI mode are not reported. */
import { expect } from '@playwright/test';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ownProject } from '../faults/own-project.ts';
import { test, type RunOptions } from '../faults/suite-run.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

test.describe.configure({ timeout: installTimeoutMs });

const spec = `
test('answers', { tag: '@custom' }, async ({ runLoad }) => {
  const load = users({ count: 2, spawnRate: 100, duration: '1s', thinkTime: constant('50ms') });
  expect(await runLoad(healthAgentUser, load)).toMeetBudget();
});
`;

/** The files that an earlier run may have left: the digest of the text, or the target of a link. */
function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => [join(entry.parentPath, entry.name), entry] as const)
      .map(([path, entry]) => [
        relative(folder, path),
        entry.isSymbolicLink()
          ? readlinkSync(path)
          : createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
}

function earlierRun(project: string): string {
  const reports = join(project, 'reports');
  for (const path of [
    'html/index.html',
    'allure-results/a-result.json',
    'earlier/results.json',
    '.last-run.json',
    '.loadwright',
    'earlier/.loadwright',
  ]) {
    mkdirSync(join(reports, path, '..'), { recursive: true });
    writeFileSync(join(reports, path), '{"status":"failed","failedTests":[]}');
  }
  symlinkSync('earlier', join(reports, 'latest'));
  return reports;
}

test(
  '--list and --ui leave it, a run takes its place',
  { tag: '@soak' },
  async ({ run, startRun, standIn }, testInfo) => {
    const cwd = ownProject(testInfo.outputPath('project'), spec);
    const reports = earlierRun(cwd);
    const before = filesIn(reports);
    const system = await standIn();
    const settings = { HEALTH_AGENT_URL: system.url };
    const options = (...words: string[]): RunOptions => {
      return { cwd, settings, words: ['--project=custom', ...words] };
    };

    const list = await run(options('--list'));
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining('Total: 1 test')]);
    expect(filesIn(reports)).toEqual(before);

    const ui = startRun(options('--ui-port=0', '--ui-host=127.0.0.1'));
    await ui.until('its address', () => ui.stdout.includes('http://'));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(/http:\S+/.exec(ui.stdout)![0]);
      await page.getByTitle('Run all').click();
      // With any verdict, since a busy machine may be too late for a valid one.
      await expect(page.getByText('1/1 (100%)')).toBeVisible({ timeout: 60_000 });
    } finally {
      await browser.close();
    }
    const now = filesIn(reports);
    expect(now).toMatchObject(before);
    // The UI mode has its own reports.
    const added = Object.keys(now).filter((path) => before[path] === undefined);
    expect(added.filter((path) => !path.startsWith('ui/'))).toEqual([]);
    expect(added.some((path) => path.endsWith('health-agent-custom-2-users.ndjson'))).toBe(true);

    await run(options());
    const after = filesIn(reports);
    expect(after['allure-results/a-result.json']).toBeUndefined();
    expect(Object.keys(after).join()).toContain('allure-results/');
    expect(after['earlier/results.json']).toBe(before['earlier/results.json']);
    for (const path of ['html/index.html', '.last-run.json', 'latest']) {
      expect(after[path], path).not.toBe(before[path]);
    }
  },
);
