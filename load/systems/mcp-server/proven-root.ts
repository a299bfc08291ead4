/**
 * Whether a folder of this machine is the sandbox that a server says it is: a file that the server is asked to
 * write is there. Until then nothing is made, changed or removed in a folder that nobody gave.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readFile, unlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { RequestNotOk } from '../../clients/scope.ts';
import type { ProbeTools } from './probe.ts';

/** The root, where it is proved; rejects where there is no way to the server. */
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
    // A link might lead to where the server could not write itself.
    if (!(await lstat(path)).isFile() || (await readFile(path, 'utf8')) !== token) return undefined;
    await unlink(path);
    return root;
  } catch {
    return undefined;
  }
}
