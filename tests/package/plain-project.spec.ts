/** A plain Playwright project with its own fixtures, reporters and options, and a second tsconfig. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf } from '../../load/platform/version.ts';
import { freePort } from '../../fixtures/free-port.ts';
import {
  compilerOptions,
  expect,
  expectLoad,
  runnerVersion,
  statusesIn,
  test,
} from './team-repository.ts';

test.describe.configure({ timeout: 900_000 });

const packageJson = {
  name: 'shop',
  private: true,
  devDependencies: {
    '@playwright/test': runnerVersion,
    '@types/node': versionOf('@types/node'),
    typescript: versionOf('typescript'),
  },
};

const server = `require('node:http')
  .createServer((request, response) => response.end('tea'))
  .listen(Number(process.argv[2]), '127.0.0.1');
`;

const config = (port: number): string => `import { defineConfig } from '@playwright/test';
import type { ShopOptions } from './tests/shop-test';

export default defineConfig<ShopOptions>({
  testDir: './tests',
  fullyParallel: true,
  reporter: [['./tools/count-reporter.ts']],
  use: { baseURL: 'http://127.0.0.1:${port}', currency: 'EUR' },
  projects: [
    { name: 'euro' },
    { name: 'dollar', use: { currency: 'USD' } },
  ],
  webServer: { command: 'node server.cjs ${port}', url: 'http://127.0.0.1:${port}' },
});
`;

const files = (port: number): Record<string, string> => ({
  'package.json': JSON.stringify(packageJson),
  'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts', 'load', 'tools'] }),
  'tests/tsconfig.json': JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: { paths: { '@shop/*': ['./*'] } },
    include: ['.'],
  }),
  '.gitignore': 'node_modules/\n',
  'server.cjs': server,
  'playwright.config.ts': config(port),
  'tests/shop-test.ts': `import { test as base } from '@playwright/test';
export interface ShopOptions { currency: string }
export const test = base.extend<ShopOptions & { buy: () => Promise<string> }>({
  currency: ['', { option: true }],
  buy: async ({ request, currency }, use) => {
    await use(async () => (await (await request.get('/')).text()) + ' in ' + currency);
  },
});
export { expect } from '@playwright/test';
`,
  'tests/buys.spec.ts': `import { expect, test } from '@shop/shop-test';
test('buys', async ({ buy }) => expect(await buy()).toMatch(/^tea in (EUR|USD)$/));
test('buys in euros', async ({ buy }) => expect(await buy()).toBe('tea in EUR'));
test.skip('pays later', () => {});
`,
  'tools/count-reporter.ts': `import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { writeFileSync } from 'node:fs';
export default class CountReporter implements Reporter {
  private readonly lines: string[] = [];
  onTestEnd(test: TestCase, result: TestResult) {
    this.lines.push([...test.titlePath(), result.status].join(' '));
  }
  onEnd() {
    writeFileSync('counted.txt', this.lines.sort().join('\\n'));
  }
}
`,
});

/** A scenario of the team's own, a user's path from the functional tests, and a test without its tag. */
const secondConfiguration: Readonly<Record<string, string>> = {
  'playwright.load.config.ts': `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
import base from './playwright.config';

export default defineConfig(base, {
  projects: loadProjects({ testDir: './load', scenarios: ['checkout'] }),
  reporter: [['list', { omitFailures: true }], ['loadwright/reporter']],
});
`,
  'load/tsconfig.json': JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: { paths: { '@shop/*': ['../tests/*'] } },
  }),
  'tests/paths.ts': "export const checkout = '/checkout';\n",
  'load/checkout.spec.ts': `import { defineUser, expect, smoke, test } from 'loadwright';
import { checkout } from '@shop/paths';

const payer = defineUser({
  system: 'shop',
  tasks: { pay: { run: async ({ http }) => void (await http.post(checkout)) } },
});
test('looks', { tag: '@checkout' }, async ({ runLoad }) => { await runLoad(payer, smoke(payer)); });
test('has no tag', async ({ runLoad }) => { await runLoad(payer, smoke(payer)); });
test('pays', { tag: '@checkout' }, async ({ runLoad }) => {
  expect(await runLoad(payer, smoke(payer))).toMeetBudget();
});
`,
};

