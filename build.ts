/**
 * `npm run build`: the package, from the files that tsconfig.build.json lists. Few files, as the runner looks at
 * each one that is imported, in a thread of its own: one for every module doubles the time to the first request.
 */
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import ts from 'typescript';
import { groupedBy } from './load/platform/lists.ts';

const configPath = 'tsconfig.build.json';
const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as {
  config: { files: string[] };
};

/** What runs in a process of its own shares no file with what a team imports. */
const apart = [
  /^fixtures\/commands\//,
  /^load\/slices\/merge-reporter/,
  /^load\/live\/beside-run/,
  /^fixtures\/reference\/(?!launch)/,
];
const groupOf = (file: string): number => apart.findIndex((pattern) => pattern.test(file));

rmSync('dist', { recursive: true, force: true });
const modules = config.files.filter((file) => !file.endsWith('.d.ts'));
for (const entryPoints of groupedBy(modules, groupOf).values()) {
  await build({
    entryPoints,
    outdir: 'dist',
    // The JavaScript of an entry lies beside its types.
    outbase: '.',
    bundle: true,
    splitting: true,
    chunkNames: 'shared/[hash]',
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
}
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', configPath], {
  stdio: 'inherit',
});
