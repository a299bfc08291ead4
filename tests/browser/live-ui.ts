/** `loadwright ui` as a team starts it, in a separate project. Every process that it starts is ended by id. */
import { expect, test as base, type Browser, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { killAll, outerEnvironment, processTree, repository } from '../child-processes.ts';
import { launchBrowser } from './browser.ts';

const patience = { timeout: 120_000, intervals: [100] };

class LiveUi {
  output = '';
  readonly cwd: string;
  readonly child: ChildProcess;
  private readonly known = new Set<number>();

  constructor(cwd: string, settings: Readonly<Record<string, string>>) {
    this.cwd = cwd;
    this.child = command(['ui', '--port', '0'], cwd, settings);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    }
  }

  async url(): Promise<string> {
    await expect.poll(() => this.output, patience).toMatch(/http:\S+\n/);
    return /http:\S+/.exec(this.output)![0];
  }

  /** Remembers the runs that it has started, with their processes, which go on without it. */
  remember(): void {
    for (const { pid } of processTree(this.child.pid!)) this.known.add(pid);
  }

  async end(): Promise<void> {
    this.remember();
    await killAll(this.known);
  }
}

/** A command of the bin, run from the sources. */
export function command(
  words: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>> = {},
): ChildProcess {
  const compiler = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  const file = join(repository, 'fixtures/commands/loadwright.ts');
  return spawn(process.execPath, ['--import', compiler, file, ...words], {
    cwd,
    env: { ...outerEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Opens the printed address, and fails on any error of the page. */
export async function openPage(browser: Browser, url: string, more: object = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...more });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  return page;
}

export const test = base.extend<
  { startUi: (cwd: string, settings?: Readonly<Record<string, string>>) => LiveUi },
  { browserOfTests: Browser }
>({
  startUi: async ({}, use) => {
    const started: LiveUi[] = [];
    await use((cwd, settings = {}) => {
      const ui = new LiveUi(cwd, settings);
      started.push(ui);
      return ui;
    });
    for (const ui of started) await ui.end();
  },
  browserOfTests: [
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

export { expect, patience };
