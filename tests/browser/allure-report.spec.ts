/** The page that Allure makes, as its reader sees it: a red run after a green one, in the same folder. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { repository } from '../child-processes.ts';
import { generateReport } from '../engine/report/allure-report.ts';
import { makeSuite, runSuite } from '../engine/report/nested-playwright.ts';
import { installTimeoutMs, launchBrowser } from './browser.ts';

const loads = `
import { expect, test } from 'loadwright';
import { announceLoad, attachLog, attachResult } from '${repository}load/report/playwright/attachments.ts';
import { budget, repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, requests, writeLog } from '${repository}tests/engine/report/make-log.ts';

test('holds 5 users', async ({}, testInfo) => {
  const log = {
    seconds: repeat([requests(repeat(100, 200))], 3),
    plan: { budgets: [budget('p95', process.env.LIMIT)] },
    end: process.env.BROKEN ? false : {},
  };
  const result = loadOf(log);
  announceLoad(testInfo, result.plan);
  writeLog('run/holds.ndjson', log);
  attachLog(testInfo, 'run/holds.ndjson');
  attachResult(testInfo, result);
  expect(result).toMeetBudget();
});
`;

test.describe.configure({ timeout: installTimeoutMs });

let browser: Browser | undefined;
let server: Server | undefined;
test.afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The page loads its data, which a browser does not do from file://. */
async function serve(folder: string): Promise<string> {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
  server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = join(folder, pathname === '/' ? 'index.html' : pathname);
    try {
      const body = readFileSync(path);
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/json' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function openReport(url: string): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(url);
  await expect(page.getByText('rag-service', { exact: true })).toBeVisible({ timeout: 30_000 });
  return page;
}

async function runAndReport(folder: string, settings: Record<string, string>): Promise<void> {
  // The suite's own configuration does this, since Allure appends to existing results.
  rmSync(join(folder, 'allure-results'), { recursive: true, force: true });
  await runSuite(folder, [], settings);
  await generateReport(folder);
}

test(
  'the front page, the tree, the categories and a test’s page are of the second run',
  { tag: '@long' },
  async () => {
    const folder = test.info().outputPath('suite');
    makeSuite(folder, loads);
    browser = await launchBrowser();
    const url = await serve(join(folder, 'allure'));

    await runAndReport(folder, { LIMIT: '< 1 s' });
    const green = await openReport(url);
    await expect(green.getByText('100%', { exact: true })).toBeVisible();
    // From top to bottom; passed parts are collapsed.
    for (const group of ['rag-service', 'steady', '5 users']) {
      await green.getByText(group, { exact: true }).click();
    }
    await green.getByText('holds 5 users').click();
    await expect(green.getByText('100 ms, limit < 1 s')).toBeVisible();
    const description = green.frameLocator('iframe');
    await expect(description.getByText(/Budgets met: all 6/)).toBeVisible();
    await green.close();

    await runAndReport(folder, { LIMIT: '< 1 s', BROKEN: '1' });
    const red = await openReport(url);
    await expect(red.getByText('100%', { exact: true })).toBeHidden();
    await red.getByText('Categories', { exact: true }).first().click();
    await expect(red.getByText('Invalid instrument')).toBeVisible();
    await expect(red.getByText('Product errors')).toBeHidden();
    await red.getByText('holds 5 users').first().click();
    await expect(red.getByText(/Invalid instrument: log breaks off/).first()).toBeVisible();
  },
);
