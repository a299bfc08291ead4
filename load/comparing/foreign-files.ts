/**
 * Recognises files of other tools, and other files of this suite, which cannot be compared. Each is
 * refused with what it is, since its columns or fields could otherwise be mistaken for figures.
 */

/** The accepted files, for error messages. */
export const acceptedFiles =
  'accepted are the results.json of a run, the _stats.csv that Locust writes, a CSV with a row per service, ' +
  'and plain figures (JSON)';

/** Kinds of text files, recognised by their beginning. */
const textKinds: readonly (readonly [kind: string, beginning: RegExp])[] = [
  ['a log of JMeter', /^\s*(<\?xml[^>]*>\s*)?<testResults/],
  ['a list of tests as JUnit has it', /^\s*(<\?xml[^>]*>\s*)?<testsuites?\b/],
  ['a page', /^\s*<(!doctype html|html)\b/i],
  ['XML', /^\s*<\?xml/],
  ['a log of Gatling', /^(RUN|ASSERTION|USER|REQUEST)\t/],
  ['what wrk prints', /^Running \S+ test @ /],
  ['what ab prints', /^This is ApacheBench/],
  ['what hey prints', /^\s*Summary:\n {2}Total:/],
  ['what vegeta prints', /^Requests +\[total, rate/],
  ['an archive', /^PK\x03\x04/],
];

/**
 * Throws, with what the file is and what is accepted, if its name or first lines show that it cannot be
 * compared.
 */
export function refuseForeignText(text: string, path: string): void {
  const kind = textKinds.find(([, beginning]) => beginning.test(text));
  if (kind !== undefined) throw foreignFile(path, kind[0]);
  if (/\.jtl$/i.test(path)) throw foreignFile(path, 'a log of JMeter');
  if (/\.(ndjson|jsonl)$/i.test(path)) {
    throw foreignFile(
      path,
      'a log with a record a line (npm run report makes results.json of a run)',
    );
  }
  if (/^\s*\{\s*"type"\s*:\s*"(Metric|Point)"/.test(text) || /^\s*\{"metric"\s*:/.test(text)) {
    throw foreignFile(path, 'the stream of points of k6');
  }
}

/** Before Locust 1.0 the columns alone did not identify the file. */
export const locustHistory = 'a history of Locust, with a row per moment';

/** Kinds of CSV files, recognised by columns that only they have, in lower case. */
const csvKinds: readonly (readonly [kind: string, columns: readonly string[]])[] = [
  ['a log of JMeter, with a row per request', ['timestamp', 'elapsed', 'label']],
  ['an aggregate report of JMeter', ['label', '# samples']],
  ['the stream of points of k6', ['metric_name', 'metric_value']],
  [locustHistory, ['timestamp', 'user count']],
  ['the list of failures of Locust', ['error', 'occurrences']],
  ['the list of exceptions of Locust', ['count', 'message', 'traceback']],
  ['a log of hey, with a row per request', ['response-time', 'status-code', 'offset']],
  ['the percentiles of ab', ['percentage served', 'time in ms']],
];

/** The same for a CSV, by its columns. */
export function refuseForeignCsv(columns: readonly string[], path: string): void {
  const kind = csvKinds.find(([, own]) => own.every((column) => columns.includes(column)));
  if (kind !== undefined) throw foreignFile(path, kind[0]);
}

const ofK6 = ['http_reqs', 'http_req_duration', 'iterations', 'iteration_duration', 'data_sent'];

/** Kinds of JSON files, recognised by their fields at the top, or at the top of each member. */
const jsonKinds: readonly (readonly [kind: string, isIt: (json: object) => boolean])[] = [
  [
    'a summary of k6',
    (json) =>
      has(json, 'root_group') ||
      within(json, 'results', 'metrics') ||
      ofK6.some((name) => within(json, 'metrics', name)),
  ],
  ['a report of vegeta', (json) => has(json, 'latencies') && has(json, 'status_codes')],
  ['a report of autocannon', (json) => has(json, 'latency') && has(json, 'non2xx')],
  ['a report of oha', (json) => has(json, 'summary') && has(json, 'latencyPercentiles')],
  ['the statistics of Gatling', (json) => within(json, 'stats', 'numberOfRequests')],
  ['a report of Artillery', (json) => has(json, 'aggregate') && has(json, 'intermediate')],
  ['the statistics of JMeter', (json) => everyMember(json, 'sampleCount')],
  ['the statistics that Locust prints with --json', (json) => everyMember(json, 'num_requests')],
  [
    'a comparison, not what was compared',
    (json) => has(json, 'comparisons') && has(json, 'significance'),
  ],
  ['a baseline for toMatchBaseline', (json) => has(json, 'testId') && has(json, 'runs')],
];

/** The same for JSON. */
export function refuseForeignJson(json: unknown, path: string): void {
  if (typeof json !== 'object' || json === null) return;
  const kind = jsonKinds.find(([, isIt]) => isIt(json));
  if (kind !== undefined) throw foreignFile(path, kind[0]);
}

/** The error for such a file. */
export function foreignFile(path: string, kind: string): Error {
  return new Error(`${path}: is ${kind}; ${acceptedFiles}`);
}

function has(json: unknown, key: string): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, key);
}

function within(json: object, part: string, key: string): boolean {
  return has((json as Readonly<Record<string, unknown>>)[part], key);
}

function everyMember(json: object, key: string): boolean {
  const members: unknown[] = Object.values(json);
  return members.length > 0 && members.every((member) => has(member, key));
}
