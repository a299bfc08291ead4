/** Whether a process on this machine is still the one that it was: a supervisor may have started another. */
import { readFileSync } from 'node:fs';
import { readProcessStat } from './proc-files.ts';

/**
 * Looks now, and again at each call of what it returns: what became of the process, or `undefined` where
 * it lives, or was never seen (another platform, no pid).
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

/** When it was started, in ticks; `undefined` where it has ended, if only its parent has yet to notice. */
export function startTicksOf(pid: number, folder = '/proc'): number | undefined {
  try {
    const text = readFileSync(`${folder}/${pid}/stat`, 'utf8');
    const isDead = /^\) [ZX]/.test(text.slice(text.lastIndexOf(')')));
    return isDead ? undefined : readProcessStat(text)?.startTicks;
  } catch {
    return undefined;
  }
}
