import { expect, test, type Browser, type Page } from '@playwright/test';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../child-processes.ts';
import { makeSuite, runSuite } from '../engine/report/nested-playwright.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

const loads = `
import { expect, test } from '@playwright/test';
import { judgedLoad } from '${repository}load/budgets/judged-load.ts';
import { attachResult } from '${repository}load/report/playwright/attachments.ts';
import { attachPictures } from '${repository}load/report/charts/pictures.ts';
import { failing } from '${repository}tests/engine/budgets/failing-results.ts';
import { makeLoad, repeat } from '${repository}tests/engine/budgets/make-result.ts';

test('keeps its budgets', async ({}, testInfo) => {
  const result = makeLoad({ intervals: repeat({ series: [{ okMs: repeat(100, 40) }] }, 20) });
  attachResult(testInfo, result);
  await attachPictures(testInfo, [result]);
});
test('breaks them', async ({}, testInfo) => {
  const load = judgedLoad(failing());
  attachResult(testInfo, load);
  await attachPictures(testInfo, [load]);
  throw new Error('Budget not met');
});
`;

const names = [
  'budgets',
  'users and requests in flight',
  'throughput and errors',
  'response time over time',
  'distribution of the response time',
];

test.describe.configure({ timeout: installTimeoutMs });

let browser: Browser | undefined;
test.afterAll(() => browser?.close());

async function openTest(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.locator('img.screenshot').first()).toBeVisible();
}

interface Picture {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** The used part of a DOM element, since Node has no types of the DOM. */
interface ImageElement {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  getBoundingClientRect(): Omit<Picture, 'naturalWidth' | 'naturalHeight'>;
}

/** The visible text of each picture, from top to bottom. */
function picturesOn(page: Page): Promise<Picture[]> {
  return page.locator('img.screenshot').evaluateAll((images) =>
    (images as unknown as ImageElement[]).map((image) => {
      const { naturalWidth, naturalHeight } = image;
      const { left, right, top } = image.getBoundingClientRect();
      return { naturalWidth, naturalHeight, left, right, top };
    }),
  );
}

test('the HTML report shows the budgets and below them the charts, whole', async () => {
  const folder = test.info().outputPath('suite');
  makeSuite(folder, loads);
  const { stdout } = await runSuite(folder);
  expect(stdout).toContain('1 failed');
  expect(stdout).toContain('1 passed');

  browser = await launchBrowser();
  for (const width of [1280, 800]) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    for (const title of ['keeps its budgets', 'breaks them']) {
      await page.goto(pathToFileURL(join(folder, 'html/index.html')).href);
      await openTest(page, title);
      const section = page.locator('.chip', { hasText: 'Screenshots' });
      await expect(section.getByRole('link').filter({ hasText: /\w/ })).toHaveText(names);
      await expect
        .poll(async () => (await picturesOn(page)).every((one) => one.naturalWidth > 0))
        .toBe(true);
      const pictures = await picturesOn(page);
      expect(pictures.map(({ naturalWidth }) => naturalWidth)).toEqual(names.map(() => 1000));
      expect(pictures.map(({ naturalHeight }) => naturalHeight).slice(1)).toEqual(
        names.slice(1).map(() => 380),
      );
      const tops = pictures.map(({ top }) => top);
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
      expect(pictures.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
    }
    await page.close();
  }
});
