/** The command that reports a run's pairs on a pull request: one comment, which later runs overwrite. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Caller } from '../platform/caller.ts';
import { commandCall } from '../platform/command-call.ts';
import { withContext } from '../platform/words.ts';
import { pairCommentMark, pairCommentName } from '../report/files/pair-comment.ts';
import { trackerOf } from './command.ts';

const usage = `${commandCall('pair-comment')} [run folder] [options]

  [run folder]     default: reports/latest
  --pull <number>  the pull request; default: the one that the workflow runs for (GITHUB_REF)
  --help

Environment: GITHUB_TOKEN (pull-requests: write), GITHUB_REPOSITORY (owner/name), GITHUB_API_URL (default
https://api.github.com).
`;

const options = { pull: { type: 'string' }, help: { type: 'boolean', default: false } } as const;

/** The maximum length of a comment on GitHub. */
const mostCharacters = 65_000;

/** Rejects with an error for the user. */
export async function commentOnPull(words: readonly string[], caller: Caller): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    caller.print(usage);
    return;
  }
  const { environment, print } = caller;
  const [folder = 'reports/latest'] = positionals;
  const number = pullNumber(values.pull, environment);
  const path = join(folder, pairCommentName);
  const text = withContext(`${path}: this run has no pair`, () => readFileSync(path, 'utf8'));
  const fitting = text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}\n…`;
  const tracker = await trackerOf(environment);
  const { url } = await tracker.putComment(number, pairCommentMark, fitting);
  print(`${url}\n`);
}

function pullNumber(stated: string | undefined, { GITHUB_REF }: Caller['environment']): number {
  const text = stated ?? /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? '')?.[1];
  if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(
    stated === undefined
      ? 'no pull request is named; accepted is --pull with its number, or a workflow that runs for one'
      : `--pull ${stated}: accepted is the number of a pull request`,
  );
}
