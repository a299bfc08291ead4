/** Writes files as a whole: a reader sees the old or the new content. */
import { z } from 'zod';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes to a temporary file and renames it, so that no reader sees half a file. */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * A name from a log or a blob that is used for files. It may come from anywhere and must not lead out of
 * its folder.
 */
export const fileStem = z
  .string()
  .regex(/^(?!\.)[^/\\\0]{1,200}$/, 'accepted is a name of a file: no folder, no leading dot');
