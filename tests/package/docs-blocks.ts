/** The blocks of TypeScript in the docs, written into a user's repository and run there. */
import { request } from '@playwright/test';
import { join } from 'node:path';
import type { LoadEntry } from '../../load/report/files/results-json.ts';
import { launchOptions } from '../browser/browser.ts';
import {
  blockFiles,
  longestMs,
  testsOf,
  type BlockFile,
  type DeclaredBlockTest,
} from '../examples/block-files.ts';
import { pages } from '../examples/docs-pages.ts';
import { examplesIn } from '../examples/examples-in.ts';
import { shopKey } from '../examples/shop.ts';
import type { DocsTeam } from './docs-team.ts';
import { expect, statusesIn, type Outcome } from './team-repository.ts';

export const blocks = pages.flatMap(({ name, text }) => examplesIn(name, text)).flatMap(blockFiles);

/** A load of a block should last no longer. */
const longestLoadMs = 3000;
const scales = [0.025, 0.01];
/** A smoke takes 8 s. */
const smokeScale = 0.1;
/** The folder of all blocks. */
const folder = 'blocks';

export interface RanTest {
  readonly where: string;
  readonly title: string;
  /** Such as `expected`. */
  readonly status: string | undefined;
  /** The run's that it was in. */
  readonly output: string;
  readonly loads: readonly LoadEntry[];
}

/** Addresses in the docs are the shop's. */
export function withAddress(text: string, { shop }: DocsTeam): string {
  return text.replaceAll(/http:\/\/localhost:(?:3000|8080)/g, shop.url);
}

/** With what the functional tests and a person leave beside the files of the docs. */
export async function writeBlocks(docs: DocsTeam): Promise<void> {
  const { team, shop } = docs;
  const rows = Array.from({ length: 100 }, (_, i) => ({ email: `c${i}@example.org`, name: 'C' }));
  const use = JSON.stringify({ launchOptions: await launchOptions() });
  team.write({
    ...Object.fromEntries(
      blocks.map(({ path, code }) => [join(folder, path), withAddress(code, docs)]),
    ),
    'tests/load/customers.jsonl': rows.map((row) => JSON.stringify(row)).join('\n'),
    'playwright.blocks.config.ts': `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';

export default defineConfig({
  projects: loadProjects({ testDir: '${folder}', use: ${use} }),
  reporter: [['list'], ['loadwright/reporter'], ['json', { outputFile: 'ran.json' }]],
});
`,
  });
  const context = await request.newContext({ baseURL: shop.url });
  await context.post('/login', { data: { account: 'load-1', password: shopKey } });
  await context.storageState({ path: join(team.folder, 'playwright/.auth/user.json') });
  await context.dispose();
}

interface BlockTest extends DeclaredBlockTest {
  readonly where: string;
  readonly path: string;
  /** Time is scaled by it, so that the test and those of its page are short. */
  readonly scale: number;
}

/** Pairs are not among them: time is not scaled for these. */
function blockTests(): BlockTest[] {
  const specs = blocks.filter(({ kind }) => kind === 'spec');
  const tests = specs.flatMap((spec) => testsOf(spec).map((one) => ({ ...one, ...spec })));
  return tests
    .filter(({ scenario }) => scenario !== 'pair')
    .map((one) => ({ ...one, scale: one.scenario === 'smoke' ? smokeScale : scaleOf(one) }));
}

function scaleOf({ where }: Pick<BlockFile, 'where'>): number {
  const page = `${where.split(':')[0]}:`;
  const own = blocks.filter((one) => one.where.startsWith(page));
  const longest = Math.max(...own.map(({ code }) => longestMs(code)));
  return scales.find((scale) => scale * longest <= longestLoadMs) ?? scales.at(-1)!;
}

/** Runs all tests, those of one scale together, and says what became of each. */
export async function runBlocks(docs: DocsTeam): Promise<RanTest[]> {
  const tests = blockTests();
  const ran: RanTest[] = [];
  for (const scale of new Set(tests.map((one) => one.scale))) {
    ran.push(
      ...(await runTests(
        docs,
        tests.filter((one) => one.scale === scale),
      )),
    );
  }
  return ran;
}

async function runTests({ team, settings }: DocsTeam, tests: readonly BlockTest[]) {
  const projects = new Set(tests.map(({ scenario }) => `--project=${scenario}`));
  const paths = new Set(tests.map(({ path }) => join(folder, path)));
  const words = ['--config=playwright.blocks.config.ts', ...projects, ...paths].join(' ');
  const env = { ...settings, LOAD_TIME_SCALE: String(tests[0]!.scale) };
  const { output } = await team.run(`npx playwright test ${words}`, { env });
  const statuses = Object.entries(statusesIn(team.read('ran.json')));
  const { loads } = team.results();
  return tests.map(({ where, title, scenario, path }) => ({
    where,
    title,
    output,
    status: statuses.find(
      ([name]) => name.startsWith(`[${scenario}] `) && name.endsWith(`${path} › ${title}`),
    )?.[1],
    loads: loads.filter((load) => load.title === title),
  }));
}

/** It was run, and is green, or this machine was too busy to judge one of its loads; every answer was right. */
export function expectGreen({ where, title, status, loads, output }: RanTest): void {
  const named = `${where} › ${title}\n${output}`;
  const isLate = loads.some(({ verdict }) => verdict === 'invalid');
  expect.soft(['expected', ...(isLate ? ['unexpected'] : [])], named).toContain(status);
  expectAnswered(loads, named);
}

/** Every request was answered, and nothing but the lateness of a busy machine is said against the load. */
export function expectAnswered(loads: readonly LoadEntry[], named: string): void {
  for (const { totals, verdict } of loads) {
    const { ok, ...others } = totals.all;
    const notOk = Object.entries(others).filter(([, count]) => count > 0);
    expect.soft(notOk, named).toEqual([]);
    expect.soft(ok, named).toBeGreaterThan(0);
    expect.soft(['pass', 'invalid'], named).toContain(verdict);
  }
}

/** The configurations of the docs run a functional test, and a load only where a project is named. */
export async function runConfigurations({
  team,
}: DocsTeam): Promise<readonly (readonly [string, Outcome])[]> {
  const configurations = blocks.filter(({ kind }) => kind === 'configuration');
  const outcomes: (readonly [string, Outcome])[] = [];
  for (const { where, path } of configurations) {
    const own = join(folder, path, '..');
    team.write({
      [`${own}/tests/pages/opens.spec.ts`]: `import { test } from '@playwright/test';\ntest('opens', () => {});\n`,
    });
    outcomes.push([where, await team.run(`npx playwright test --config=${join(folder, path)}`)]);
  }
  return outcomes;
}
