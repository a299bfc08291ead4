/** The issues of a GitHub repository, as far as they are needed here. Errors say what to do. */
import { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { cut, reasonOf } from '../platform/words.ts';
import { regressionLabel, type IssueText } from './compose.ts';

export interface OpenIssue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
  /** Their names. */
  readonly labels: readonly string[];
}

/** Each call rejects with what to do about the error. No call is repeated. */
export interface Tracker {
  openIssues(): Promise<OpenIssue[]>;
  open(issue: IssueText): Promise<OpenIssue>;
  comment(number: number, text: string): Promise<void>;
  /** Replaces the given parts. */
  edit(number: number, changed: Partial<Pick<IssueText, 'body' | 'labels'>>): Promise<void>;
  close(number: number): Promise<void>;
  /** Writes the one comment on an issue or pull request that contains `mark`: overwrites it or creates it. */
  putComment(number: number, mark: string, text: string): Promise<{ readonly url: string }>;
}

interface TrackerSettings {
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Never shown, even if the server echoes it. */
  readonly token: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The permission that the token needs, for the error of one that lacks it. */
  readonly permission: TokenPermission;
}

export type TokenPermission = 'issues: write' | 'pull-requests: write';

const issueSchema = z
  .object({
    number: z.int().positive(),
    html_url: z.string(),
    body: z.string().nullish(),
    labels: z
      .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
      .default([]),
    /** GitHub lists pull requests among the issues. */
    pull_request: z.unknown().optional(),
  })
  .transform(({ number, html_url: url, body, labels, pull_request }) => {
    return { number, url, body: body ?? '', labels, isPull: pull_request !== undefined };
  });

const commentSchema = z.object({
  id: z.int().positive(),
  html_url: z.string(),
  body: z.string().nullish(),
});

const pageSize = 100;
/** More open regressions are unlikely, and a server that ignores `page` must not be asked forever. */
const maxPages = 20;

export function githubTracker(settings: TrackerSettings): Tracker {
  const { repository } = settings;
  const send = sender(settings);
  const path = `/repos/${repository}/issues`;
  return {
    openIssues: async () => {
      const found: OpenIssue[] = [];
      for (let page = 1; page <= maxPages; page++) {
        const query = { labels: regressionLabel, state: 'open', per_page: pageSize, page };
        const answer = await send('list the issues', `GET ${path}`, query, z.array(issueSchema));
        found.push(...answer.filter(({ isPull }) => !isPull));
        if (answer.length < pageSize) break;
      }
      return found;
    },
    open: ({ title, body, labels }) =>
      send('open an issue', `POST ${path}`, { title, body, labels }, issueSchema),
    comment: async (number, body) => {
      const id = z.object({ id: z.number() });
      await send('comment on an issue', `POST ${path}/${number}/comments`, { body }, id);
    },
    edit: async (number, changed) => {
      await send('edit an issue', `PATCH ${path}/${number}`, changed, issueSchema);
    },
    close: async (number) => {
      const state = { state: 'closed', state_reason: 'completed' };
      await send('close an issue', `PATCH ${path}/${number}`, state, issueSchema);
    },
    putComment: async (number, mark, body) => {
      const known = await markedComment(send, `${path}/${number}/comments`, mark);
      const route =
        known === undefined ? `POST ${path}/${number}/comments` : `PATCH ${path}/comments/${known}`;
      const { html_url: url } = await send('write the comment', route, { body }, commentSchema);
      return { url };
    },
  };
}

/** Number of the comment that contains the mark; undefined if there is none. */
async function markedComment(
  send: ReturnType<typeof sender>,
  path: string,
  mark: string,
): Promise<number | undefined> {
  for (let page = 1; page <= maxPages; page++) {
    const query = { per_page: pageSize, page };
    const answer = await send('list the comments', `GET ${path}`, query, z.array(commentSchema));
    const known = answer.find(({ body }) => body?.includes(mark) === true);
    if (known !== undefined) return known.id;
    if (answer.length < pageSize) break;
  }
  return undefined;
}

/** Sends one request with a deadline, and accepts only an answer with the needed fields. */
function sender(settings: TrackerSettings) {
  const { apiUrl, token, clock, timeoutMs } = settings;
  const octokit = new Octokit({ auth: token, baseUrl: apiUrl, userAgent: 'loadwright' });
  return async <T>(
    what: string,
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
  ): Promise<T> => {
    const abort = new AbortController();
    const deadline = clock.at(clock.now() + timeoutMs, () => {
      abort.abort();
    });
    // A redirected POST would become a GET, whose answer would look like a success.
    const request = { signal: abort.signal, redirect: 'error' } as const;
    try {
      const answer: { data: unknown } = await octokit.request(route, {
        ...parameters,
        request,
        headers: { 'x-github-api-version': '2022-11-28' },
      });
      const parsed = schema.safeParse(answer.data);
      if (parsed.success) return parsed.data;
      throw new Error(`${apiUrl} does not answer as GitHub does`);
    } catch (error) {
      const isLate = abort.signal.aborted;
      const cause = isLate ? new Error(`no answer within ${timeoutMs / 1000} s`) : error;
      throw trackerFailure(cause, { what, ...settings });
    } finally {
      clock.cancel(deadline);
    }
  };
}

interface FailureContext extends Pick<
  TrackerSettings,
  'repository' | 'apiUrl' | 'token' | 'permission'
> {
  /** The attempted action: `list the open issues`. */
  readonly what: string;
}

/** An error for users. The original error is not kept, since it may contain secrets. */
function trackerFailure(error: unknown, context: FailureContext): Error {
  const text = `can't ${context.what} of ${context.repository}: ${failureText(error, context)}`;
  return new Error(text.replaceAll(context.token, '[token]'));
}

const needed: Readonly<Record<TokenPermission, string>> = {
  'issues: write': 'it needs the permission "issues: write"',
  'pull-requests: write':
    'it needs the permission "pull-requests: write", which GitHub gives to no pull request from a fork',
};

function failureText(error: unknown, context: FailureContext): string {
  if (!(error instanceof RequestError)) return reasonOf(error);
  const { status, response, message } = error;
  if (response === undefined) return `${context.apiUrl} can't be reached: ${message}`;
  const line = cut(message.split('\n', 1)[0]!.trim(), 300);
  const said = `(${status}: ${line || 'no reason given'})`;
  const wait = waitOf(status, response.headers);
  if (wait !== undefined) return `the rate is limited ${said}; try again ${wait}`;
  const known: Readonly<Record<number, string>> = {
    401: `the token is not accepted ${said}; set GITHUB_TOKEN to a valid one`,
    403: `the token may not do that ${said}; ${needed[context.permission]}`,
    404: `there is no such repository, or the token can't see it ${said}; see GITHUB_REPOSITORY`,
    410: `issues are switched off there ${said}`,
    422: `the request was refused ${said}`,
  };
  if (known[status] !== undefined) return known[status];
  if (status >= 500) return `the server failed ${said}; run the same command again`;
  return `not understood ${said}`;
}

type Headers = NonNullable<RequestError['response']>['headers'];

/** GitHub answers 403 or 429 to too many requests, and states the waiting time in one of two ways. */
function waitOf(status: number, headers: Headers): string | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = headers['retry-after'];
  if (seconds !== undefined) return `in ${seconds} s`;
  if (headers['x-ratelimit-remaining'] !== '0') return status === 429 ? 'later' : undefined;
  const resetSeconds = Number(headers['x-ratelimit-reset']);
  if (!Number.isFinite(resetSeconds)) return 'later';
  return `after ${new Date(resetSeconds * 1000).toISOString()}`;
}
