/**
 * The command that opens, updates and closes the GitHub issues of a run's regressions. It opens one only
 * for a regression that a rerun has confirmed. Start reading here: `regressions.ts` chooses the
 * regressions, `compose.ts` writes the texts, `publish.ts` decides what is sent through `tracker.ts`.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  joinRuns,
  readComparisonFile,
  refuseNoRerun,
  type ComparisonOfFile,
} from '../baselines/comparison-file.ts';
import { givenPath, type Caller } from '../platform/caller.ts';
import { backgroundClock } from '../platform/clock.ts';
import { commandCall } from '../platform/command-call.ts';
import { defined } from '../platform/defined.ts';
import { counted } from '../platform/words.ts';
import { issueText, nameOf, type IssueContext } from './compose.ts';
import { publish } from './publish.ts';
import { subjectsIn, worthAnIssue, type Subject } from './regressions.ts';
import type { TokenPermission, Tracker } from './tracker.ts';

const usage = `${commandCall('regression-issue')} <comparison.json>… [options]

  <comparison.json>         comparisons of a run; several files if it ran on several machines
  --confirmed-by <file>     comparisons of one rerun of the same tests; may be given several times
  --dry-run                 prints the issues that would be opened, and sends nothing
  --help

Opens an issue for each critical or saturated regression that the rerun has confirmed. Later runs that find
it again comment on the issue, and a run without it closes the issue.

Environment: GITHUB_TOKEN (issues: write), GITHUB_REPOSITORY (owner/name), GITHUB_API_URL (default
https://api.github.com).
`;

const options = {
  'confirmed-by': { type: 'string', multiple: true, default: [] as string[] },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const web = z.url({ protocol: /^https?$/, error: 'an address that begins with https://' });
const environmentSchema = z.object({
  GITHUB_TOKEN: z.string({ error: 'a token that may write issues' }).min(1, 'a token'),
  GITHUB_REPOSITORY: z
    .string({ error: 'owner/name' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'owner/name'),
  GITHUB_API_URL: web
    .default('https://api.github.com')
    .refine(isPrivate, 'an https address: the token must not be readable on the way'),
});
const runUrlSchema = z.object({
  GITHUB_SERVER_URL: web,
  GITHUB_REPOSITORY: environmentSchema.shape.GITHUB_REPOSITORY,
  GITHUB_RUN_ID: z.string().regex(/^\d+$/),
});

const timeoutMs = 30_000;

function isPrivate(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Rejects with an error for the user that never contains the token. */
export async function regressionIssue(words: readonly string[], caller: Caller): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    caller.print(usage);
    return;
  }
  if (positionals.length === 0) throw new Error(`takes a comparison.json\n\n${usage}`);
  const given = (path: string): ComparisonOfFile => read(givenPath(path, caller.environment));
  const found = positionals.map(given);
  const again = values['confirmed-by'].map(given);
  for (const rerun of again) refuseNoRerun(rerun, found[0]!);
  const runUrl = runUrlOf(caller);
  const rerun = again.length === 0 ? undefined : joinRuns(again);
  const context: IssueContext = defined({ run: joinRuns(found), rerun, runUrl });
  const subjects = subjectsIn(context.run, rerun);
  const say = (text: string): void => {
    caller.print(`${text}\n`);
  };
  if (values['dry-run']) preview(subjects, context, say);
  else await send(subjects, context, { ...caller, print: say });
}

function read(path: string): ComparisonOfFile {
  return { path, comparison: readComparisonFile(path) };
}

function preview(subjects: readonly Subject[], context: IssueContext, say: Caller['print']): void {
  const worth = worthAnIssue(subjects);
  for (const subject of worth) {
    const { title, labels, body } = issueText(subject, context);
    say(`title: ${title}\nlabels: ${labels.join(', ')}\n\n${body}`);
  }
  for (const subject of subjects) {
    if (subject.state === 'red') say(`not confirmed by a rerun: ${nameOf(subject)}`);
  }
  say(
    `${counted(worth.length, 'issue')} would be opened, unless they are open already; nothing was sent`,
  );
}

async function send(
  subjects: readonly Subject[],
  context: IssueContext,
  { environment, print: say }: Caller,
): Promise<void> {
  await publish(subjects, context, await trackerOf(environment), say);
}

/** The repository named in the environment. Rejects if there is none, without showing the token. */
export async function trackerOf(
  environment: Caller['environment'],
  permission: TokenPermission = 'issues: write',
): Promise<Tracker> {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    // The value of a token, and anything beside it, is never shown.
    const lines = parsed.error.issues.map(({ path, message }) => {
      return `${String(path[0])}: accepted is ${message}`;
    });
    throw new Error(lines.join('\n'));
  }
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: api } = parsed.data;
  const apiUrl = api.replace(/\/+$/, '');
  // GitHub's client is loaded only here, so a team without issues need not install it.
  const { githubTracker } = await import('./tracker.ts');
  const clock = backgroundClock();
  return githubTracker({ apiUrl, repository, token, clock, timeoutMs, permission });
}

/** The page of the workflow run; undefined outside of one. */
export function runUrlOf({ environment }: Pick<Caller, 'environment'>): string | undefined {
  const { success, data } = runUrlSchema.safeParse(environment);
  if (!success) return undefined;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = data;
  return `${server.replace(/\/+$/, '')}/${repository}/actions/runs/${id}`;
}
