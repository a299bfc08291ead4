/** Files that are there whole, or as they were before. */
import { z } from 'zod';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Written under another name and then renamed: nobody ever reads half a file. */
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
 * A name from a log or a blob that files will bear: those may come from anywhere, and must not lead out of
 * the folder that they are put in.
 */
export const fileStem = z
  .string()
  .regex(/^(?!\.)[^/\\\0]{1,200}$/, 'accepted is a name of a file: no folder, no leading dot');
