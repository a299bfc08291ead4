/** Files of the suite that other programs open: its sources, or the built files in the package. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Whether the code runs from the sources. */
export const isSource = import.meta.url.endsWith('.ts');

/**
 * The absolute path of a file, given its path in the repository. It is not computed from the location of
 * this code, since a bundler may put the code into any file.
 * @example
 * ownFile('load/slices/merge-reporter.ts'); // '…/dist/load/slices/merge-reporter.js' in the package
 */
export function ownFile(source: string): string {
  const file = isSource ? source : `dist/${source.replace(/\.ts$/, '.js')}`;
  return fileURLToPath(new URL(file, import.meta.resolve('loadwright/package.json')));
}

/**
 * The arguments with which Node runs a file of the suite in its own process. The package is JavaScript;
 * the sources need a compiler.
 * @example
 * spawn(process.execPath, [...ownProgram('load/live/background-server.ts'), folder]);
 */
export function ownProgram(source: string): string[] {
  if (!isSource) return [ownFile(source)];
  // By its absolute path, so that it loads from any working directory.
  const compiler = createRequire(import.meta.url).resolve('tsx/esm');
  return ['--import', pathToFileURL(compiler).href, ownFile(source)];
}
