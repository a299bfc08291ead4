/**
 * Processes that end with all that they start: each has a process group of its own, as a shell gives one to a
 * command. What `npx` runs is a child of its child, and would outlive it.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/**
 * Ends the groups that it was told of when its input ends: that is when this process does, also by a signal that
 * no process withstands.
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

/** Starts a program in a group of its own, which ends with this process at the latest. */
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
    // What it started and left behind.
    signalGroup(child, 'SIGKILL');
    tellGuard(`- ${pid}`);
  });
  return child;
}

/** Sends the signal to the process and all that it started; does nothing where none of them is left. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // They have ended.
  }
}

function tellGuard(line: string): void {
  guard ??= startGuard();
  guard.stdin?.write(`${line}\n`);
}

/** In a group of its own, too: a signal that ends this one must not end it. It keeps nobody from ending. */
function startGuard(): ChildProcess {
  const started = spawn('sh', ['-c', guardScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the groups end with their leaders' input, where these heed it.
  started.on('error', () => undefined);
  started.stdin.on('error', () => undefined);
  started.unref();
  (started.stdin as unknown as { unref?: () => void }).unref?.();
  return started;
}
