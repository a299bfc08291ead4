/**
 * Helpers for tests that start processes: a clean environment, a separate project, and which processes
 * still run.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a trailing slash. */
export const repository = fileURLToPath(new URL('..', import.meta.url));

const ownNames =
  /^(LOAD_|PW|PLAYWRIGHT|TEST_|ALLURE|REFERENCE_|HEALTH_AGENT_|API_GATEWAY_|MCP_|RAG_SERVICE_|QUERY_GATEWAY_|RESOURCE_AGENT_|BATCH_|NODE_OPTIONS|FORCE_COLOR|CI$)/;

/** This process's environment without the variables of the surrounding run. */
export function outerEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !ownNames.test(entry[0]),
  );
  return Object.fromEntries(inherited);
}

/** A killed process may stay in the table as a zombie until its parent reaps it; a zombie does not run. */
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

/** The process and all running processes that it started, directly or not. */
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
 * Kills the processes all at once, as when a machine is lost. All are stopped first; otherwise the second
 * could notice the end of the first and react.
 */
export async function killAll(pids: Iterable<number>): Promise<void> {
  const running = [...pids].filter(isRunning);
  for (const pid of running) process.kill(pid, 'SIGSTOP');
  while (!running.every(isStopped)) await setTimeout(5);
  for (const pid of running) process.kill(pid, 'SIGKILL');
}

/** None of its threads runs, so that no write is cut in two. Visible only on Linux. */
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
 * A project in a separate folder with everything that a load needs; returns the folder. Its code is
 * linked, not copied, since Playwright has already compiled it; `more` is copied.
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
