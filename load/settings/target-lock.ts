/**
 * Prevents load tests on one machine from overlapping on one target, since they would disturb each
 * other's measurement. A lock is a file in the system's folder for temporary files, named after the
 * target. It is void if its process has ended. The slices of one run are one load and share the lock.
 */
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startTicksOf } from '../platform/process-life.ts';
import { defined } from '../platform/defined.ts';
import { isLoopback, plainHost } from './allowed-hosts.ts';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** When the process was started, since its pid may have been reused. */
  startTicks: z.number().optional(),
  runId: z.string(),
  isSliced: z.boolean(),
  /** For the message to a refused run. */
  test: z.string(),
  url: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

interface LockRequest extends Pick<Holder, 'url' | 'runId' | 'isSliced' | 'test'> {
  /** Default: the system's folder for temporary files. */
  readonly folder?: string;
}

const mostTries = 20;

/** Throws, naming the other run, if the target is under load. Returns the function that releases the lock. */
export function lockTarget({ folder = tmpdir(), ...asked }: LockRequest): () => void {
  const path = lockPath(folder, asked.url);
  const { pid } = process;
  const own: Holder = defined({ ...asked, pid, startTicks: startTicksOf(pid) });
  for (let n = 0; n < mostTries; n++) {
    if (take(path, own)) return giveFree.bind(undefined, path, own);
    const holder = holderOf(path);
    if (holder === undefined) continue;
    if (isVoid(holder)) setAside(path);
    else if (holder.isSliced && own.isSliced && holder.runId === own.runId) return () => undefined;
    else throw new Error(refusal(path, own, holder));
  }
  throw new Error(`${path}: the lock of ${asked.url} could not be taken; remove the file`);
}

/** All names of this machine count as one. `userId`: the owner of the lock, on systems with users. */
export function lockPath(folder: string, url: string, userId = process.getuid?.()): string {
  const { protocol, hostname: name, port } = new URL(url);
  const own = plainHost(name);
  const isHere = isLoopback(own) || ownNames().has(own);
  const standard = protocol === 'https:' ? '443' : '80';
  const at = port === '' ? standard : port;
  const hash = createHash('sha256')
    .update(`${isHere ? 'loopback' : own}:${at}`)
    .digest('hex')
    .slice(0, 16);
  // Each user of the machine has separate locks, so that one user cannot lock out another.
  return firstOwn(join(folder, `loadwright-${userId ?? 'all'}-${hash}`), userId);
}

/** In a folder where only owners may remove files, a file of another user would block the name for ever. */
function firstOwn(stem: string, userId: number | undefined): string {
  for (let n = 0; ; n++) {
    const path = n === 0 ? `${stem}.lock` : `${stem}.${n}.lock`;
    const owner = statSync(path, { throwIfNoEntry: false })?.uid;
    if (owner === undefined || owner === userId || userId === undefined) return path;
  }
}

/** The host names and addresses of this machine. */
function ownNames(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((known) => known ?? []);
  return new Set([hostname().toLowerCase(), ...addresses.map(({ address }) => address)]);
}

/** Created as a whole, so that nobody reads half a file. */
function take(path: string, own: Holder): boolean {
  const draft = `${path}.${own.pid}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new Error(`lock of ${own.url}: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** `undefined` if the file is gone. A file without a valid holder is void. */
function holderOf(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    setAside(path);
    return undefined;
  }
}

function isVoid({ pid, startTicks }: Holder): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process lives and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return true;
  }
  return startTicks !== undefined && startTicksOf(pid) !== startTicks;
}

/** Moved, then read again, since another run may have taken the lock meanwhile. */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.void`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    const moved = holderSchema.parse(JSON.parse(readFileSync(aside, 'utf8')));
    if (!isVoid(moved)) linkSync(aside, path);
  } catch {
    // A void lock, or one that has a successor, is not put back.
  }
  rmSync(aside, { force: true });
}

function giveFree(path: string, own: Holder): void {
  if (holderOf(path)?.pid === own.pid) rmSync(path, { force: true });
}

function refusal(path: string, own: Holder, { pid, runId, test }: Holder): string {
  const advice =
    runId === own.runId
      ? 'run the tests of one run one by one: --workers=1'
      : `wait for its end, or end it (${path})`;
  return (
    `${own.url}: is under load already, by ${test} of run ${runId} (pid ${pid}), and two loads at ` +
    `once would disturb each other; ${advice}`
  );
}
