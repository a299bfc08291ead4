/**
 * Processes that end together with all their child processes: each has its own process group, as in a
 * shell. A program run by `npx` is a grandchild and would otherwise outlive it.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/**
 * A guard that kills the process groups that it was told of when its input ends. That happens when this
 * process ends, even by SIGKILL.
 */
const guardScript = `
groups=
while read -r sign group; do
  left=
  for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
  groups=$left
  [ "$sign" = - ] || groups="$groups $group"
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

let guard: ChildProcess | undefined;

/** Starts a program in its own process group, which ends with this process at the latest. */
export function spawnGroup(
  program: string,
  words: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(program, words, { ...options, detached: true });
  const { pid } = child;
  if (pid === undefined) return child;
  tellGuard(`+ ${pid}`);
  child.once('exit', () => {
    // Child processes that it left behind.
    signalGroup(child, 'SIGKILL');
    tellGuard(`- ${pid}`);
  });
  return child;
}

/** Sends the signal to the process and all its child processes; does nothing if none is left. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // They have already ended.
  }
}

function tellGuard(line: string): void {
  guard ??= startGuard();
  guard.stdin?.write(`${line}\n`);
}

/**
 * The guard has its own process group, so that a signal to this one does not end it. It does not keep
 * this process alive.
 */
function startGuard(): ChildProcess {
  const started = spawn('sh', ['-c', guardScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the groups end when their leaders notice the end of their input.
  started.on('error', () => undefined);
  started.stdin.on('error', () => undefined);
  started.unref();
  (started.stdin as unknown as { unref?: () => void }).unref?.();
  return started;
}
