/**
 * The page of the load report in a real browser: from file://, without a network, with light, dark, wide
 * and narrow screens.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rebuild } from '../../load/report/files/rebuild.ts';
import { budget, repeat } from '../engine/budgets/make-result.ts';
import { requests, writeLog, type MadeLog } from '../engine/report/make-log.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

test.describe.configure({ timeout: installTimeoutMs });

let browser: Browser | undefined;
test.beforeAll(async () => {
  browser = await launchBrowser();
});
test.afterAll(() => browser?.close());

const hostile = `<script>globalThis.broken = 1</script>|=1+1 \`x\`\u202e\n<img src=x onerror="globalThis.broken=2">`;
const broken = { kind: 'status 500', count: 20, firstMs: 2300, lastMs: 2900, sample: hostile };

/** Good seconds, then slow ones with errors from 0:02 on. The log lists one of the failed requests. */
const red: MadeLog = {
  seconds: [
    ...repeat([requests(repeat(100, 100))], 2),
    ...repeat([requests(repeat(900, 80), { others: { failed: 20 }, errors: [broken] })], 2),
    ...repeat([requests(repeat(100, 100))], 4),
  ],
  interval: {
    requests: [
      {
        why: ['failed', 'sampled'],
        task: 'query',
        request: 'query',
        user: 3,
        scheduledMs: 2200,
        startedMs: 2201,
        endedMs: 2300,
        outcome: 'failed',
        kind: 'status 500',
        detail: hostile,
        trace: '0af7651916cd43dd8448eb211c80319c',
      },
    ],
  },
  plan: {
    budgets: [budget('p95', '< 500 ms'), budget('errorRate', '< 1 %')],
    plan: { title: hostile },
  },
};

async function openReport(made: MadeLog, more: object = {}): Promise<Page> {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  writeLog(join(folder, 'shop.ndjson'), made);
  const { pagePath } = await rebuild(folder);
  const context = await browser!.newContext({ viewport: { width: 1280, height: 900 }, ...more });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) wrong.push(request.url());
  });
  await page.goto(pathToFileURL(pagePath!).href);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(wrong).toEqual([]);
  return page;
}

test('a red load is one sentence: what broke, when, and whether the load generator can be trusted', async () => {
  const page = await openReport(red);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /^fail Budget not met: p95 is 900 ms, limit < 500 ms, missed from 0:02 to 0:04, worst at 0:02 \(and 1 more\)$/,
  );
  await expect(page.locator('.trust')).toHaveText(/^The load generator can be trusted/);
  await page.close();
});

test('from an error to the requests behind it are two clicks at most', async () => {
  const page = await openReport(red);
  const errors = page.getByRole('region', { name: 'Errors' });
  await errors.getByRole('button', { name: 'status 500' }).click();
  const panel = page.getByRole('complementary', { name: 'The chosen moment' });
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('0:02–0:03, steady state');
  const own = panel.getByRole('region', { name: 'Requests of the moment' });
  await expect(own.getByRole('rowheader').first()).toHaveText('failed: status 500');
  await expect(own).toContainText('0af7651916cd43dd8448eb211c80319c');
  const figures = panel.getByRole('region', { name: 'Figures of the moment' });
  await expect(figures.getByRole('row', { name: 'Response time p95' })).toContainText('∞');
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const hidden = await figures.evaluate(
      ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
    );
    expect(hidden, `at ${width} px`).toBe(0);
  }
  await page.close();
});

test('the worst second of a budget is one click away, and so are the seconds beside it', async () => {
  const page = await openReport(red);
  await page
    .getByRole('region', { name: 'Budgets' })
    .getByRole('button', { name: 'FAIL' })
    .first()
    .click();
  const panel = page.getByRole('complementary', { name: 'The chosen moment' });
  const heading = panel.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('0:02–0:03, steady state');
  await panel.getByRole('button', { name: 'Later' }).click();
  await expect(heading).toHaveText('0:03–0:04, steady state');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toBeHidden();
  await page.close();
});

test('on a usual screen every column of the statistics is seen, and on a narrow one that there are more', async () => {
  const page = await openReport(red);
  const table = page.getByRole('region', { name: 'Statistics' });
  const widths = () =>
    table.evaluate<[number, number], { scrollWidth: number; clientWidth: number }>(
      ({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth],
    );
  const [all, seen] = await widths();
  expect(all).toBeLessThanOrEqual(seen);
  await page.setViewportSize({ width: 700, height: 900 });
  const [more, fewer] = await widths();
  expect(more).toBeGreaterThan(fewer);
  await expect(table).toHaveCSS('background-image', /^(linear-gradient\(.*){4}$/);
  await page.close();
});

test('a load that was steered has a line for each change, and says so at its moment', async () => {
  const stages = [{ atMs: 2500, of: 'users' as const, from: 5, to: 40 }];
  const page = await openReport({ ...red, interval: { ...red.interval, stages } });
  await expect(page.getByText('Thin line: the load was steered.')).toBeVisible();
  await expect(page.locator('.strip .mark.stage').first()).toBeVisible();
  await page.getByRole('region', { name: 'Errors' }).getByRole('button').last().click();
  const panel = page.getByRole('complementary', { name: 'The chosen moment' });
  await expect(panel).toContainText('users from 5 to 40');
  await page.close();
});

test('what the monitor read and never moved is a line of words, what moved a chart', async () => {
  const readings = [0, 1].map((n) => ({
    source: '/metrics',
    fromMs: n * 1000,
    toMs: n * 1000 + 1000,
    gauges: { queue: n, idle: 0, pool: 10 },
  }));
  const page = await openReport({ ...red, interval: { ...red.interval, monitor: { readings } } });
  await expect(page.getByRole('heading', { name: 'The system: queue' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The system: idle' })).toHaveCount(0);
  await expect(page.locator('.still')).toHaveText(
    'Monitored figures that never changed: idle 0, pool 10.',
  );
  await page.close();
});

test('tables are sorted by their figures and filtered by words', async () => {
  const page = await openReport(red);
  const table = page.getByRole('region', { name: 'Statistics' });
  const names = table.getByRole('rowheader');
  await expect(names.first()).toHaveText('query');
  await table.getByRole('button', { name: 'requests' }).click();
  await expect(table.getByRole('columnheader', { name: 'requests' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  const budgets = page.getByRole('region', { name: 'Budgets' });
  await page.getByLabel('Filter Budgets').fill('rate degraded');
  await expect(budgets.getByRole('row')).toHaveCount(2);
  await page.close();
});

test('what others chose is text, and nothing else', async () => {
  const page = await openReport(red);
  const sample = page.getByRole('region', { name: 'Errors' }).getByRole('cell').last();
  await expect(sample).toContainText('<script>globalThis.broken = 1</script>|=1+1 `x`');
  await expect(sample).toContainText('\\u{202e}');
  expect(await page.evaluate('globalThis.broken')).toBeUndefined();
  expect(await page.locator('img, iframe').count()).toBe(0);
  await page.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${colorScheme}, with a moment open`, async () => {
    const page = await openReport(red, { colorScheme });
    await page.getByRole('region', { name: 'Errors' }).getByRole('button').last().click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    const told = serious.map(({ id, nodes }) => [
      id,
      nodes.map(({ html, failureSummary }) => [html, failureSummary]),
    ]);
    expect(told).toEqual([]);
    await page.close();
  });
}

test('on a phone nothing is wider than the page', async () => {
  const page = await openReport(red, { viewport: { width: 360, height: 740 } });
  const widths = await page.evaluate<number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(widths).toEqual([360, 360]);
  await page.close();
});
