/** Other kinds of projects: features, a CommonJS workspace with several configurations, an empty folder. */
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listening } from '../contracts/client-harness.ts';
import { expect, expectLoad, runnerVersion, statusesIn, test } from './team-repository.ts';

test.describe.configure({ timeout: 900_000 });

const smoke = 'npx playwright test --project=smoke';
const saysSmoke = `next      ${smoke}\n`;

test(
  'features of playwright-bdd run as before, beside a load',
  { tag: '@long' },
  async ({ repositoryOf, tarball }) => {
    const devDependencies = { '@playwright/test': runnerVersion, 'playwright-bdd': '9.2.1' };
    const team = repositoryOf({
      'package.json': JSON.stringify({ name: 'tea', type: 'module', devDependencies }),
      '.gitignore': 'node_modules/\n.features-gen/\n',
      'playwright.config.ts': `import { defineConfig } from '@playwright/test';
import { defineBddConfig } from 'playwright-bdd';

const testDir = defineBddConfig({ features: 'features', steps: 'features/steps.ts' });

export default defineConfig({
  testDir,
  reporter: 'html',
});
`,
      'features/tea.feature': `Feature: tea
  Scenario: a cup
    Given 2 spoons
    Then it is strong
`,
      'features/steps.ts': `import { expect } from '@playwright/test';
import { createBdd } from 'playwright-bdd';
const { Given, Then } = createBdd();
let spoons = 0;
Given('{int} spoons', ({}, count: number) => { spoons = count; });
Then('it is strong', () => { expect(spoons).toBe(2); });
`,
    });
    const functional = async (): Promise<Record<string, string>> =>
      statusesIn((await team.must('npx bddgen && npx playwright test --reporter=json')).stdout);
    await team.install('');
    await team.commit();
    const before = await functional();
    expect(before).toEqual({ '[] features/tea.feature.spec.js › a cup': 'expected' });

    await team.install(`-D ${tarball}`);
    expect((await team.must('npx loadwright init')).stdout).toContain(saysSmoke);
    expect((await team.changedLines())['playwright.config.ts']).toBeLessThanOrEqual(10);
    expect(await functional()).toEqual(before);
    // Its address is unknown, so a reference service is loaded.
    expectLoad(team, await team.run(smoke), 'health-agent');
    await team.commit();
    await team.must('npx loadwright init');
    expect((await team.must('git status --porcelain')).stdout).toBe('');
  },
);

test(
  'a workspace in CommonJS, with a configuration for each kind of test',
  { tag: '@long' },
  async ({ repositoryOf, tarball }) => {
    const system = await listening(createServer((_, response) => response.end('tea')));
    const config = `const { defineConfig } = require('@playwright/test');

module.exports = defineConfig({
  testDir: './specs',
  use: { baseURL: process.env.SHOP_ADDRESS },
});
`;
    const spec = `const { expect, test } = require('@playwright/test');
test('adds', () => { expect(1 + 1).toBe(2); });
`;
    const team = repositoryOf({
      'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
      '.gitignore': 'node_modules/\n',
      'packages/pages/package.json': '{ "name": "pages", "type": "module" }',
      'packages/shop/package.json': JSON.stringify({
        name: 'shop',
        devDependencies: { '@playwright/test': runnerVersion },
      }),
      'packages/shop/playwright.config.js': config,
      'packages/shop/playwright.api.config.js': config.replace('./specs', './api'),
      'packages/shop/specs/adds.spec.js': spec,
      'packages/shop/api/adds.spec.js': spec,
    });
    const cwd = 'packages/shop';
    const env = { SHOP_ADDRESS: system.url };
    const functional = async (config: string): Promise<Record<string, string>> => {
      const words = `--config=${config} --reporter=json`;
      return statusesIn((await team.must(`npx playwright test ${words}`, { cwd, env })).stdout);
    };
    await team.install('');
    await team.commit();
    const before = [
      await functional('playwright.config.js'),
      await functional('playwright.api.config.js'),
    ];

    await team.install(`-D ${tarball} --workspace=${cwd}`);
    expect((await team.must('npx loadwright init', { cwd })).stdout).toContain(saysSmoke);
    expect((await team.changedLines())[`${cwd}/playwright.config.js`]).toBeLessThanOrEqual(10);
    expect([
      await functional('playwright.config.js'),
      await functional('playwright.api.config.js'),
    ]).toEqual(before);
    const { stdout: copies } = await team.must('npm ls @playwright/test --parseable');
    expect(copies.trim().split('\n')).toHaveLength(1);
    expectLoad(team, await team.run(smoke, { cwd, env }), 'shop', cwd);
    // Started from the root, too; its files are beside the configuration.
    const fromRoot = await team.run(`${smoke} --config=${cwd}/playwright.config.js`, { env });
    expectLoad(team, fromRoot, 'shop', cwd);
    await team.must(`npx loadwright report ${cwd}/reports/latest`);
    await team.commit();
    await team.must('npx loadwright init', { cwd });
    expect((await team.must('git status --porcelain')).stdout).toBe('');
    await system.close();
  },
);

test(
  'an empty folder: the example runs at once',
  { tag: '@long' },
  async ({ repositoryOf, tarball }) => {
    const team = repositoryOf();
    await team.install(`-D ${tarball} @playwright/test@${runnerVersion}`);
    expect((await team.must('npx loadwright init')).stdout).toContain(saysSmoke);
    expectLoad(team, await team.run(smoke), 'health-agent');
    const strange = await team.run('npx loadwright reprot');
    expect(strange.code).toBe(1);
    expect(strange.output).toContain('loadwright reprot: no such command; did you mean report?');
    const commands = (await team.must('npx loadwright --help')).stdout.match(/^ {2}\S+/gm) ?? [];
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const { stdout } = await team.must(`npx loadwright ${command.trim()} --help`);
      expect(stdout).toContain(`loadwright ${command.trim()}`);
    }
    const reports = readdirSync(join(team.folder, 'reports/latest'));
    expect(reports).toEqual(expect.arrayContaining(['index.html', 'results.json', 'summary.md']));
    await team.commit();
    await team.must('npx loadwright init');
    expect((await team.must('git status --porcelain')).stdout).toBe('');
  },
);
