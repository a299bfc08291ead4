/** One repository of a user for all tests of the docs, with the tarball and every package that the docs install. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { commandsIn } from '../examples/commands-in.ts';
import { pages } from '../examples/docs-pages.ts';
import { Shop, shopKey } from '../examples/shop.ts';
import { versionOf } from '../../load/platform/version.ts';
import {
  compilerOptions,
  expect,
  ownEnvironment,
  TeamRepository,
  test as base,
  type Outcome,
} from './team-repository.ts';

export interface DocsTeam {
  readonly team: TeamRepository;
  readonly shop: Shop;
  /** The shop's users and the runs of this repository get these settings. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A folder that is new but for a tsconfig; docs/in-your-repository.md says what its package.json wants. */
const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'shop', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { ...compilerOptions, allowImportingTsExtensions: true },
    exclude: ['node_modules', 'reports'],
  }),
};

/** All that `npm i -D` names anywhere, with the tarball in the place of the package. */
function packagesOfDocs(tarball: string): string[] {
  const installs = pages
    .flatMap(({ name, text }) => commandsIn(name, text))
    .filter(({ words }) => /^npm (?:i|install) -D /.test(words.join(' ')));
  const names = installs.flatMap(({ words }) => words.slice(3));
  return [...new Set(names)].map((name) => (name === 'loadwright' ? tarball : name));
}

export const test = base.extend<object, { docsTeam: DocsTeam }>({
  docsTeam: [
    async ({ tarball }, use) => {
      const shop = await Shop.start();
      const team = new TeamRepository(files);
      const own = ['@playwright/test', '@types/node', 'typescript', 'zod'].map(
        (name) => `${name}@${versionOf(name)}`,
      );
      await team.install(`-D ${[...packagesOfDocs(tarball), ...own].join(' ')}`);
      await use({ team, shop, settings: { SHOP_URL: shop.url, SHOP_KEY: shopKey } });
      team.remove();
      shop.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

export { expect };

interface LastingOptions {
  readonly env: Readonly<Record<string, string>>;
  /** It is ended once it has said this, and `meanwhile` has been done; without, it ends by itself. */
  readonly until?: RegExp;
  readonly meanwhile?: () => Promise<unknown>;
  /** Lines that are called while it lasts, each once it has shown two more seconds of its load. */
  readonly beside?: readonly string[];
}

/** Calls a line that lasts; nothing of it is left behind. */
export async function lasting(
  folder: string,
  line: string,
  { env, until, meanwhile, beside = [] }: LastingOptions,
): Promise<Outcome> {
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group, which is ended as a whole.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (output += stripVTControlCharacters(bytes.toString())));
  }
  let ended: number | undefined;
  const closed = once(child, 'close').then(([code]) => (ended = Number(code ?? 0)));
  try {
    if (until !== undefined) {
      const said = (): boolean => ended !== undefined || until.test(output);
      await expect.poll(said, { timeout: 60_000, intervals: [50] }).toBe(true);
      await meanwhile?.();
    }
    for (const other of beside) {
      await showsMore(folder, 2);
      execFileSync('sh', ['-c', other], { cwd: folder });
    }
    if (until === undefined) await closed;
  } finally {
    if (ended === undefined) process.kill(-child.pid!, 'SIGTERM');
  }
  return { code: await closed, stdout: output, output };
}

/** Resolves once the log of the latest run has so many lines more than when it was asked. */
async function showsMore(folder: string, lines: number): Promise<void> {
  const count = (): number => {
    try {
      const [log] = logsIn(join(folder, 'reports/latest'));
      return log === undefined ? 0 : readFileSync(log, 'utf8').split('\n').length;
    } catch {
      return 0;
    }
  };
  const before = count();
  await expect
    .poll(count, { timeout: 60_000, intervals: [100] })
    .toBeGreaterThanOrEqual(before + lines);
}