/** Entries that a run of other tests must not load. */
const loads = [
  'fixtures/index',
  'load/clients/chat/streamed-chat',
  'load/clients/mcp/connect',
  'load/monitor/prometheus',
  'fixtures/reference/launch',
];

test(
  'a plain project: init, the same functional tests, a smoke, and types',
  { tag: '@long' },
  async ({ repositoryOf, tarball }) => {
    const team = repositoryOf(files(await freePort()));
    const functional = async (): Promise<{ statuses: Record<string, string>; counted: string }> => {
      const { stdout } = await team.run(
        'npx playwright test --reporter=json,./tools/count-reporter.ts',
      );
      return { statuses: statusesIn(stdout), counted: team.read('counted.txt') };
    };
    await team.install('');
    await team.commit();
    const before = await functional();
    expect(Object.keys(before.statuses)).toHaveLength(6);

    await team.install(`-D ${tarball}`);
    const { stdout } = await team.must('npx loadwright init');
    expect(stdout).toContain('next      npx playwright test --project=smoke\n');
    const { 'playwright.config.ts': changed, ...others } = await team.changedLines();
    expect(changed).toBeLessThanOrEqual(10);
    expect(Object.keys(others).sort()).toEqual(['.gitignore', 'package-lock.json', 'package.json']);
    const { stdout: copies } = await team.must('npm ls @playwright/test --parseable');
    expect(copies.trim().split('\n')).toHaveLength(1);

    await test.step('functional tests are as before', async () => {
      expect(await functional()).toEqual(before);
      expect((await team.run('ls reports')).code).not.toBe(0);
    });

    await test.step('types', async () => {
      await team.must('npx tsc -p .');
      await team.must('npx tsc -p . --module nodenext --moduleResolution nodenext');
      await team.must('npx tsc -p tests');
    });

    await test.step('the smoke that init says to run', async () => {
      const smoke = await team.run('npx playwright test --project=smoke');
      expectLoad(team, smoke, 'shop');
      expect(smoke.output).toContain('shop-smoke-10-users');
    });

    await test.step('a test picked by its line, of a second configuration, with paths of tsconfig', async () => {
      team.write(secondConfiguration);
      const lines = secondConfiguration['load/checkout.spec.ts']!.split('\n');
      const line = lines.findIndex((text) => text.includes("'pays'")) + 1;
      const words = `load/checkout.spec.ts:${line} --project=checkout --config=playwright.load.config.ts`;
      const picked = await team.run(`npx playwright test ${words}`, {
        env: { LOAD_TIME_SCALE: '0.1' },
      });
      expectLoad(team, picked, 'shop');
      expect(team.results().loads.map(({ title }) => title)).toEqual(['pays']);
      expect(picked.output).toContain('In no project, and so never run');
      expect(picked.output).toContain('load/checkout.spec.ts:9 › has no tag');
      await team.must(`rm ${Object.keys(secondConfiguration).join(' ')}`);
    });

    await test.step('a spec that is in no load project is told the line', async () => {
      team.write({
        'tests/shop.spec.ts': team.read('load/shop.spec.ts').replace("'./", "'../load/"),
      });
      const { code, output } = await team.run(
        'npx playwright test --project=euro shop.spec --reporter=line',
      );
      expect(code).toBe(1);
      expect(output).toContain('run it with npx playwright test --project=smoke');
      expect(output).toContain('/tests/shop.spec.ts:7:');
      await team.must('rm tests/shop.spec.ts');
    });

    await test.step('a run of other tests opens the configuration and the reporter alone', async () => {
      for (const entry of loads) {
        const path = join(team.folder, 'node_modules/loadwright/dist', `${entry}.js`);
        writeFileSync(path, `throw new Error('${entry} was opened');\n`);
      }
      expect(await functional()).toEqual(before);
      const { output } = await team.run('npx playwright test --project=smoke --reporter=line');
      expect(output).toContain('fixtures/index was opened');
    });

    await test.step('init a second time changes nothing', async () => {
      await team.commit();
      await team.must('npx loadwright init');
      expect((await team.must('git status --porcelain')).stdout).toBe('');
    });
  },
);
