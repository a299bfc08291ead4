/**
 * A plugin of Allure 3, which loads it as plain JavaScript: takes away what an earlier report has left in the
 * folder that the new one goes to. Allure writes a report into a folder of its own and moves it up where that
 * is the only one; beside the folders of an earlier report it stays below, and the old front page above it.
 */
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In each folder that a report was made in before; as `settings/own-folder.ts` has it, which can't be loaded here. */
const ownMark = '.loadwright';
const markText =
  'This folder was made by a load run, which may write over and remove what is in it.\n';

/** What Allure makes, and nobody else. */
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
    // Without the mark it is somebody else's, whatever is in it, and stays so.
    if (there.length > 0 && !there.includes(ownMark)) return;
    await writeFile(join(output, ownMark), markText);
    for (const name of folders) await rm(join(output, name), { recursive: true, force: true });
    // It stays where something of somebody else's is in it.
    await rmdir(join(output, 'data')).catch(() => undefined);
  }
}
