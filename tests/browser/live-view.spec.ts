/**
 * The live page in a real browser with real loads: started, watched, steered, stopped, compared, saved as
 * a file.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../load/report/files/results-json.ts';
import { statisticsTable } from '../../load/report/html/tables.ts';
import { ownProject } from '../faults/own-project.ts';
import { StandIn } from '../faults/stand-in.ts';
import { installTimeoutMs } from './browser.ts';
import { command, expect, openPage, patience, test } from './live-ui.ts';

test.describe.configure({ timeout: installTimeoutMs });

const spec = `
import { custom, settings } from 'loadwright';
test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  expect(await runLoad(healthAgentUser, custom(settings()))).toMeetBudget();
});
`;

let system: StandIn;
test.beforeAll(async () => {
  system = await StandIn.start();
});
test.afterAll(() => {
  system.stop();
});

function settingsOf(): Record<string, string> {
  return { HEALTH_AGENT_URL: system.url, LOAD_THINK: '50ms' };
}

function runsIn(cwd: string): string[] {
  const folder = join(cwd, 'reports');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name));
}

function resultsOf(cwd: string, run: string): Results {
  return JSON.parse(readFileSync(join(cwd, 'reports', run, 'results.json'), 'utf8'), (_, value) =>
    value === 'Infinity' ? Infinity : (value as unknown),
  ) as Results;
}

/** The load's current figures on the page, by name. */
async function nowOn(page: Page, name: string): Promise<string> {
  return page.locator('dl.now div', { hasText: name }).locator('dd').innerText();
}

