/** The folder of one run, `reports/<run id>/`: its name and its content. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { reasonOf, withContext } from '../platform/words.ts';
import { isOwnFolder, markOwn, refuseForeignFolder } from './own-folder.ts';

/**
 * Names the run in the environment, unless it has a name; workers inherit it. The id consists of `now`,
 * the UTC time to the second, and `letters`, four random letters. Slices have a folder each and must be
 * given their common name. `reports` is the folder of all runs. The path is absolute, since a worker may
 * have another working directory.
 */
export function nameRun(
  environment: NodeJS.ProcessEnv,
  now: Date,
  letters: string,
  reports = 'reports',
): void {
  const time = now.toISOString().replace(/\..*$/, '').replaceAll(':', '-');
  const slice = environment['LOAD_SLICE'];
  if (slice !== undefined && environment['LOAD_RUN_ID'] === undefined) {
    throw new Error('LOAD_SLICE: the slices of a run share its name; set LOAD_RUN_ID in each');
  }
  environment['LOAD_RUN_ID'] ??= `${time}-${letters}`;
  const folder = join(reports, environment['LOAD_RUN_ID']);
  const own = slice === undefined ? folder : sliceFolder(folder, slice);
  const named = environment['LOAD_RUN_DIR'] ?? own;
  // An empty name is refused with its own message.
  environment['LOAD_RUN_DIR'] = named === '' ? named : resolve(named);
}

/** The folder of the slices' folders, in the run's folder. */
export function slicesFolder(runFolder: string): string {
  return join(runFolder, 'slices');
}

/** `2/4` → `slices/2-of-4`. */
export function sliceFolder(runFolder: string, slice: string): string {
  return join(slicesFolder(runFolder), slice.replace(/\W+/g, '-of-'));
}

/** Four lower-case letters. */
export function fourLetters(): string {
  const letters = Array.from({ length: 4 }, () => 97 + Math.floor(Math.random() * 26));
  return String.fromCharCode(...letters);
}

/**
 * Throws if the folder cannot be created or written to, or is somebody else's. Creates nothing, so that a
 * run that sends no load leaves no folder.
 */
export function refuseUnusableFolder(path: string): void {
  let nearest = resolve(path);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is no folder`);
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    const accepted = 'accepted is a folder that can be made and written to';
    throw new Error(`LOAD_RUN_DIR=${path}: ${reasonOf(error)}; ${accepted}`, { cause: error });
  }
  withContext(`LOAD_RUN_DIR=${path}`, () => {
    refuseForeignFolder(path);
  });
}

/**
 * Creates the folder, after it was found usable, and points `latest` beside it to it. Throws if it cannot
 * be written to.
 */
export function openRunFolder(path: string): string {
  withContext(`LOAD_RUN_DIR=${path}`, () => {
    markOwn(path);
  });
  // A slice's folder is part of its run's folder, so `latest` does not point to it.
  const around = dirname(resolve(path));
  if (around !== slicesFolder(dirname(around))) pointLatestTo(path);
  return path;
}

/** The link is replaced in one step, so that readers always find it. Anything else of that name stays. */
function pointLatestTo(path: string): void {
  const latest = join(dirname(path), 'latest');
  const fresh = `${latest}.${process.pid}`;
  const known = lstatSync(latest, { throwIfNoEntry: false });
  // A link to a removed folder.
  const isForeign =
    known?.isSymbolicLink() === false || (existsSync(latest) && !isOwnFolder(latest));
  if (isForeign) return;
  try {
    symlinkSync(basename(path), fresh);
    renameSync(fresh, latest);
  } catch {
    // File systems without links just lack this convenience.
    rmSync(fresh, { force: true });
  }
}

/** The load's number within its test and run, from 1, and its slice. */
export interface LoadNumbers {
  readonly testId: string;
  readonly load: number;
  readonly slice?: { readonly index: number; readonly count: number };
}

/**
 * The stem of every file about a load: with `.2` for the second load of a test or its repetition, and
 * `.slice-2-of-4` for a slice.
 */
export function loadStem({ testId, load, slice }: LoadNumbers): string {
  const parts = [
    load > 1 && `.${load}`,
    slice !== undefined && slice.count > 1 && `.slice-${slice.index}-of-${slice.count}`,
  ];
  return [testId, ...parts.filter((part) => part !== false)].join('');
}

const logEnding = '.ndjson';

/** The interval log of a load. */
export function logPathOf(folder: string, load: LoadNumbers): string {
  return join(folder, loadStem(load) + logEnding);
}

/** The name of a load for readers, which is the stem of its log. */
export function nameOfLog(path: string): string {
  return basename(path, logEnding);
}

/** The number of a test's next load: the first one without a log. */
export function nextLoad(folder: string, named: Pick<LoadNumbers, 'testId' | 'slice'>): number {
  for (let load = 1; ; load++) {
    if (!existsSync(logPathOf(folder, { ...named, load }))) return load;
  }
}
