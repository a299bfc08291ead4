import { expect, test } from '@playwright/test';
import { configFacts, withLoadProjects } from '../../../fixtures/init/config-edit.ts';

const wanted = { folder: 'load', isShared: false };
const defaultReporter = `[[process.env.CI ? 'dot' : 'list'], ['loadwright/reporter']]`;
const spread = `...loadProjects({ testDir: 'load' })`;

interface Case {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly isShared?: boolean;
  readonly url?: string;
}

const cases: readonly Case[] = [
  {
    what: 'projects and reporters that are there, with comments and without a last comma',
    from: `import { defineConfig, devices } from '@playwright/test';

/** See https://playwright.dev */
export default defineConfig({
  testDir: './tests',
  reporter: [['list'], ['./count.ts']], // ours
  projects: [
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'] },
    } // the only one
    // { name: 'firefox' },
  ],
});
`,
    to: `import { defineConfig, devices } from '@playwright/test';
import { loadProjects } from 'loadwright/config';

/** See https://playwright.dev */
export default defineConfig({
  testDir: './tests',
  reporter: [['list'], ['./count.ts'], ['loadwright/reporter']], // ours
  projects: [
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'] },
    }, // the only one
    ${spread},
    // { name: 'firefox' },
  ],
});
`,
  },
  {
    what: 'neither is there: the tests so far stay in a project without a name',
    from: `import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: './tests',
  use: { baseURL: 'http://localhost:3000' }, // ours
});
`,
    to: `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  testDir: './tests',
  use: { baseURL: 'http://localhost:3000' }, // ours
  projects: [{}, ${spread}],
  reporter: ${defaultReporter},
});
`,
  },
  {
    what: 'on one line, in CommonJS, with one reporter by name',
    from: `const { defineConfig } = require('@playwright/test');\r
\r
module.exports = defineConfig({ testDir: 'tests', reporter: 'html' });\r
`,
    to: `const { defineConfig } = require('@playwright/test');\r
const { loadProjects } = require('loadwright/config');\r
\r
module.exports = defineConfig({ testDir: 'tests', reporter: [['html'], ['loadwright/reporter']], projects: [{}, ${spread}] });\r
`,
  },
  {
    what: 'a constant with a type, one of two reporters, a folder that others look into, an address',
    isShared: true,
    url: 'http://localhost:3000',
    from: `import type { PlaywrightTestConfig } from '@playwright/test';
const config = {
  reporter: process.env.CI ? 'dot' : 'html',
  testIgnore: '**/drafts/**',
} satisfies PlaywrightTestConfig<Options>;
export default config;
`,
    to: `import type { PlaywrightTestConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
const config = {
  reporter: [[process.env.CI ? 'dot' : 'html'], ['loadwright/reporter']],
  testIgnore: ['**/drafts/**', '**/load/**'],
  projects: [{}, ...loadProjects({ testDir: 'load', use: { target: 'http://localhost:3000' } })],
} satisfies PlaywrightTestConfig<Options>;
export default config;
`,
  },
  {
    what: 'nothing at all',
    from: 'export default {};\n',
    to: `import { loadProjects } from 'loadwright/config';

export default { projects: [{}, ${spread}],
  reporter: ${defaultReporter} };
`,
  },
];

for (const { what, from, to, isShared = false, url } of cases) {
  test(what, () => {
    expect(withLoadProjects(from, { folder: 'load', url, isShared })).toEqual({
      text: to,
      missing: [],
    });
  });
}

for (const [what, text, missing] of [
  [
    'a configuration that is made elsewhere',
    "export { default } from './shared';\n",
    ["import { loadProjects } from 'loadwright/config';", `projects: […, ${spread}]`],
  ],
  [
    'projects that a function makes',
    'export default defineConfig({ projects: browsers(), reporter: [] });\n',
    ["import { loadProjects } from 'loadwright/config';", `projects: […, ${spread}]`],
  ],
  [
    'a reporter that is computed',
    'export default defineConfig({ projects: [{}], reporter: reporters() });\n',
    ["reporter: […, ['loadwright/reporter']]"],
  ],
  [
    'what may be in another object',
    'export default defineConfig({ ...base, projects: [{}] });\n',
    ["reporter: […, ['loadwright/reporter']]"],
  ],
] as const) {
  test(`${what} is not changed there, and the line to add is told`, () => {
    expect(withLoadProjects(text, wanted).missing).toEqual(expect.arrayContaining([...missing]));
  });
}

test('a file that is no JavaScript is refused', () => {
  expect(() => withLoadProjects('export default {', wanted)).toThrow('Unexpected token');
});

for (const [what, object, expected] of [
  ['nothing', '{}', { address: undefined, testDirs: ['.'] }],
  ['a folder', "{ testDir: './tests/' }", { address: undefined, testDirs: ['tests'] }],
  [
    'folders of projects',
    "{ testDir: 'a', projects: [{ testDir: 'b' }, {}] }",
    { testDirs: ['b', 'a'] },
  ],
  ['a folder that is computed', '{ testDir }', { testDirs: [] }],
  ['an address', '{ use: { baseURL: process.env.URL! } }', { address: 'baseURL' }],
  [
    'a server',
    "{ webServer: { url: 'http://localhost:3000/up' } }",
    { address: { url: 'http://localhost:3000' } },
  ],
  [
    'servers',
    '{ webServer: [{ port: 4000 }, { port: 5000 }] }',
    { address: { url: 'http://localhost:4000' } },
  ],
] as const) {
  test(`a configuration with ${what}: where its tests are, and the address`, () => {
    expect(configFacts(`export default defineConfig(${object})`)).toMatchObject(expected);
  });
}
