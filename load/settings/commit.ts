/** The commit of the team's suite that sends the load. Slices and shards must have the same one. */
import { execFileSync } from 'node:child_process';

/** Long enough for git, and short enough to wait for before a run. */
const timeoutMs = 2000;

/**
 * The commit that is checked out at `folder`, 40 hexadecimal digits, followed by `-dirty` if tracked
 * files were changed. Baselines and histories do not count as changed, since a run writes them. Undefined
 * without git or a repository. Call it before the run, so that it applies to the whole run.
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

/** `1a2b3c4d5e`, for readers. */
export function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{10})[0-9a-f]{30}/, '$1');
}
