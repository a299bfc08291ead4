/**
 * A plugin of Allure 3, which loads it as plain JavaScript. It removes an earlier report from the folder
 * of the new one. Allure writes a report into a subfolder and moves it up only if that is the only one.
 * Beside an earlier report it would stay in the subfolder, below the old front page.
 */
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Marks each folder in which a report was written. The same as in `settings/own-folder.ts`, which cannot
 * be loaded here.
 */
const ownMark = '.loadwright';
const markText =
  'This folder was made by a load run, which may write over and remove what is in it.\n';

/** The folders that Allure creates. */
const folders = [
  'widgets',
  'data/attachments',
  'data/test-results',
  'data/test-env-groups',
  'awesome',
];

export default class FreshReport {
  /** @param {{ readonly output: string }} report */
  async start({ output }) {
    await mkdir(output, { recursive: true });
    const there = await readdir(output);
    // A folder without the mark belongs to somebody else and is not changed.
    if (there.length > 0 && !there.includes(ownMark)) return;
    await writeFile(join(output, ownMark), markText);
    for (const name of folders) await rm(join(output, name), { recursive: true, force: true });
    // The folder stays if it contains other files.
    await rmdir(join(output, 'data')).catch(() => undefined);
  }
}
