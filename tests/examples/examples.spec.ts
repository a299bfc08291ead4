/** The examples of docs/examples.md run unchanged, in a separate project, and load a shop. */
import { request } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoadEntry, Results } from '../../load/report/files/results-json.ts';
import { installTimeoutMs, launchOptions } from '../browser/browser.ts';
import { linkedProject } from '../child-processes.ts';
import { expect, test } from '../faults/suite-run.ts';
import { examplesIn } from './examples-in.ts';
import { Shop, shopKey } from './shop.ts';

const page = 'docs/examples.md';
const examples = examplesIn(page, readFileSync(page, 'utf8'));

/** The page's files in a team's project, with files from functional tests and handwritten ones. */
async function exampleProject(folder: string, shop: Shop): Promise<string> {
  linkedProject(folder);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const { path, code } of examples) write(path!, code);
  const use = JSON.stringify({ launchOptions: await launchOptions() });
  write(
    'playwright.config.ts',
    `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: loadProjects({ testDir: 'tests/load', use: ${use} }),
  reporter: [['list'], ['./fixtures/reporter.ts']],
});
`,
  );
  const rows = Array.from({ length: 100 }, (_, i) => ({ email: `c${i}@example.org`, name: 'C' }));
  write('tests/load/customers.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const context = await request.newContext({ baseURL: shop.url });
  await context.post('/login', { data: { account: 'load-1', password: shopKey } });
  await context.storageState({ path: join(folder, 'playwright/.auth/user.json') });
  await context.dispose();
  return folder;
}

function judgementOf({ judgements }: LoadEntry, name: string) {
  return judgements.find((one) => one.name === name);
}

test('every block says which file it is', () => {
  expect(examples.length).toBeGreaterThan(7);
  expect(examples.filter(({ path }) => path === undefined)).toEqual([]);
});

test('they load the shop, and each does what its heading says', async ({ run }, testInfo) => {
  test.setTimeout(installTimeoutMs);
  const shop = await Shop.start();
  const cwd = await exampleProject(testInfo.outputPath('project'), shop);
  const scenarios = ['--project=steady', '--project=arrival'];
  const settings = { SHOP_URL: shop.url, SHOP_KEY: shopKey, LOAD_TIME_SCALE: '0.03' };
  const { stdout } = await run({ cwd, words: scenarios, settings });
  shop.stop();
  const left = (name: string): string => readFileSync(join(cwd, 'reports/latest', name), 'utf8');
  const results = JSON.parse(left('results.json')) as Results;
  const titles = results.loads.map(({ title }) => title);
  expect(titles.sort(), stdout).toEqual([
    'holds 10 users who are signed in',
    'holds 10 users who order',
    'holds 20 users who are logged in',
    'is quick for a person while 50 users are on',
    'serves both tenants alike',
    'takes 2 new customers a second',
  ]);
  for (const load of results.loads) {
    const { ok, ...others } = load.totals.all;
    const notOk = Object.entries(others).filter(([, count]) => count > 0);
    expect(notOk, `${load.title}\n${stdout}`).toEqual([]);
    expect(ok).toBeGreaterThan(0);
  }
  const named = (title: string): LoadEntry => results.loads.find((one) => one.title === title)!;

  expect(shop.accounts.size).toBeGreaterThan(20);
  expect(shop.refreshed).toBeGreaterThan(0);
  expect(shop.customers.length).toBeGreaterThan(0);
  expect([...shop.tenants]).toEqual(expect.arrayContaining(['north', 'south']));
  expect(shop.invoices[0]).toContain('filename="invoice.csv"');
  const tenants = named('serves both tenants alike');
  for (const name of ['p95{tenant=north}', 'p95{tenant=south}', 'cost.p95', 'emptyRate']) {
    expect(judgementOf(tenants, name)?.samples, name).toBeGreaterThan(0);
  }

  const journey = named('is quick for a person while 50 users are on');
  expect(shop.pages).toBeGreaterThan(1);
  const steps = journey.statistics.rows.filter(({ stream }) => stream === 'journey');
  expect(steps.map(({ kind, name }) => [kind, name])).toEqual([
    ['task', 'buy'],
    ['request', 'open the shop'],
    ['request', 'add to basket'],
    ['all', ''],
  ]);
  for (const name of ['journey / lcp.p75', 'journey / buy: p75{request=add to basket}']) {
    expect(judgementOf(journey, name)).toMatchObject({ background: 'journey' });
    expect(judgementOf(journey, name)?.samples, name).toBeGreaterThan(0);
    expect(left('summary.md')).toContain(name);
  }
});
