/**
 * Folders of the suite's own bear a file that says so. What is in a folder without it belongs to somebody
 * else: it is neither removed nor written over.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { writeWhole } from '../platform/whole-file.ts';

export const ownMark = '.loadwright';
const markText =
  'This folder was made by a load run, which may write over and remove what is in it.\n';

/** Where slices and their blobs gather before their run has its folder: never written over. */
const gathered = ['slices', 'blobs'];

/** Whether a run made the folder: it bears the mark, or has an interval log, as what was downloaded may. */
export function isOwnFolder(path: string): boolean {
  return existsSync(join(path, ownMark)) || entriesOf(path).some((name) => isLog(join(path, name)));
}

/** Throws, naming what is in it, where the folder is there and somebody else's. Makes nothing. */
export function refuseForeignFolder(path: string): void {
  const foreign = entriesOf(path).filter((name) => !gathered.includes(name));
  if (foreign.length === 0 || isOwnFolder(path)) return;
  throw new Error(
    `${foreign[0]} is in it, and no run made this folder; ` +
      'accepted is a new or empty folder, or that of an earlier run',
  );
}

/**
 * The folder of all runs, in which `names` are written over by each: `html`, say. Throws, with the path, where
 * one of them is there and no run put it there.
 */
export function claimReports(path: string, names: readonly string[]): string {
  const foreign = names.find((name) => entriesOf(join(path, name)).length > 0);
  if (foreign !== undefined && !existsSync(join(path, ownMark))) {
    throw new Error(
      `${join(path, foreign)}: would be overwritten, but no load run made it; ` +
        'move it, or set LOAD_RUN_DIR to a folder without one beside it',
    );
  }
  markOwn(path);
  return path;
}

/** Removes a folder of the reports, such as `allure-results`. Throws where it is somebody else's. */
export function removeOwn(path: string): void {
  if (entriesOf(path).length > 0 && !existsSync(join(dirname(resolve(path)), ownMark))) {
    throw new Error(`${path}: is left as it is, because no load run made it`);
  }
  rmSync(path, { recursive: true, force: true });
}

/** Makes the folder a run's own; whose it is has been looked at before. */
export function markOwn(path: string): void {
  mkdirSync(path, { recursive: true });
  const file = join(path, ownMark);
  if (!existsSync(file)) writeWhole(file, markText);
}

/** A file in place of a folder is the one thing in it. */
function entriesOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isDirectory() ? readdirSync(path) : [basename(path)];
}

const logBegins = '{"type":"plan"';

function isLog(path: string): boolean {
  // A folder, a pipe and a link to nothing may have such a name, too.
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!path.endsWith('.ndjson') || !isFile) return false;
  const bytes = Buffer.alloc(logBegins.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  return bytes.toString() === logBegins;
}
