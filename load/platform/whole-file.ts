/** Files that are there whole, or as they were before. */
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
