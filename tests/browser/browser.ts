/**
 * A Chromium for the tests of pages, found or got: `CHROMIUM_PATH`, the one of Playwright, the system's,
 * else installed by apt-get (as root) or by Playwright. Without one the tests fail: a page that nobody
 * has opened is not known to work.
 */
import { chromium, type Browser } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outerEnvironment, repository } from '../child-processes.ts';

/** What a test that launches a browser should allow for the first time on a machine. */
export const installTimeoutMs = 600_000;

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const switches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await launchOptions());
}

/** What launches it, for a configuration that is written for another process, too. */
export async function launchOptions(): Promise<{ executablePath: string; args: string[] }> {
  const executablePath = installedPath() ?? (await install());
  // Chromium's sandbox refuses to run as root.
  return { executablePath, args: isRoot() ? [...switches, '--no-sandbox'] : switches };
}

function installedPath(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH=${given}: no such file; accepted is the path of a Chromium`);
  }
  return [chromium.executablePath(), ...systemPaths].find((path) => existsSync(path));
}

async function install(): Promise<string> {
  const apt = ['apt-get', '-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends'];
  const aptInstall = [...apt, 'install', 'chromium'];
  const playwright = join(repository, 'node_modules/@playwright/test/cli.js');
  const attempts = [
    // Where the lists are there, the second is not needed.
    ...(isRoot() ? [[aptInstall], [['apt-get', 'update'], aptInstall]] : []),
    [[process.execPath, playwright, 'install', 'chromium']],
  ];
  const failures: string[] = [];
  for (const commands of attempts) {
    try {
      for (const command of commands) await runToEnd(command);
    } catch (error) {
      failures.push((error as Error).message.trim());
    }
    const path = installedPath();
    if (path !== undefined) return path;
  }
  throw new Error(
    'no Chromium to open the pages with; install one (apt-get install chromium, or npx playwright ' +
      `install chromium) or name one in CHROMIUM_PATH. Tried:\n${failures.join('\n')}`,
  );
}

async function runToEnd([file, ...words]: readonly string[]): Promise<void> {
  const env = { ...outerEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  await promisify(execFile)(file!, words, { env, timeout: 240_000, maxBuffer: 1e8 });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
