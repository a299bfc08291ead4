/** Runs a file of the benchmark in a process of its own and takes the one message that it sends. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `file` is beside this one, without its ending: it runs as what this file runs as. */
export function startChild(file: string, words: readonly string[] = [], flags: string[] = []) {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const path = fileURLToPath(new URL(`./${file}${ending}`, import.meta.url));
  const child = fork(path, words, { execArgv: [...process.execArgv, ...flags] });
  const message = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`${file} ${words.join(' ')}: ended with ${code} and said nothing`));
    });
  });
  return { child, message };
}

/** The port of a fresh server, and what ends it. */
export async function startServer(
  file = 'local-server',
): Promise<{ url: string; child: ChildProcess }> {
  const { child, message } = startChild(file);
  return { url: `http://127.0.0.1:${String(await message)}`, child };
}
