/** Files of the suite that other programs open: its sources, or what was built of them for the package. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Whether this runs from the sources. */
export const isSource = import.meta.url.endsWith('.ts');

/**
 * The absolute path of a file, by its path in the repository. Not from where this code lies: that is the
 * bundler's choice.
 *
 * @example
 * ownFile('load/slices/merge-reporter.ts'); // '…/dist/load/slices/merge-reporter.js' in the package
 */
export function ownFile(source: string): string {
  const file = isSource ? source : `dist/${source.replace(/\.ts$/, '.js')}`;
  return fileURLToPath(new URL(file, import.meta.resolve('loadwright/package.json')));
}

/**
 * The words before which Node runs a file of the suite in a process of its own: the package is JavaScript, its
 * sources want a compiler.
 *
 * @example
 * spawn(process.execPath, [...ownProgram('load/live/beside-run.ts'), folder]);
 */
export function ownProgram(source: string): string[] {
  if (!isSource) return [ownFile(source)];
  // By its whole path, so that it loads from any working directory.
  const compiler = createRequire(import.meta.url).resolve('tsx/esm');
  return ['--import', pathToFileURL(compiler).href, ownFile(source)];
}
