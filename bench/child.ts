/**
 * Processes of the benchmark: each figure is measured in a separate process, and each server runs in one.
 * The file of such a process sends a single message to its parent: its figure, its port, or its error.
 */
import { fork } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

type Message = { readonly told: unknown } | { readonly failed: string };

/**
 * Runs a file and resolves with its message. `file` is in this folder, without its ending; it runs as
 * TypeScript or JavaScript like this file. Rejects with the file's error.
 */
export function startChild(file: string, words: readonly string[] = [], flags: string[] = []) {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const path = fileURLToPath(new URL(`./${file}${ending}`, import.meta.url));
  const child = fork(path, words, { execArgv: [...process.execArgv, ...flags] });
  const message = new Promise<unknown>((resolve, reject) => {
    child.once('message', (sent: Message) => {
      if ('told' in sent) resolve(sent.told);
      else reject(new Error(sent.failed));
    });
    child.once('exit', (code) => {
      reject(new Error(`${file} ${words.join(' ')}: ended with ${code} and said nothing`));
    });
  });
  return { child, message };
}

/** A figure measured by a file in a separate process. */
export async function measureIn<T>(
  file: string,
  words: readonly string[] = [],
  flags: string[] = [],
): Promise<T> {
  return (await startChild(file, words, flags).message) as T;
}

/** A new server for as long as `use` takes, whether it succeeds or fails. */
export async function withServer<T>(file: string, use: (url: string) => Promise<T>): Promise<T> {
  const { child, message } = startChild(file);
  try {
    return await use(`http://127.0.0.1:${String(await message)}`);
  } finally {
    child.kill();
  }
}

/** In a measuring process: sends the result of `measure`. Does nothing if there is no parent. */
export async function tellParent(measure: () => Promise<unknown>): Promise<void> {
  if (process.send === undefined) return;
  try {
    process.send({ told: await measure() } satisfies Message);
    process.disconnect();
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    // Remaining users and timers must not keep the process alive.
    process.send({ failed } satisfies Message, () => process.exit(1));
  }
}

/** In a server's process: listens on a free port, sends it to the parent, and ends with it. */
export function serveParent(server: Server): void {
  server.listen(0, '127.0.0.1', 4096, () => {
    process.send?.({ told: (server.address() as AddressInfo).port } satisfies Message);
  });
  process.once('disconnect', () => process.exit(0));
}
