/**
 * Processes of the benchmark: each figure is taken in a process of its own, and so is each server. A file
 * that runs as one sends a single message to the process that started it: its figure or its port, or why
 * it has none.
 */
import { fork } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

type Message = { readonly told: unknown } | { readonly failed: string };

/**
 * Runs a file and takes what it tells. `file` is beside this one, without its ending: it runs as what this
 * file runs as. Rejects with what the file failed with.
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

/** A figure taken by a file that runs as a process of its own. */
export async function measureIn<T>(
  file: string,
  words: readonly string[] = [],
  flags: string[] = [],
): Promise<T> {
  return (await startChild(file, words, flags).message) as T;
}

/** A fresh server for as long as `use` takes, whatever comes of it. */
export async function withServer<T>(file: string, use: (url: string) => Promise<T>): Promise<T> {
  const { child, message } = startChild(file);
  try {
    return await use(`http://127.0.0.1:${String(await message)}`);
  } finally {
    child.kill();
  }
}

/** In the process of a figure: tells what `measure` gives. Does nothing where nobody started it. */
export async function tellParent(measure: () => Promise<unknown>): Promise<void> {
  if (process.send === undefined) return;
  try {
    process.send({ told: await measure() } satisfies Message);
    process.disconnect();
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    // What it left behind (users, timers) must not keep it alive.
    process.send({ failed } satisfies Message, () => process.exit(1));
  }
}

/** In the process of a server: listens on a free port, tells it, and ends with who started it. */
export function serveParent(server: Server): void {
  server.listen(0, '127.0.0.1', 4096, () => {
    process.send?.({ told: (server.address() as AddressInfo).port } satisfies Message);
  });
  process.once('disconnect', () => process.exit(0));
}
