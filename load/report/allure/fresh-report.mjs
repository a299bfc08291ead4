/**
 * A plugin of Allure 3, which loads it as plain JavaScript: takes away what an earlier report has left in the
 * folder that the new one goes to. Allure writes a report into a folder of its own and moves it up where that
 * is the only one; beside the folders of an earlier report it stays below, and the old front page above it.
 */
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

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
    // In every report of Allure's; without it the folder is somebody else's.
    if (!existsSync(join(output, 'test-results.json'))) return;
    for (const name of folders) await rm(join(output, name), { recursive: true, force: true });
    // It stays where something of somebody else's is in it.
    await rmdir(join(output, 'data')).catch(() => undefined);
  }
}
