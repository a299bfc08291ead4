/** `npx playwright test --ui` shows load tests when their project is selected, and runs one. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownProject } from '../faults/own-project.ts';
import { expect, test } from '../faults/suite-run.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

const spec = `
test('is small', { tag: '@custom' }, async ({ runLoad }) => {
  const load = users({ count: 2, spawnRate: 2, duration: '2s', thinkTime: constant('0.1s') });
  expect(await runLoad(healthAgentUser, load)).toMeetBudget();
});
`;

const config = `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: [
    { name: 'pages', testDir: 'tests/pages' },
    ...loadProjects({ testDir: 'tests/systems', scenarios: ['custom'] }),
  ],
});
`;
const functional = `import { test } from '@playwright/test';
test('opens', () => {});
`;

test(
  'load tests come with their project, and one that is run there has its log',
  { tag: '@long' },
  async ({ startRun, standIn }, testInfo) => {
    test.setTimeout(installTimeoutMs);
    const cwd = ownProject(testInfo.outputPath('project'), spec);
    writeFileSync(join(cwd, 'playwright.config.ts'), config);
    mkdirSync(join(cwd, 'tests/pages'));
    writeFileSync(join(cwd, 'tests/pages/opens.spec.ts'), functional);
    const system = await standIn();
    const settings = { HEALTH_AGENT_URL: system.url };
    const ui = startRun({ cwd, settings, words: ['--ui-port=0', '--ui-host=127.0.0.1'] });
    await ui.until('its address', () => ui.stdout.includes('http://'));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(/http:\S+/.exec(ui.stdout)![0]);
      await expect(page.getByText('opens.spec.ts')).toBeVisible({ timeout: 60_000 });
      const load = page.getByText('health-agent.spec.ts');
      await expect(load).toBeHidden();
      await page.getByText('Projects:').click();
      await page.getByRole('checkbox', { name: 'custom' }).check();
      await expect(load).toBeVisible();
      await page.getByRole('checkbox', { name: 'pages' }).uncheck();
      await expect(page.getByText('opens.spec.ts')).toBeHidden();
      await page.getByTitle('Run all').click();
      // With any verdict, since a busy machine may be too late for a valid one.
      await expect(page.getByText('1/1 (100%)')).toBeVisible({ timeout: 60_000 });
    } finally {
      await browser.close();
    }
    const left = readdirSync(join(cwd, 'reports/ui/latest'));
    expect(left).toContain('health-agent-custom-2-users.ndjson');
  },
);
