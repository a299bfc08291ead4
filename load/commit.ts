/** Which commit of the team's suite sends the load: what slices must have in common. */
import { execFileSync } from 'node:child_process';

const known = new Map<string, string | undefined>();

/**
 * The commit that git has checked out where `folder` is, 40 hexadecimal digits, with `-dirty` after them
 * where tracked files were changed; undefined where there is no git or no repository to ask. It is asked
 * once per folder.
 */
export function checkedOutCommit(folder: string): string | undefined {
  if (!known.has(folder)) known.set(folder, askGit(folder));
  return known.get(folder);
}

function askGit(folder: string): string | undefined {
  try {
    // No tag is looked for: what is always there is the commit.
    const words = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    const text = execFileSync('git', words, {
      ...{ cwd: folder, encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] },
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** `1a2b3c4d5e`, for a reader. */
export function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{10})[0-9a-f]{30}/, '$1');
}
