/** The folder of one run, `reports/<run id>/`: who names it, and what is in it. */
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
 * Names the run in the environment, unless somebody has: workers inherit it. `now` and `letters` make
 * the id: UTC time to the second and four random letters. Slices have a folder each, and must have been
 * given the name that they share. `reports` is the folder of all runs. The folder is named by its whole path: a
 * worker may look from elsewhere.
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
  // An empty one is refused as what it is.
  environment['LOAD_RUN_DIR'] = named === '' ? named : resolve(named);
}

/** The slices' own folders, within the run's. */
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
 * Throws where the folder can't be made or written to, or is somebody else's. Makes nothing: a run that sends
 * no load leaves no folder.
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
 * Makes the folder, which must have been found usable, and points `latest` beside it there. Throws where it
 * can't be written to.
 */
export function openRunFolder(path: string): string {
  withContext(`LOAD_RUN_DIR=${path}`, () => {
    markOwn(path);
  });
  // A slice's folder is a part of its run's, and not the latest of anything.
  if (basename(dirname(resolve(path))) !== 'slices') pointLatestTo(path);
  return path;
}

/** Replaced in one step, so that a reader never finds it missing; what no run put there stays. */
function pointLatestTo(path: string): void {
  const latest = join(dirname(path), 'latest');
  const fresh = `${latest}.${process.pid}`;
  const known = lstatSync(latest, { throwIfNoEntry: false });
  // A link to what is gone leads nowhere.
  const isForeign =
    known?.isSymbolicLink() === false || (existsSync(latest) && !isOwnFolder(latest));
  if (isForeign) return;
  try {
    symlinkSync(basename(path), fresh);
    renameSync(fresh, latest);
  } catch {
    // A file system without links: a convenience is missing.
    rmSync(fresh, { force: true });
  }
}

/** Which load of its test in this run, from 1; which slice, where it is sliced. */
export interface LoadNumbers {
  readonly testId: string;
  readonly load: number;
  readonly slice?: { readonly index: number; readonly count: number };
}

/**
 * The stem of every file about a load: `.2` for the second load of its test, or its repetition,
 * `.slice-2-of-4` where sliced.
 */
export function loadStem({ testId, load, slice }: LoadNumbers): string {
  const parts = [
    load > 1 && `.${load}`,
    slice !== undefined && slice.count > 1 && `.slice-${slice.index}-of-${slice.count}`,
  ];
  return [testId, ...parts.filter((part) => part !== false)].join('');
}

/** The interval log of a load. */
export function logPathOf(folder: string, load: LoadNumbers): string {
  return join(folder, `${loadStem(load)}.ndjson`);
}

/** The number of the next load of a test: the first of which there is no log yet. */
export function nextLoad(folder: string, named: Pick<LoadNumbers, 'testId' | 'slice'>): number {
  for (let load = 1; ; load++) {
    if (!existsSync(logPathOf(folder, { ...named, load }))) return load;
  }
}
