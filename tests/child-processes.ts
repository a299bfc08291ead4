/**
 * What tests need that start processes of their own: a clean environment, a project of its own, and who
 * is still running.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end. */
export const repository = fileURLToPath(new URL('..', import.meta.url));

const ownNames =
  /^(LOAD_|PW|PLAYWRIGHT|TEST_|ALLURE|REFERENCE_|HEALTH_AGENT_|API_GATEWAY_|MCP_|RAG_SERVICE_|QUERY_GATEWAY_|RESOURCE_AGENT_|BATCH_|NODE_OPTIONS|FORCE_COLOR|CI$)/;

/** This process's environment without what the run that it is in has put there. */
export function outerEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !ownNames.test(entry[0]),
  );
  return Object.fromEntries(inherited);
}

/** A killed process may stay in the table until its new parent reaps it: such a zombie runs no more. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !stateOf(`/proc/${pid}/stat`).includes(') Z ');
  } catch {
    return false;
  }
}

function stateOf(statPath: string): string {
  return readFileSync(statPath, 'utf8');
}

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The process and everything that it started, directly or not, and that runs now. */
export function processTree(root: number): RunningProcess[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }));
  const withChildren = (one: RunningProcess): RunningProcess[] => [
    one,
    ...table.filter(({ parent }) => parent === one.pid).flatMap(withChildren),
  ];
  return table.filter(({ pid }) => pid === root).flatMap(withChildren);
}

/**
 * Ends what still runs, at once and together, as a lost machine does. All are stopped first: killed one
 * by one, the second has time to notice the end of the first and to act on it.
 */
export async function killAll(pids: Iterable<number>): Promise<void> {
  const running = [...pids].filter(isRunning);
  for (const pid of running) process.kill(pid, 'SIGSTOP');
  while (!running.every(isStopped)) await setTimeout(5);
  for (const pid of running) process.kill(pid, 'SIGKILL');
}

/** No thread of it runs, so that no write is cut in two. Not to be seen but on Linux. */
function isStopped(pid: number): boolean {
  if (process.platform !== 'linux' || !isRunning(pid)) return true;
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.every((id) => /\) [TtXZ] /.test(stateOf(`/proc/${pid}/task/${id}/stat`)));
  } catch {
    return true;
  }
}

/**
 * A project in a folder of its own, so far as a load needs it; returns the folder. The code in it is
 * linked, not copied, as Playwright has compiled that before; `more` is copied.
 */
export function linkedProject(folder: string, more: readonly string[] = []): string {
  mkdirSync(join(folder, 'tests/systems'), { recursive: true });
  for (const part of ['playwright.config.ts', 'package.json', 'tsconfig.json', ...more]) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  for (const part of ['fixtures', 'load', 'node_modules']) {
    symlinkSync(join(repository, part), join(folder, part));
  }
  return folder;
}
