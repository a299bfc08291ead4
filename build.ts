/**
 * `npm run build`: builds the package from the files that tsconfig.build.json lists. It bundles them into
 * few files, since the runner looks at each imported file in a separate thread: with one per module the
 * first request would take twice as long.
 */
import { build, type Plugin } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { groupedBy } from './load/platform/lists.ts';

const configPath = 'tsconfig.build.json';
const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as {
  config: { files: string[] };
};
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
) as Record<'dependencies' | 'peerDependencies', Readonly<Record<string, string>>>;

/** Bundled into the package, since as installed it has a hundred files, which every run would open twice. */
const bundled = 'zod';
const external = Object.keys({ ...dependencies, ...peerDependencies }).filter(
  (one) => one !== bundled,
);

/** Two thirds of it are messages in other languages, which are not used. Its licence is included. */
const inEnglish: Plugin = {
  name: 'zod in English',
  setup: (zod) => {
    zod.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {};' }));
    zod.onLoad({ filter: /\/zod\/v4\/classic\/external\.js$/ }, ({ path }) => {
      const licence = readFileSync(join(dirname(path), '../../LICENSE'), 'utf8');
      return { contents: `/*! zod\n${licence}*/\n${readFileSync(path, 'utf8')}` };
    });
  },
};

/** Files that run in a separate process share no bundled file with what a team imports. */
const apart = [
  /^fixtures\/commands\//,
  /^load\/slices\/merge-reporter/,
  /^load\/live\/background-server/,
  /^fixtures\/reference\/(?!launch)/,
];
const groupOf = (file: string): number => apart.findIndex((pattern) => pattern.test(file));

/** Entries of one group share files. The JavaScript of each is beside its types. */
async function bundle(files: readonly string[], outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  for (const entryPoints of groupedBy(files, groupOf).values()) {
    await build({
      entryPoints,
      outdir,
      outbase: '.',
      bundle: true,
      splitting: true,
      chunkNames: 'shared/[hash]',
      external,
      plugins: [inEnglish],
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      logLevel: 'warning',
    });
  }
}

/**
 * `tsx build.ts --image <folder>`: the installed package with the suite's own tests and what they need.
 * The runner compiles nothing in `node_modules`, and a container has no cache of compiled files.
 */
async function buildImage(folder: string): Promise<void> {
  const specs = readdirSync('tests/systems').map((name) => `tests/systems/${name}`);
  const own = 'node_modules/loadwright';
  const configs = ['playwright.config', 'merge.config'];
  const suite = [...specs, ...configs.map((name) => `deploy/suite/${name}.ts`)];
  await bundle([...modules, ...suite, 'fixtures/reporter.ts'], join(folder, own, 'dist'));
  cpSync('package.json', join(folder, own, 'package.json'));
  for (const path of ['deploy/run.sh', 'thresholds.json', 'baselines']) {
    cpSync(path, join(folder, path), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  mkdirSync(join(folder, 'tests/systems'), { recursive: true });
  for (const spec of specs.map((path) => path.replace(/ts$/, 'js'))) {
    writeFileSync(join(folder, spec), `import '../../${own}/dist/${spec}';\n`);
  }
  for (const name of configs) {
    const file = `./${own}/dist/deploy/suite/${name}.js`;
    writeFileSync(join(folder, `${name}.js`), `export { default } from '${file}';\n`);
  }
  buildPage(join(folder, own, 'dist'));
}

function buildPage(dist: string): void {
  execFileSync(process.execPath, ['load/report/html/build-page.mjs', dist], { stdio: 'inherit' });
}

const modules = config.files.filter((file) => !file.endsWith('.d.ts'));
const [word, folder] = process.argv.slice(2);
if (word === '--image' && folder !== undefined) {
  await buildImage(folder);
} else {
  await bundle(modules, 'dist');
  buildPage('dist');
  const types = ['node_modules/typescript/bin/tsc', '-p', configPath];
  execFileSync(process.execPath, types, { stdio: 'inherit' });
}
