/**
 * Everything that a team can import, with all types that it reaches. A change of it changes these files
 * (`-u`).
 */
import { expect, test } from '@playwright/test';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from '@microsoft/api-extractor';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from '../child-processes.ts';

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Readonly<Record<string, { readonly types: string } | string>>;
};

test('the public surface is the one that was agreed on', ({}, testInfo) => {
  const folder = testInfo.outputPath();
  declare(folder);
  const configs = Object.entries(entries).flatMap(([entry, file]) => {
    if (typeof file === 'string') return [];
    const name = entry === '.' ? 'loadwright' : `loadwright-${basename(entry)}`;
    return { name, config: configOf(join(folder, file.types), name, folder) };
  });
  // One program for all, since each would parse the same declarations again.
  const additionalEntryPoints = configs.map(({ config }) => config.mainEntryPointFilePath);
  const compilerState = CompilerState.create(configs[0]!.config, { additionalEntryPoints });
  for (const { name, config } of configs) {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (one) => (one.handled = true),
    });
    const report = readFileSync(join(config.reportFolder, `${name}.api.md`), 'utf8');
    expect.soft(report).toMatchSnapshot(`${name}.api.md`);
  }
});

/** Writes the declarations that the entries reach, below `dist`. Whether types are right is asked elsewhere. */
function declare(folder: string): void {
  const files = Object.values(entries).flatMap((file) =>
    typeof file === 'string'
      ? []
      : join(repository, file.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1.ts')),
  );
  const project = join(folder, 'tsconfig.json');
  const typeRoots = [join(repository, 'node_modules/@types')];
  const outDir = join(folder, 'dist');
  const compilerOptions = { noCheck: true, rootDir: repository, outDir, typeRoots };
  const build = join(repository, 'tsconfig.build.json');
  const declared = join(repository, 'load/analysis/cephes.d.ts');
  const all = { extends: build, compilerOptions, files: [declared, ...files] };
  writeFileSync(project, JSON.stringify(all));
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', project], { cwd: repository });
}

/** Returns the settings that report one entry and write to `folder`. */
function configOf(mainEntryPointFilePath: string, name: string, folder: string): ExtractorConfig {
  const reportFolder = join(folder, 'api');
  mkdirSync(reportFolder, { recursive: true });
  const off = { logLevel: ExtractorLogLevel.None };
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: repository,
      mainEntryPointFilePath,
      compiler: {
        overrideTsconfig: {
          extends: join(repository, 'tsconfig.json'),
          compilerOptions: { paths: {} },
          include: [],
          files: [mainEntryPointFilePath],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder,
        reportTempFolder: join(folder, 'temp'),
        // The reporter's options are for the merge, and reference many types of the suite.
        includeForgottenExports: name !== 'loadwright-reporter',
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: off },
        extractorMessageReporting: { default: off },
        tsdocMessageReporting: { default: off },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(repository, 'package.json'),
  });
}
