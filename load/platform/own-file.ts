/** Files of the suite that other programs open: its sources, or what was built of them for the package. */
import { fileURLToPath } from 'node:url';

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
