/**
 * The fault matrix: what may go wrong around a load, and the expected result. A test of a row has the
 * annotation `fault(14)`. matrix.spec.ts checks that every row has a test, and writes the table
 * (kept/fault-matrix.md).
 */

/** By number: the fault and the expected result. */
export const faultRows = {
  1: [
    'Ctrl-C once during a level',
    'arrivals stop, requests in flight drain within the grace, all reports are written and marked `interrupted`, non-zero exit',
  ],
  2: ['Ctrl-C twice', 'ends within 2 s, interval logs readable'],
  3: ['SIGTERM', 'as Ctrl-C'],
  4: [
    'kill -9 of the Playwright worker during a level',
    'everything up to the last written interval is in the report, verdict `invalid`, the gap is named',
  ],
  5: [
    'kill -9 of the whole run',
    '`npm run report -- <run>` rebuilds every report from the interval logs; a torn last line is dropped with a note',
  ],
  6: [
    'output folder read-only; disk full during the run',
    'refused before the first request; in the run: the result in memory is still judged and printed, non-zero exit',
  ],
  7: [
    'generator busy 9 ms in every 20 ms under a 5 ms budget of a fast server; generator CPU saturated so that the load is not offered',
    '`invalid`, no verdict on the target',
  ],
  8: [
    'event loop blocked once for 200 ms, or 1.2 s, in a minute',
    'flagged with its time, latencies counted from the scheduled start; `invalid` only where a row does not stand',
  ],
  9: [
    'file descriptors exhausted (EMFILE) on the generator',
    'error kind `generator`, run `invalid`, target not blamed',
  ],
  10: [
    'local ports exhausted (EADDRNOTAVAIL)',
    'error kind `generator`, run `invalid`, target not blamed',
  ],
  11: [
    'virtual-user pool exhausted in the open model',
    'queued, then `droppedIterations`, budget fails',
  ],
  12: ['wall clock jumps ± 1 h', 'durations and intervals unaffected'],
  13: [
    'process stopped for 3 s (SIGSTOP, SIGCONT) in 30 s',
    'gap found and named, `invalid` where a row does not stand; answered errors before and after it still make a `fail`',
  ],
  14: ['connection reset before the headers', 'kind `reset`, no silent retry'],
  15: ['reset in mid stream', '`invalid` outcome, TTFT kept, never `ok`'],
  16: [
    'connection refused; unknown host',
    'kinds `refused`, `dns`; preflight stops the test with the URL',
  ],
  17: ['accepts and never answers', "`timeout` at the task's deadline (± 50 ms), socket freed"],
  18: ['headers, then nothing; one byte per second', 'total deadline holds'],
  19: [
    'garbage status line, broken chunking, header over the limit',
    'kind `protocol`, the run goes on',
  ],
  20: [
    '200 with HTML, with broken JSON, with `{"success": false}`, with an empty body',
    '`invalid` / `failed`, never `ok`',
  ],
  21: [
    'event stream without `[DONE]`, error event after 200, UTF-8 split over chunks',
    'not `ok` / not `ok` / decoded',
  ],
  22: [
    '10 GB body; gzip bomb; nested encodings',
    'stopped at the byte cap (decoded bytes), memory bounded',
  ],
  23: [
    'redirect loop; redirect to another host',
    'not followed by default; authorization never forwarded',
  ],
  24: [
    'expired or self-signed certificate',
    'kind `tls`; accepted only with a flag that every report shows',
  ],
  25: ['429 with Retry-After', '`throttled`, no retry'],
  26: [
    'server closes an idle keep-alive connection as the next request is sent',
    'counted as its own kind; at most one explicit retry on a fresh connection, and it is recorded',
  ],
  27: [
    'target restarts during the run',
    'the error window shows in the time series; counters of `/metrics` handled as a reset',
  ],
  28: [
    '`/metrics` answers 404, 502, HTML, 100 MB, never',
    'that reading is `unknown`, never 0; the load is unaffected',
  ],
  29: [
    'an hour of load in virtual time; 10⁶ distinct error messages and URLs',
    'memory flat; kinds capped, the rest under `other`',
  ],
  30: [
    'a planted secret in headers, URL, body, error message, environment',
    'in none of the files of the run (reports, logs, traces, Allure, blob)',
  ],
  31: [
    'configuration: NaN, negative, 1e308, unknown key, wrong unit, empty',
    'refused before the first request, the message names the field, the value and what is accepted',
  ],
  32: [
    'baseline file broken, of a newer format, with a `__proto__` key',
    'refused with the path; nothing overwritten',
  ],
  33: [
    'task or error names with `<script>`, `|`, backticks, `=cmd()`, `@team`, newlines',
    'escaped in HTML, Markdown, CSV (no formula), issue text',
  ],
  34: [
    'target host not loopback and not in `LOAD_ALLOW_HOSTS`',
    'refused before the first request; the resolved set of addresses is pinned; when connections to them fail the name is looked up anew under the same guard (a loopback name stays loopback)',
  ],
  35: ['zero requests; 100 % errors', '`fail`, never a baseline'],
  36: [
    'two runs at once in one folder',
    'each has its own run folder; files are written whole, then renamed',
  ],
  37: [
    "GitHub's API answers 401, 403 with rate limit, 404, 500, never",
    'a clear message, the report stays, exit code of the load run unaffected; no second issue for the same regression',
  ],
  38: [
    'a shard missing, doubled, or of another commit at the merge',
    'the merge says which, verdict `invalid`',
  ],
  39: [
    'reference services: port taken',
    'the message names the port and the variable that moves it',
  ],
  40: [
    'MCP: session expired (404), server restarted, tool list changed',
    're-initialised and counted apart; never mixed into tool latency',
  ],
  41: ['target freezes twice for 5 s under a closed load', 'red by `longestStall`, with the times'],
  42: [
    'target turns bad after preflight (503, 429, 401, HTML on everything)',
    'red, the moment named',
  ],
  43: [
    'a shortened run whose stated budget has no sample at all (a task that never ran, a label value that never came)',
    'red, and the row says what was never seen',
  ],
  44: [
    '`--retries=1` and the retry passes; the same over a merge',
    "red: a load's red verdict is never outvoted",
  ],
  45: [
    '`--last-failed`, `-x`, `--repeat-each`, several `--project` × `--shard`, started in a sub-folder, `--config` from elsewhere',
    'what Playwright means by it, with the guards in force and all reports in one place',
  ],
  46: [
    '`compare`: an endpoint or system gone or renamed, a baseline of 0, everything failed on both sides, a column missing',
    'exit code 2 and what is missing; never "No regression"',
  ],
  47: [
    '`compare`: history CSV, `.jtl`, foreign encoding, byte order mark, doubled names, a second total',
    'read rightly or refused with what is accepted',
  ],
  48: [
    '12 000 request names (ids in paths)',
    'told with the pattern they share; every output bounded, the worst shown, the rest counted',
  ],
  49: [
    'an aborted generation with `[DONE]`, an error inside a choice, an `error:` field, JSON without a frame, an empty `finish_reason`',
    "`failed` or `invalid` with the server's words, never `ok`",
  ],
  50: [
    'heartbeats as events, an odd `usage`, gzip on a stream, a connection open behind `[DONE]`',
    '`ok`, times right, the odd figure alone is missing',
  ],
  51: [
    'MCP: ping and other requests inside a stream, ids as text, endless or repeated cursors, a session forgotten with 400',
    'answered; matched; bounded; opened anew and counted',
  ],
  52: [
    '`/metrics` of 16 MB, a line of 64 kB spaces, buckets that differ, appear or are torn',
    'the load does not notice; means from sum and count; nothing wrong in silence',
  ],
  53: [
    "a server's garbage to this side's own listeners (coordinator, pages for probes), a body without end",
    '400 or closed, bounded memory, the run goes on',
  ],
  54: [
    '`LOAD_RUN_DIR` in a folder with files of others; ids from logs and blobs with `../`',
    'nothing of others deleted or written over; refused',
  ],
  55: [
    'a stopped generator sees an outage: 503 on everything, its loop blocked 9 of 20 ms',
    '`fail`: what the server said stands',
  ],
  56: [
    'met budgets with ample room on a generator that was 12 ms late at p99',
    '`pass`, the disturbance flagged',
  ],
  57: [
    'a stream of load beside the judged one answers quickly while the judged one is frozen',
    'red by `longestStall` of the judged one',
  ],
  58: ['`npx` as parent of an MCP server, kill -9 of runner and worker', 'no process left'],
} as const satisfies Readonly<Record<number, readonly [fault: string, expected: string]>>;

export type FaultRow = keyof typeof faultRows;

/**
 * The annotation of a test that shows this row. The compiler refuses a number without a row, and nobody
 * misspells the annotation's type, which the table would pass over in silence.
 */
export function fault(row: FaultRow): { readonly type: 'fault'; readonly description: string } {
  return { type: 'fault', description: String(row) };
}
