/**
 * The fault matrix: what may go wrong around a load, what is to come of it, and the tests that show it,
 * wherever they stand. matrix.spec.ts sees to it that they are there. The numbers are those of the
 * specification.
 */
import { around } from './matrix-around.ts';
import { row, type FaultRow } from './matrix-row.ts';

const goesOn = (fault: string, verdict: string): string =>
  `${fault} is ${verdict}, and the run goes on`;

const runs: readonly FaultRow[] = [
  row(1, 'Ctrl-C during a level', 'the load drains, every report says `interrupted`', {
    'faults/interrupts': ['Ctrl-C: arrivals stop, requests in flight end, every report says so'],
  }),
  row(2, 'Ctrl-C twice', 'ends at once, the logs are readable', {
    'faults/interrupts': ['Ctrl-C twice cuts the drain, and the log is whole'],
  }),
  row(3, 'SIGTERM', 'as Ctrl-C', {
    'faults/interrupts': [
      'SIGTERM: arrivals stop, requests in flight end, every report says so',
      'SIGTERM twice cuts the drain, and the log is whole',
    ],
  }),
  row(4, 'kill -9 of the worker', 'reported up to the last interval, `invalid`, the gap named', {
    'faults/interrupts': [
      'kill -9 of the worker: all up to the last interval is reported, and judged invalid',
      'kill -9 of the runner: the worker ends the load and leaves',
    ],
  }),
  row(5, 'kill -9 of the whole run', 'the reports are rebuilt; a torn line is dropped and told', {
    'faults/interrupts': [
      'kill -9 of the whole run: its reports are rebuilt from the log, torn or not',
    ],
  }),
  row(6, 'output folder read-only, disk full', 'refused before; during: judged from memory, red', {
    'faults/refusals': [
      'a run folder below a file is refused before the first request',
      'a read-only run folder is refused before the first request',
      'a disk that fills up during the run: judged and printed from memory, and red',
    ],
  }),
  row(35, 'zero requests, nothing but errors', 'fail, never a baseline', {
    'faults/no-baseline': [
      'every answer an error, or no request at all: red, and no baseline',
      'every answer an error, or no request at all: red, and no baseline with -u',
    ],
  }),
  row(36, 'two runs at once in one folder', 'a run folder each; files are written whole', {
    'faults/two-runs': ['two runs at once have a folder each, with all of their own in it'],
    'faults/whole-files': [
      'a file that another process writes again and again is whole at every look',
    ],
  }),
  row(38, 'a shard missing, doubled, or of another commit', 'the merge says which, `invalid`', {
    'engine/shards/merge-reports': [
      'missing, doubled and foreign slices: invalid, each named',
      'whole loads need no slices, and a shard that is missing is red',
    ],
  }),
];

const generator: readonly FaultRow[] = [
  row(7, 'generator busy, or its CPU saturated', '`invalid`, no verdict on the target', {
    'instrument/generator': [
      'a generator busy 9 ms in every 20 ms turns a 5 ms budget invalid',
      'a generator without a moment to spare is invalid',
    ],
  }),
  row(8, 'event loop blocked once', '200 ms: flagged with its time; 1.2 s: `invalid`', {
    'instrument/generator': [
      'blocked once: 200 ms are flagged, 1.2 s and a stopped process are invalid',
    ],
  }),
  row(9, 'descriptors run out (EMFILE)', 'kind `generator`, `invalid`, target not blamed', {
    'faults/generator-limits': [
      'descriptors run out: kind generator, invalid, and nothing is charged to the target',
    ],
  }),
  row(11, 'pool of virtual users runs out', 'queued, then dropped; the budget fails', {
    'contracts/conservation': [
      'a pool of users that runs out: arrivals wait, then are dropped, and the budget fails',
    ],
  }),
  row(13, 'process stopped for 3 s (SIGSTOP, SIGCONT)', 'gap found, `invalid`', {
    'instrument/generator': [
      'blocked once: 200 ms are flagged, 1.2 s and a stopped process are invalid',
    ],
  }),
];

