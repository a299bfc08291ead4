/** Whether a process is still the same one, since a supervisor may have restarted it. */
import { readFileSync } from 'node:fs';
import { readProcessStat } from './proc-files.ts';

/**
 * Remembers the process now. Each call of the returned function says what happened to it, or returns
 * `undefined` if it lives or could not be seen (another platform, no pid).
 */
export function watchProcess(pid: number | undefined, folder = '/proc'): () => string | undefined {
  const before = pid === undefined ? undefined : startTicksOf(pid, folder);
  if (pid === undefined || before === undefined) return () => undefined;
  return () => {
    const now = startTicksOf(pid, folder);
    if (now === undefined) return `process ${pid} of the system has ended`;
    return now === before ? undefined : `process ${pid} no longer belongs to the system`;
  };
}

/** When it was started, in ticks; `undefined` if it has ended, even if its parent has not noticed yet. */
export function startTicksOf(pid: number, folder = '/proc'): number | undefined {
  try {
    const text = readFileSync(`${folder}/${pid}/stat`, 'utf8');
    const isDead = /^\) [ZX]/.test(text.slice(text.lastIndexOf(')')));
    return isDead ? undefined : readProcessStat(text)?.startTicks;
  } catch {
    return undefined;
  }
}
