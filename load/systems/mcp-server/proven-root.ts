/**
 * Checks that a folder of this machine is the sandbox that a server reports: a file that the server is
 * asked to write must appear there. Until then nothing is created, changed or removed in a folder that
 * the user did not name.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readFile, unlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { RequestNotOk } from '../../clients/scope.ts';
import type { ProbeTools } from './probe.ts';

/** The root, if it is proved. Rejects if the server cannot be reached. */
export async function provenRoot(
  root: string,
  tools: Pick<ProbeTools, 'call'>,
): Promise<string | undefined> {
  if (!isAbsolute(root)) return undefined;
  const token = `loadwright-${randomBytes(12).toString('hex')}`;
  try {
    await tools.call({ tool: 'write_file', args: { path: token, content: token } });
  } catch (error) {
    if (!(error instanceof RequestNotOk)) throw error;
    return undefined;
  }
  const path = join(root, token);
  try {
    // A link could lead to a place where the server itself cannot write.
    if (!(await lstat(path)).isFile() || (await readFile(path, 'utf8')) !== token) return undefined;
    await unlink(path);
    return root;
  } catch {
    return undefined;
  }
}
