/**
 * How long a load takes from the command to its first request, compared with a plain Playwright test: the
 * installed package in a separate project, in turns.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { median, type Bound, type Part } from './part.ts';

const rounds = 5;
const folder = 'reports/bench-start';

const files: Readonly<Record<string, string>> = {
  // The repository's own package would resolve to the sources.
  'tsconfig.json': '{}',
  'playwright.config.js': `import { defineConfig } from '@playwright/test';
export default defineConfig({ testDir: 'bare', reporter: [['list'], ['html', { open: 'never' }]] });
`,
  'bare/asks.spec.js': `import { test } from '@playwright/test';
test('asks', async () => { await fetch(process.env.SHOP_URL); });
`,
  'load.config.js': `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: loadProjects({ testDir: 'load', scenarios: ['smoke'] }),
  reporter: [['list'], ['loadwright/reporter'], ['html', { open: 'never' }]],
});
`,
  'load/shop.spec.js': `import { defineUser, expect, smoke, test } from 'loadwright';
const shopUser = defineUser({
  system: 'shop',
  tasks: { look: { run: async ({ http }) => { await http.get('/'); } } },
});
test('answers', { tag: '@smoke' }, async ({ runLoad }) => {
  expect(await runLoad(shopUser, smoke(shopUser))).toMeetBudget();
});
`,
};

const commands = {
  bare: ['playwright', 'test'],
  load: ['playwright', 'test', '--config=load.config.js', '--project=smoke'],
};
type Side = keyof typeof commands;

export const benchFirstRequest: Part = async (say) => {
  makeProject();
  const seconds: Record<Side, number[]> = { bare: [], load: [] };
  const shop = await Shop.open();
  try {
    // The first round is not counted, since no cache is filled yet.
    for (let round = 0; round <= rounds; round += 1) {
      for (const side of ['bare', 'load'] as const) {
        const took = await shop.firstRequestOf(side);
        if (round > 0) seconds[side].push(took);
      }
    }
  } finally {
    shop.close();
  }
  const [bare, load] = [median(seconds.bare), median(seconds.load)];
  say(`first request after ${load.toFixed(2)} s, of a bare Playwright test ${bare.toFixed(2)} s`);
  const bounds: Bound[] = [
    { what: 'from the command to the first request', value: load, limit: 3, unit: 's' },
    { what: 'the same, against a bare test', value: load / bare, limit: 1.6, unit: '×' },
  ];
  return { seconds, bounds };
};

/** The package is in `node_modules`, where the runner compiles nothing. */
function makeProject(): void {
  const words = ['--import', 'tsx', 'build.ts', '--image', folder];
  execFileSync(process.execPath, words, { stdio: 'ignore' });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Records when it receives its first request. */
class Shop {
  private readonly server = createServer((_, response) => {
    this.onRequest();
    response.end('tea');
  });
  private onRequest = (): void => undefined;

  static async open(): Promise<Shop> {
    const shop = new Shop();
    await new Promise<void>((resolve) => shop.server.listen(0, '127.0.0.1', resolve));
    return shop;
  }

  /** Seconds from the command on. Resolves when the command has ended. */
  async firstRequestOf(side: Side): Promise<number> {
    const { port } = this.server.address() as AddressInfo;
    const own = { SHOP_URL: `http://127.0.0.1:${port}`, SHOP_HEALTH: 'none' };
    const env = { ...process.env, ...own, LOAD_TIME_SCALE: '0.05' };
    let asked: number | undefined;
    this.onRequest = () => {
      asked ??= performance.now();
    };
    const begun = performance.now();
    const child = spawn('npx', commands[side], { cwd: folder, env, stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    if (asked === undefined) throw new Error(`${commands[side].join(' ')}: no request came`);
    return (asked - begun) / 1000;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
