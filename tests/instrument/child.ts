/** Starts a TypeScript file of this folder in a separate process with IPC, and ends it. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tsxLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;

/** `argument` is passed as JSON; `environment` is added to this process's. */
export function startChild(
  file: string,
  argument: unknown,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // A separate process group, so that Ctrl-C on the tests does not reach it.
  return fork(path, [JSON.stringify(argument)], {
    execArgv: ['--import', tsxLoader],
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The next message. Rejects if the process ends without one. */
export async function messageFrom<T>(child: ChildProcess): Promise<T> {
  // Ends the listening for what did not come, so that a child can be asked hundreds of times.
  const settled = new AbortController();
  const listening = { signal: settled.signal };
  const gone = once(child, 'exit', listening).then(([code, signal]) => {
    throw new Error(`${child.spawnfile} ended with ${String(code ?? signal)} and said nothing`);
  });
  const told = once(child, 'message', listening);
  try {
    const [message] = (await Promise.race([told, gone])) as [T];
    return message;
  } finally {
    settled.abort();
    for (const one of [gone, told]) one.catch(() => undefined);
  }
}

/** Resolves when it has exited. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
