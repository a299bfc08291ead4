/**
 * Folders created by the suite contain a marker file. A folder without it belongs to somebody else and is
 * neither removed nor overwritten.
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

/**
 * Folders that collect slices and their blobs before their run has its own folder. They are never
 * overwritten.
 */
const gathered = ['slices', 'blobs'];

/** Whether a run created the folder: it has the marker, or an interval log, as in downloaded folders. */
export function isOwnFolder(path: string): boolean {
  return existsSync(join(path, ownMark)) || entriesOf(path).some((name) => isLog(join(path, name)));
}

/** Throws, naming its content, if the folder exists and is somebody else's. Creates nothing. */
export function refuseForeignFolder(path: string): void {
  const foreign = entriesOf(path).filter((name) => !gathered.includes(name));
  if (foreign.length === 0 || isOwnFolder(path)) return;
  throw new Error(
    `${foreign[0]} is in it, and no run made this folder; ` +
      'accepted is a new or empty folder, or that of an earlier run',
  );
}

/**
 * Claims the folder of all runs, in which each run overwrites `names`, such as `html`. Throws, with the
 * path, if one of them exists and was not created by a run.
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

/** Removes a folder of the reports, such as `allure-results`. Throws if it is somebody else's. */
export function removeOwn(path: string): void {
  if (entriesOf(path).length > 0 && !existsSync(join(dirname(resolve(path)), ownMark))) {
    throw new Error(`${path}: is left as it is, because no load run made it`);
  }
  rmSync(path, { recursive: true, force: true });
}

/** Marks the folder as a run's own. The caller has checked whose it is. */
export function markOwn(path: string): void {
  mkdirSync(path, { recursive: true });
  const file = join(path, ownMark);
  if (!existsSync(file)) writeWhole(file, markText);
}

/** If there is a file in place of the folder, the file is the only entry. */
function entriesOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isDirectory() ? readdirSync(path) : [basename(path)];
}

const logBegins = '{"type":"plan"';

function isLog(path: string): boolean {
  // The name may belong to a folder, a pipe or a broken link.
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
