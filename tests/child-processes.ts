/** What tests need that start processes of their own: a clean environment, and who is still running. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end. */
export const repository = fileURLToPath(new URL('..', import.meta.url));

const ownNames =
  /^(LOAD_|PW|PLAYWRIGHT|TEST_|ALLURE|REFERENCE_|HEALTH_AGENT_|API_GATEWAY_|MCP_|RAG_SERVICE_|QUERY_GATEWAY_|RESOURCE_AGENT_|NODE_OPTIONS|FORCE_COLOR|CI$)/;

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
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
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
      ...{ pid: Number(pid), parent: Number(parent), command },
    }));
  const withChildren = (one: RunningProcess): RunningProcess[] => [
    one,
    ...table.filter(({ parent }) => parent === one.pid).flatMap(withChildren),
  ];
  return table.filter(({ pid }) => pid === root).flatMap(withChildren);
}

/** Ends what still runs, at once. */
export function killAll(pids: Iterable<number>): void {
  for (const pid of pids) {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  }
}