const wire: readonly FaultRow[] = [
  row(14, 'reset before the headers', 'kind `reset`, no silent retry', {
    'contracts/http-outcomes': [goesOn('a reset before the headers', 'failed reset')],
    'contracts/http-connections': [
      'a reset on a fresh connection is reset, whatever the one before it carried',
    ],
  }),
  row(15, 'reset in mid stream', '`invalid`, TTFT kept, never `ok`', {
    'contracts/http-outcomes': [goesOn('a reset in the body', 'invalid truncated')],
    'faults/broken-streams': [
      'a reset in mid-stream: invalid truncated, and its time to first token is kept',
      'a reset where the connection is the body’s end in mid-stream: invalid truncated, and its time to first token is kept',
    ],
  }),
  row(16, 'connection refused, unknown host', 'kinds `refused`, `dns`; preflight names the URL', {
    'contracts/http-outcomes': ['nobody listening is refused, an unknown host is dns'],
    'faults/refusals': [
      'a system that is down, or not healthy, gets no load',
      'a foreign host is refused by its name, before any look-up',
    ],
  }),
  row(17, 'accepts and never answers', '`timeout` at the deadline, socket freed', {
    'contracts/http-deadlines': [
      'a server that accepts and never answers: timeout at the deadline, socket freed',
      'a connection that never comes about: timeout at the deadline',
    ],
  }),
  row(18, 'headers, then nothing; a byte now and then', 'the total deadline holds', {
    'contracts/http-deadlines': [
      'a server that sends headers, then nothing: timeout at the deadline, socket freed',
      'a server that sends a byte now and then: timeout at the deadline, socket freed',
    ],
    'faults/broken-streams': [
      'silence in mid-stream: timeout timeout, and its time to first token is kept',
      'comments without end in mid-stream: timeout timeout, and its time to first token is kept',
    ],
  }),
  row(19, 'garbage for HTTP', 'kind `protocol`, the run goes on', {
    'contracts/http-outcomes': [
      goesOn('a garbage status line', 'failed protocol'),
      goesOn('broken chunking', 'failed protocol'),
      goesOn('headers over the limit', 'failed protocol'),
    ],
  }),
  row(20, '200 with HTML, broken JSON, {"success": false}, nothing', 'never `ok`', {
    'contracts/http-outcomes': [
      'HTML is invalid contentType',
      'broken JSON is invalid truncated',
      'an empty body is invalid emptyBody',
      'success: false is failed application',
    ],
    'faults/false-green': [
      'HTML with 200, after preflight: invalid (contentType), and red',
      '200 with {"success": false}, after preflight: failed (application), and red',
    ],
  }),
  row(22, '10 GB body, gzip bomb, nested encodings', 'stopped at the cap, memory bounded', {
    'contracts/http-decoding': [
      'three layers is invalid protocol',
      'a gzip bomb stops at the cap, in memory that does not grow with it',
      'an endless body is cut at the cap, and its connection closed',
    ],
    'faults/large-bodies': [
      '10 GB, a gzip bomb and one inside another: tooLarge, and memory far below one of them',
    ],
  }),
  row(23, 'redirect loop, redirect to another host', 'not followed by default; secrets stay', {
    'contracts/http-redirects': [
      'a redirect is not followed by default',
      'a loop ends after 5 hops, each of them counted',
      'no secret goes to another host, whatever its header is called',
    ],
  }),
  row(24, 'expired or self-signed certificate', 'kind `tls`; accepted only with a flag', {
    'contracts/http-tls': [
      'expired, self-signed, unknown and foreign certificates are of kind tls, and nothing is sent',
    ],
    'faults/certificates': [
      'expired or self-signed: no load is sent; accepted on purpose, every report shows it',
    ],
  }),
];

const targets: readonly FaultRow[] = [
  row(30, 'a planted secret', 'in none of the files of the run', {
    'contracts/http-accounting': ['a key that the server echoes across the cut is in no detail'],
    'faults/secrets': [
      'a system that echoes the key in its answers',
      'a system that echoes the key at preflight, or knows it by itself',
      'an address with a password in it is refused, and not repeated',
      'blob report and traces of a run against a system that echoes the key',
    ],
  }),
  row(31, 'wrong settings', 'refused before the first request, with what is accepted', {
    'faults/refusals': [
      'wrong settings are refused with field, value and what is accepted, all at once',
    ],
  }),
  row(34, 'target not on this machine', 'refused by name; its addresses are pinned for the run', {
    'faults/refusals': ['a foreign host is refused by its name, before any look-up'],
    'faults/pinned-addresses': [
      'addresses that a name had not at the start of the run get no load',
    ],
  }),
  row(41, 'target freezes twice for 5 s under a closed load', 'red by `longestStall`, with times', {
    'contracts/stalls': ['two freezes of 5 s make a closed run red, and both spans are named'],
  }),
  row(42, 'target turns bad after preflight', 'red, the moment named', {
    'contracts/turns-bad': [
      '20 good answers, then 503, 429, 401 or HTML on everything: red, with the moment',
    ],
  }),
];

export const faultMatrix = [...runs, ...generator, ...wire, ...targets, ...around];
