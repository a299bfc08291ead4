/** The command that reports a run's pairs on a pull request: one comment, which later runs overwrite. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Caller } from '../platform/caller.ts';
import { commandCall } from '../platform/command-call.ts';
import {
  pairCommentHeading,
  pairCommentMark,
  pairCommentName,
} from '../report/files/pair-comment.ts';
import { markdownLink, markdownParagraphs, markdownText } from '../report/text/markdown.ts';
import { runUrlOf, trackerOf } from './command.ts';

const usage = `${commandCall('pair-comment')} [run folder] [options]

  [run folder]     default: reports/latest
  --pull <number>  the pull request; default: the one that the workflow runs for (GITHUB_REF)
  --name <text>    the name of this comment, if several jobs comment on one pull request; each name has a
                   comment of its own. Default: the workflow and its job (GITHUB_WORKFLOW, GITHUB_JOB)
  --help

If the run has no pair, the comment says so, in place of an earlier verdict, and the exit code is 1.

Environment: GITHUB_TOKEN (pull-requests: write), GITHUB_REPOSITORY (owner/name), GITHUB_API_URL (default
https://api.github.com).
`;

const options = {
  pull: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** In place of the verdict of an earlier commit, which would look like that of this one. */
const noPair = `${pairCommentHeading}\n\n**🟣 This run has no verdict: it ended before its pair, or has none.**`;

const eventSchema = z.object({
  pull_request: z.object({ head: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }) }),
});

/** The maximum length of a comment on GitHub, with room for the lines around a cut text. */
const mostCharacters = 64_000;

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
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const mark = pairCommentMark(values.name ?? jobOf(environment));
  const body = markdownParagraphs([
    mark,
    text === undefined ? noPair : fitting(text),
    originOf(caller, values.name),
  ]);
  const tracker = await trackerOf(environment, 'pull-requests: write');
  const { url } = await tracker.putComment(number, mark, body);
  print(`${url}\n`);
  if (text === undefined) throw new Error(`${path}: this run has no pair, and the comment says so`);
}

function fitting(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}\n…`;
}

/** Several workflows, or several jobs of one, must not overwrite each other's comment. */
function jobOf({ GITHUB_WORKFLOW, GITHUB_JOB }: Caller['environment']): string {
  return [GITHUB_WORKFLOW, GITHUB_JOB].filter((part) => (part ?? '') !== '').join(' / ');
}

/** Names the commit and the run that the comment is about, as far as the environment tells. */
function originOf(caller: Caller, name: string | undefined): string {
  const commit = commitOf(caller.environment);
  const runUrl = runUrlOf(caller);
  const parts = [
    ...(name === undefined ? [] : [markdownText(name)]),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
    ...(runUrl === undefined ? [] : [markdownLink('the run', runUrl)]),
  ];
  return parts.length === 0 ? '' : `<sub>${parts.join(' · ')}</sub>`;
}

/** A workflow for a pull request runs on a merge commit that nobody knows; the event names the head. */
function commitOf({ GITHUB_EVENT_PATH, GITHUB_SHA }: Caller['environment']): string | undefined {
  try {
    const event: unknown = JSON.parse(readFileSync(GITHUB_EVENT_PATH ?? '', 'utf8'));
    return eventSchema.parse(event).pull_request.head.sha;
  } catch {
    return /^[0-9a-f]{40}$/.test(GITHUB_SHA ?? '') ? GITHUB_SHA : undefined;
  }
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
