/**
 * Separate hosts for a test: network namespaces with an address each, joined by a bridge, and a read-only
 * root, if this machine allows them (Linux, root, iproute2); else plain processes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { repository } from '../child-processes.ts';

export interface TestHosts {
  readonly kind: 'network namespaces' | 'processes on loopback';
  /** Address of this process for the hosts. */
  readonly ownAddress: string;
  /** The command prefix that runs a command on the n-th host, from 0. */
  commandOn(n: number): readonly string[];
  close(): void;
}

/** Only reachable from this machine. Each process that creates hosts has its own network. */
const network = `10.${200 + ((process.pid >> 8) % 50)}.${process.pid % 256}`;

export function openTestHosts(count: number): TestHosts {
  const names = Array.from({ length: count }, (_, n) => `lw${process.pid}-${n}`);
  const bridge = `lwb${process.pid}`;
  const close = (): void => {
    for (const name of names) tryIp(['netns', 'del', name]);
    tryIp(['link', 'del', bridge]);
  };
  try {
    ip(['link', 'add', bridge, 'type', 'bridge']);
    ip(['addr', 'add', `${network}.254/24`, 'dev', bridge]);
    ip(['link', 'set', bridge, 'up']);
    for (const [n, name] of names.entries()) addHost(name, n, bridge);
  } catch {
    close();
    return {
      kind: 'processes on loopback',
      ownAddress: '127.0.0.1',
      commandOn: () => [],
      close: () => undefined,
    };
  }
  return {
    kind: 'network namespaces',
    ownAddress: `${network}.254`,
    commandOn: (n) => ['ip', 'netns', 'exec', names[n]!],
    close,
  };
}

function addHost(name: string, n: number, bridge: string): void {
  const inside = ['netns', 'exec', name, 'ip'];
  const [here, there] = [`lwh${process.pid}-${n}`, 'eth0'];
  ip(['netns', 'add', name]);
  ip(['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name]);
  ip(['link', 'set', here, 'master', bridge, 'up']);
  ip([...inside, 'addr', 'add', `${network}.${n + 1}/24`, 'dev', there]);
  ip([...inside, 'link', 'set', there, 'up']);
  ip([...inside, 'link', 'set', 'lo', 'up']);
}

function ip(words: readonly string[]): void {
  execFileSync('ip', [...words], { stdio: 'pipe' });
}

function tryIp(words: readonly string[]): void {
  try {
    ip(words);
  } catch {
    // It does not exist any more, or never did.
  }
}

/** Makes everything read-only except the named folders, then runs the rest of the arguments. */
const lockScript = `
  set -e
  repository="$1" count="$2"
  shift 2
  mount --make-rprivate /
  mount --bind "$repository" "$repository"
  mount -o remount,bind,ro "$repository"
  mount -o remount,bind,ro /
  while [ "$count" -gt 0 ]; do
    mount --bind "$1" "$1"
    mount -o remount,bind,rw "$1"
    shift
    count=$((count - 1))
  done
  # Else the folder of before stays, in which everything can be written.
  cd "$PWD"
  exec "$@"
`;

/**
 * The command prefix that makes everything read-only except these folders; empty if this machine cannot
 * do that.
 */
export function readOnlyBut(folders: readonly string[]): readonly string[] {
  const shell = ['sh', '-c', lockScript, 'sh', repository, String(folders.length), ...folders];
  const command = ['unshare', '--mount', ...shell];
  const [file = '', ...words] = command;
  return spawnSync(file, [...words, 'true']).status === 0 ? command : [];
}
