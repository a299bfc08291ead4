/** Which commit of the team's suite sends the load: what slices and shards must have in common. */
import { execFileSync } from 'node:child_process';

/** Long for git, and not long to wait before a run. */
const timeoutMs = 2000;

/**
 * The commit that git has checked out where `folder` is, 40 hexadecimal digits, with `-dirty` after them
 * where tracked files were changed: but baselines and histories, which a run itself writes. Undefined
 * where there is no git or no repository to ask. Ask before the run: one commit is that of all of it.
 */
export function checkedOutCommit(folder: string): string | undefined {
  try {
    const head = git(folder, ['rev-parse', 'HEAD']);
    const others = [':/', ':(top,exclude,glob)**/baselines/**'];
    const changed = git(folder, ['status', '--porcelain', '--untracked-files=no', '--', ...others]);
    return changed === '' ? head : `${head}-dirty`;
  } catch {
    return undefined;
  }
}

function git(folder: string, words: readonly string[]): string {
  return execFileSync('git', words, {
    cwd: folder,
    encoding: 'utf8',
    timeout: timeoutMs,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  }).trim();
}

/** `1a2b3c4d5e`, for a reader. */
export function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{10})[0-9a-f]{30}/, '$1');
}
