/** Real git repositories with commits of a toy service, for tests of the search among them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { outerEnvironment } from '../child-processes.ts';

type Files = Readonly<Record<string, string>>;

export class ToyRepository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...words: readonly string[]): string {
    return this.told(words, '');
  }

  /**
   * Adds a commit to a branch for each of `commits`, and checks out the branch; returns the hashes. A new
   * branch begins at `from`. One process makes all of them.
   */
  commits(branch: string, commits: readonly { subject: string; files: Files }[], from?: string) {
    const lines = commits.map(({ subject, files }, i) => {
      const before = i === 0 && from !== undefined ? [`from ${from}`] : [];
      const changed = Object.entries(files).flatMap(([name, text]) => [
        `M 100644 inline ${name}`,
        data(text),
      ]);
      const who = 'committer A team <team@example.com> 1700000000 +0000';
      return [`commit refs/heads/${branch}`, who, data(subject), ...before, ...changed].join('\n');
    });
    this.told(['fast-import', '--quiet'], `${lines.join('\n')}\n`);
    this.git('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
    this.git('reset', '--hard', '--quiet');
    const known = this.git('rev-list', '--reverse', `--max-count=${commits.length}`, branch);
    return known.split('\n');
  }

  /** `change 0` and so on, on `main`: each has its number in the file `number`. */
  numbered(count: number, more: (i: number) => Files = () => ({})): string[] {
    const commits = Array.from({ length: count }, (_, i) => ({
      subject: `change ${i}`,
      files: { number: `${i}\n`, ...more(i) },
    }));
    return this.commits('main', commits);
  }

  /** The user's own checkout alone is one. */
  get workTrees(): number {
    return this.git('worktree', 'list').split('\n').length;
  }

  private told(words: readonly string[], input: string): string {
    const env = { ...outerEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    const options = { cwd: this.folder, env, input, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('git', [...words], options).trim();
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
