/**
 * Finds or installs a Chromium for the tests of pages: `CHROMIUM_PATH`, Playwright's own, the system's,
 * else one installed by apt-get (as root) or by Playwright. Without one the tests fail, since a page that
 * was never opened is not known to work.
 */
import { chromium, type Browser } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outerEnvironment, repository } from '../child-processes.ts';

/** Time limit for tests that launch a browser, which may have to install one. */
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

/** The launch options, for configurations used by another process as well. */
export async function launchOptions(): Promise<{ executablePath: string; args: string[] }> {
  const executablePath = installedPath() ?? (await install());
  // Chromium's sandbox does not run as root.
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
    // If the package lists exist, the second command is not needed.
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