test(
  'open, start, watch, raise the users, stop, read the report, keep as a file, compare, kill -9',
  { tag: '@long' },
  async ({ startUi, browserOfTests }, testInfo) => {
    const cwd = ownProject(testInfo.outputPath('project'), spec);
    const ui = startUi(cwd, settingsOf());
    const url = await ui.url();
    const page = await openPage(browserOfTests, url);
    expect(page.url()).not.toContain('token');

    await test.step('bad values are refused in the form', async () => {
      await expect(page.getByLabel('System')).toHaveValue('health-agent', patience);
      await page.getByLabel('Users').fill('0');
      await expect(page.getByLabel('Users')).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByText('Accepted is a whole number from 1 on')).toBeVisible();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await expect(page.getByText('Not started: see what is marked.')).toBeVisible();
      await page.getByLabel('Users').fill('3');
      await page.getByText('Target, time scale, seed').click();
      await page.getByLabel('Target').fill('http://example.org');
      await expect(
        page.getByText(/Accepted is an address on this machine; LOAD_ALLOW/),
      ).toBeVisible();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await expect(page.getByLabel('Target')).toBeFocused();
      expect(runsIn(cwd)).toEqual([]);
    });

    await test.step('axe finds nothing serious, light and dark, and a phone has no wider page', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await expectFit(browserOfTests, url, colorScheme);
      }
    });

    await test.step('a load is started and watched, and a reload comes back to it', async () => {
      await page.getByLabel('Spawn rate').fill('3');
      await page.getByLabel('Duration').fill('5m');
      await page.getByLabel('Target').fill('');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await expect(page.getByText('running', { exact: true })).toBeVisible(patience);
      await expect.poll(() => nowOn(page, 'users'), patience).toBe('3');
      ui.remember();
      await page.reload();
      await expect.poll(() => nowOn(page, 'users'), patience).toBe('3');
      await expect(page.getByRole('region', { name: 'Budgets' })).toContainText('errorRate');
      await expect(page.getByRole('region', { name: 'Ratio of the tasks' })).toBeVisible();
    });

    const [run = ''] = runsIn(cwd);
    await test.step('its users are raised', async () => {
      await page.getByLabel('Users', { exact: true }).fill('8');
      await page.getByRole('button', { name: 'Change' }).click();
      await expect.poll(() => nowOn(page, 'users'), patience).toBe('8');
      await expect(page.getByLabel('Log, newest first')).toContainText('users from 3 to 8');
    });

    await test.step('it is stopped, and the page ends with the figures of the report', async () => {
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect(page.getByRole('link', { name: 'Open the report' })).toBeVisible(patience);
      await expect(page.getByText('over', { exact: true })).toBeVisible(patience);
      const [load] = resultsOf(cwd, run).loads;
      expect(load).toMatchObject({ interrupted: true, steered: true });
      const told = statisticsTable(load!).rows.map(({ cells }) =>
        cells.slice(0, 4).map((cell) => (typeof cell === 'string' ? cell : cell[0])),
      );
      const rows = page.getByRole('region', { name: 'Statistics' }).locator('tbody tr');
      const shown = await Promise.all(
        (await rows.all()).map(async (row) => {
          const cells = await row.locator('th, td').allTextContents();
          return cells.slice(0, 4);
        }),
      );
      expect(shown).toEqual(told);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(load!.headline);
      const popup = page.waitForEvent('popup');
      await page.getByRole('link', { name: 'Open the report' }).click();
      await expect((await popup).getByRole('heading', { level: 1 })).toContainText(load!.headline);
    });

    await test.step('a form is kept as a file, which a command starts', async () => {
      await page.getByRole('link', { name: 'Load runs' }).click();
      await expect(page.getByLabel('System')).toHaveValue('health-agent', patience);
      await page.getByLabel('Users').fill('4');
      await page.getByLabel('Spawn rate').fill('4');
      await page.getByLabel('Duration').fill('8s');
      await page.getByLabel('Save as').fill('../evening');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.getByText(/^name: .*accepted: letters, digits/)).toBeVisible();
      await page.getByLabel('Save as').fill('evening');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.getByRole('button', { name: 'Start evening' })).toBeVisible();
      const child = command(['run', 'evening'], cwd, settingsOf());
      child.stdout?.resume();
      child.stderr?.resume();
      await once(child, 'close');
      expect(runsIn(cwd)).toHaveLength(2);
    });

    await test.step('two runs are laid over one another, and one is removed', async () => {
      const [evening = ''] = runsIn(cwd).filter((one) => one !== run);
      // The page does not judge how two runs differ, so the second is a copy of the first.
      const again = `${evening}-again`;
      cpSync(join(cwd, 'reports', evening), join(cwd, 'reports', again), { recursive: true });
      await page.getByRole('button', { name: 'Look again' }).click();
      for (const id of runsIn(cwd).filter((one) => one !== run)) {
        await page.getByLabel(`Compare ${id}`, { exact: true }).check();
      }
      await page.getByRole('button', { name: 'Compare the two that are ticked' }).click();
      const compared = page.getByRole('region', { name: 'health-agent-custom-4-users' }).first();
      await expect(compared).toContainText('provisional');
      await expect(compared).toContainText('earlier: p95');
      await page.getByRole('link', { name: 'Load runs' }).click();
      page.once('dialog', (dialog) => void dialog.accept());
      await page.getByRole('button', { name: `Remove ${run}` }).click();
      await expect(page.getByRole('link', { name: run, exact: true })).toBeHidden();
      expect(existsSync(join(cwd, 'reports', run))).toBe(false);
    });

    await test.step('kill -9 of the server in mid-run: the load goes on, and its reports are written', async () => {
      const before = runsIn(cwd);
      await page.getByRole('button', { name: 'Start evening' }).click();
      await expect.poll(() => nowOn(page, 'users'), patience).toBe('4');
      ui.remember();
      ui.child.kill('SIGKILL');
      await expect(page.getByText('No answer from the server of this page')).toBeVisible(patience);
      const [left = ''] = runsIn(cwd).filter((one) => !before.includes(one));
      const report = join(cwd, 'reports', left, 'index.html');
      await expect.poll(() => existsSync(report), patience).toBe(true);
      const [load] = resultsOf(cwd, left).loads;
      expect(load).toMatchObject({ end: { cause: 'completed' }, interrupted: false });
      expect(load!.totals.ended).toBe(load!.totals.scheduled);
    });
  },
);

/** Axe finds nothing serious on the page beside a run, and a phone has no wider page. */
async function expectFit(browser: Browser, url: string, colorScheme: 'light' | 'dark') {
  const viewport = { width: 360, height: 740 };
  const page = await openPage(browser, url, { colorScheme, viewport });
  await expect(page.getByLabel('System')).toHaveValue('health-agent', patience);
  const widths = await page.evaluate<number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(widths).toEqual([360, 360]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => /serious|critical/.test(impact ?? ''));
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page.context().close();
}
