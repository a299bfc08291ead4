/** What went wrong at GitHub, in words that say what to do. */
import { RequestError } from '@octokit/request-error';

export interface FailureContext {
  /** What was tried: `list the open issues`. */
  readonly what: string;
  readonly repository: string;
  readonly apiUrl: string;
  /** Never shown, even where the server repeats it. */
  readonly token: string;
}

/** An error for a reader; the original is not kept with it, as it may hold more than may be shown. */
export function trackerFailure(error: unknown, context: FailureContext): Error {
  const text = `can't ${context.what} of ${context.repository}: ${reasonOf(error, context)}`;
  return new Error(text.replaceAll(context.token, '[token]'));
}

function reasonOf(error: unknown, context: FailureContext): string {
  if (!(error instanceof RequestError))
    return error instanceof Error ? error.message : String(error);
  const { status, response, message } = error;
  if (response === undefined) return `${context.apiUrl} can't be reached: ${message}`;
  const said = `(${status}: ${firstLine(message)})`;
  const wait = waitOf(status, response.headers);
  if (wait !== undefined) return `the rate is limited ${said}; try again ${wait}`;
  const known: Readonly<Record<number, string>> = {
    401: `the token is not accepted ${said}; set GITHUB_TOKEN to a valid one`,
    403: `the token may not do that ${said}; it needs the permission "issues: write"`,
    404: `there is no such repository, or the token can't see it ${said}; see GITHUB_REPOSITORY`,
    410: `issues are switched off there ${said}`,
    422: `what was sent is refused ${said}`,
  };
  if (known[status] !== undefined) return known[status];
  if (status >= 500) return `a fault of the server ${said}; run the same command again`;
  return `not understood ${said}`;
}

type Headers = NonNullable<RequestError['response']>['headers'];

/** GitHub answers 403 or 429 to those who ask too often, and says in one of two ways until when. */
function waitOf(status: number, headers: Headers): string | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = headers['retry-after'];
  if (seconds !== undefined) return `in ${seconds} s`;
  if (headers['x-ratelimit-remaining'] !== '0') return status === 429 ? 'later' : undefined;
  const resetSeconds = Number(headers['x-ratelimit-reset']);
  if (!Number.isFinite(resetSeconds)) return 'later';
  return `after ${new Date(resetSeconds * 1000).toISOString()}`;
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0]!.trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line || 'no reason given';
}
