/** Pairs on the page of the load report: the sentence, both sides, and the difference round by round. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Round } from '../../load/paired/round.ts';
import { rebuild } from '../../load/report/files/rebuild.ts';
import { decidedEnd, pairPlan } from '../engine/paired/make-pair.ts';
import { makeRounds } from '../engine/paired/make-round.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

test.describe.configure({ timeout: installTimeoutMs });

let browser: Browser | undefined;
test.beforeAll(async () => {
  browser = await launchBrowser();
});
test.afterAll(() => browser?.close());

async function openPair(rounds: readonly Round[], more: object = {}, plan = {}): Promise<Page> {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  const lines = [{ ...pairPlan, ...plan }, ...rounds, decidedEnd];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(folder, 'shop.pair.jsonl'), text);
  const { pagePath } = await rebuild(folder);
  const context = await browser!.newContext({ viewport: { width: 1280, height: 900 }, ...more });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  await page.goto(pathToFileURL(pagePath!).href);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(wrong).toEqual([]);
  return page;
}

const slower = makeRounds(16, 1.1);

test('a pair is one sentence, and both sides and each metric have a chart', async () => {
  const page = await openPair(slower);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /^slower head is 9\.9 % slower at p50 \(.*\), and is 9\.8 % slower at p95 \(.*\), 16 rounds$/,
  );
  await expect(page.getByText('No load was recorded.')).toHaveCount(0);
  const sides = page.getByRole('img', { name: /^Both sides: response time, round by round/ });
  await expect(sides).toHaveAttribute('aria-label', /base p50 .* ms, head p50 .* ms/);
  // Sixteen rounds of two sides, with p50 and p95 each.
  await expect(sides.locator('circle')).toHaveCount(64);
  const difference = page.getByRole('img', { name: /^Head against base: p50/ });
  const legend = page.locator('figure', { has: difference }).locator('.legend');
  await expect(legend).toHaveText(/mean so far\s*95 % interval\s*a round\s*a control/);
  // Each round, the mean from the second round on, and three controls.
  await expect(difference.locator('circle')).toHaveCount(16 + 15 + 3);
  await expect(difference.locator('.limit')).toHaveText(['alike', 'tolerance']);
  const controls = difference.locator('circle[r="4"] title', { hasText: 'a control, round 5' });
  await expect(controls).toHaveCount(1);
  await page.close();
});

test('the first rounds do not set the scale: their interval ends where the chart does', async () => {
  const page = await openPair(slower);
  const chart = page.getByRole('img', { name: /^Head against base: p50/ });
  const marks = await chart.locator('text.axis[text-anchor=end]').allTextContents();
  const percents = marks
    .filter((text) => text.endsWith(' %'))
    .map((text) => parseFloat(text.replace('−', '-')));
  expect(Math.max(...percents)).toBeLessThanOrEqual(15);
  const [band, plot] = [chart.locator('path.band'), chart.locator('clipPath rect')];
  expect(await band.getAttribute('clip-path')).toBe(
    `url(#${await chart.locator('clipPath').getAttribute('id')})`,
  );
  await expect(plot).toHaveAttribute('height', '216');
  await page.close();
});

test('rounds without a figure leave gaps; a pair without rounds has no chart and says why', async () => {
  const page = await openPair([]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^undecided/);
  await expect(page.locator('figure')).toHaveCount(0);
  await page.close();
  const few = slower.map((round, i) =>
    i === 1
      ? { ...round, sides: [round.sides[0], silent(round.sides[1])] as Round['sides'] }
      : round,
  );
  const gap = await openPair(few.slice(0, 4));
  expect(await gap.locator('svg').first().innerHTML()).not.toContain('NaN');
  await gap.close();
});

/** None of its requests was answered. */
function silent(side: Round['sides'][1]): Round['sides'][1] {
  const none = {
    outcomes: {},
    responseTime: { ...side.first.responseTime, count: 0, buckets: [] },
  };
  return { ...side, first: none, second: none };
}

test('what others chose is text, and nothing else', async () => {
  const hostile = '<img src=x onerror="globalThis.broken=1"><script>broken</script>';
  const sides = { ...pairPlan.sides, base: hostile };
  const page = await openPair(slower, {}, { title: hostile, sides });
  await expect(page.getByText(`base: ${hostile}`)).toBeVisible();
  expect(await page.evaluate('globalThis.broken')).toBeUndefined();
  expect(await page.locator('img').count()).toBe(0);
  await page.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${colorScheme}`, async () => {
    const page = await openPair(slower, { colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.close();
  });
}

test('on a phone nothing is wider than the page', async () => {
  const page = await openPair(slower, { viewport: { width: 360, height: 740 } });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width).toBe(360);
  await page.close();
});
