/**
 * Every request ends in exactly one outcome. In every report, scheduled requests are exactly the sum of
 * the outcomes.
 */
export const outcomes = [
  'ok',
  'degraded',
  'throttled',
  'failed',
  'timeout',
  'invalid',
  'dropped',
  'interrupted',
] as const;

export type Outcome = (typeof outcomes)[number];

/** Counts by outcome. Outcomes without requests are left out. */
export type OutcomeCounts = Partial<Readonly<Record<Outcome, number>>>;

/** The outcomes that count as errors. Their share of all scheduled requests is the error rate. */
export const errorOutcomes = ['failed', 'timeout', 'invalid', 'dropped'] as const;

export function scheduledOf(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

export function errorsOf(counts: OutcomeCounts): number {
  return errorOutcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

export function addOutcomes(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const sum: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) {
    const count = (a[outcome] ?? 0) + (b[outcome] ?? 0);
    if (count > 0) sum[outcome] = count;
  }
  return sum;
}

/**
 * Why a request did not end `ok`. `generator`: this machine ran out of descriptors or ports, its guard
 * did not allow load on the host, or its HTTP library could not read the answer; it never counts against
 * the target (logs of earlier versions call the guard's `blockedHost`). `status`: an unexpected status,
 * which the sample contains. `application`: HTTP 200 with an error inside. `rpcError`, `toolError`: a
 * JSON-RPC error, and an MCP tool's result that says it is an error. `task`: the task called `fail`.
 * `closedIdle`: the server closed a kept-alive connection as the request was sent on it.
 */
export const errorKinds = [
  'refused',
  'dns',
  'reset',
  'closedIdle',
  'tls',
  'connectTimeout',
  'timeout',
  'protocol',
  'generator',
  'blockedHost',
  'status',
  'throttled',
  'degraded',
  'application',
  'rpcError',
  'toolError',
  'schema',
  'contentType',
  'emptyBody',
  'truncated',
  'tooLarge',
  'redirect',
  'task',
  'dropped',
  'interrupted',
  'other',
] as const;

export type ErrorKind = (typeof errorKinds)[number];
