/** Files that `npm run compare` refuses: of other tools, in other encodings, or with repeated entries. */
import { locustCsv, locustHeader, twoTasks } from './plain-files.ts';

export const total = { name: 'Aggregated', requests: 360, failures: 3 };
const whole = locustCsv(twoTasks);
export const figures = JSON.stringify({ shop: { p95_latency_ms: 340, rps: 12.5 } });
/** A byte order mark. */
export const mark = '\uFEFF';
const historyHeader =
  'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,' +
  'Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,' +
  'Total Min Response Time,Total Max Response Time,Total Average Content Size';
const moment =
  '5,,Aggregated,12.500000,0.000000,120,150,170,190,260,340,420,510,800,980,980,360,3,120,150.4,12,980,512';
/** A file of Locust before its 1.0. By its columns alone it looks like a `_stats.csv`. */
const oldHistory = [
  '"Timestamp","Type","Name","# requests","# failures","Requests/s","Median response time","Average response time","95%"',
  ...[1, 2].map((at) => `"157180000${at}","None","Aggregated",${at * 100},0,12.50,120,150,340`),
].join('\r\n');
const trend = { avg: 144.6, min: 104.1, med: 110.5, max: 204, 'p(90)': 203.5, 'p(95)': 215.9 };

/** The bytes of a file, its name, and the error. */
export const refused: readonly (readonly [
  what: string,
  name: string,
  content: string | Uint8Array,
  message: RegExp,
])[] = [
  [
    'a history of today’s Locust',
    'x_stats_history.csv',
    [historyHeader, `1767000000,${moment}`, `1767000001,${moment}`].join('\r\n'),
    /is a history of Locust, with a row per moment; accepted/,
  ],
  [
    'an old history of Locust',
    'x.csv',
    oldHistory,
    /is a history of Locust, with a row per moment; accepted/,
  ],
  [
    'GBK',
    'x.csv',
    Buffer.concat([
      Buffer.from(`${locustHeader}\nGET,/`),
      Buffer.from([0xb6, 0xa9, 0xb5, 0xa5]),
      Buffer.from(',1,0'),
    ]),
    /is of another encoding; accepted is UTF-8/,
  ],
  [
    'Latin-1',
    'x.json',
    Buffer.from('{"caf\xe9": {"rps": 1}}', 'latin1'),
    /is of another encoding; accepted is UTF-8/,
  ],
  [
    'UTF-16',
    'x.csv',
    Buffer.from(`${mark}${whole}`, 'utf16le'),
    /is UTF-16, or not text; accepted is UTF-8/,
  ],
  [
    'UTF-16 in the other order',
    'x.json',
    Buffer.from(`${mark}${figures}`, 'utf16le').swap16(),
    /is UTF-16, or not text; accepted is UTF-8/,
  ],
  [
    'UTF-16 without a mark',
    'x.csv',
    Buffer.from(whole, 'utf16le'),
    /is UTF-16, or not text; accepted is UTF-8/,
  ],
  [
    'a .jtl',
    'x.jtl',
    'timeStamp,elapsed,label,responseCode,success\n1767000000000,120,/orders,200,true\n',
    /is a log of JMeter; accepted/,
  ],
  [
    'a .jtl that is called .csv',
    'x.csv',
    'timeStamp,elapsed,label,responseCode,success\n1767000000000,120,/orders,200,true\n',
    /is a log of JMeter, with a row per request; accepted/,
  ],
  [
    'a .jtl as XML',
    'x.xml',
    '<?xml version="1.0"?>\n<testResults version="1.2"/>',
    /is a log of JMeter; accepted/,
  ],
  [
    'a list of tests in XML',
    'x.xml',
    '<?xml version="1.0"?>\n<testsuites tests="1"/>',
    /is a list of tests as JUnit has it; accepted/,
  ],
  ['a page', 'x.csv', '<!DOCTYPE html>\n<html></html>', /is a page; accepted/],
  [
    'a log of Gatling',
    'simulation.log',
    'RUN\tshop.Simulation\tshop\t1767000000000\t \t3.9.5\nREQUEST\t\tHome\t1\t2\tOK\t \n',
    /is a log of Gatling; accepted/,
  ],
  [
    'a binary log of Gatling',
    'simulation.log',
    Buffer.from([0, 0, 0, 0, 6, 0x33, 0x2e, 0x31, 0x34, 0xff, 0xfe, 0x80]),
    /is UTF-16, or not text; accepted is UTF-8/,
  ],
  [
    'the statistics of Gatling',
    'x.json',
    JSON.stringify({ type: 'GROUP', stats: { numberOfRequests: { total: 9 } }, contents: {} }),
    /is the statistics of Gatling; accepted/,
  ],
  [
    'what wrk prints',
    'x.txt',
    'Running 30s test @ http://127.0.0.1/\n  2 threads and 9 connections\n    Latency   1.00ms    0.89ms  12.92ms\n',
    /is what wrk prints; accepted/,
  ],
  [
    'what hey writes',
    'x.csv',
    'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n0.1,0,0,0,0,0,200,0\n',
    /is a log of hey, with a row per request; accepted/,
  ],
  [
    'a report of vegeta',
    'x.json',
    JSON.stringify({ latencies: { mean: 2 }, requests: 9, rate: 1, status_codes: { 200: 9 } }),
    /is a report of vegeta; accepted/,
  ],
  [
    'the exceptions of Locust',
    'x_exceptions.csv',
    'Count,Message,Traceback,Nodes\n1,x,y,z\n',
    /is the list of exceptions of Locust; accepted/,
  ],
  [
    'semicolons',
    'x.csv',
    whole.replaceAll(',', ';').replaceAll('.', ','),
    /has ";" between its columns; accepted are .*, with commas/,
  ],
  [
    'tabs',
    'x.csv',
    whole.replaceAll(',', '\t'),
    /has a tab between its columns; accepted are .*, with commas/,
  ],
  [
    'what is no CSV',
    'x.txt',
    'a note\nof two, or more, lines\n',
    /is no CSV \(Invalid Record Length.*\); accepted/,
  ],
  [
    'the statistics of JMeter',
    'x.json',
    JSON.stringify({
      Total: { transaction: 'Total', sampleCount: 9, errorCount: 0, meanResTime: 5 },
    }),
    /is the statistics of JMeter; accepted/,
  ],
  [
    'a summary of k6',
    'x.json',
    JSON.stringify({
      root_group: { name: '' },
      metrics: { http_req_duration: trend, http_reqs: { count: 180, rate: 4.4 } },
    }),
    /is a summary of k6; accepted/,
  ],
  [
    'a summary of k6 as scripts get it',
    'x.json',
    JSON.stringify({
      metrics: { http_req_duration: { type: 'trend', contains: 'time', values: trend } },
    }),
    /is a summary of k6; accepted/,
  ],
  [
    'a summary of k6 for machines',
    'x.json',
    JSON.stringify({
      version: '1.0.0',
      results: { metrics: [{ name: 'http_reqs', values: { count: 180 } }] },
    }),
    /is a summary of k6; accepted/,
  ],
  [
    'k6’s stream of points',
    'x.json',
    '{"type":"Metric","data":{"type":"gauge"},"metric":"vus"}\n{"type":"Point","data":{"value":5},"metric":"vus"}\n',
    /is the stream of points of k6; accepted/,
  ],
  [
    'a report of Artillery',
    'x.json',
    JSON.stringify({
      aggregate: {
        counters: { 'http.requests': 60 },
        summaries: { 'http.response_time': { p95: 308.5 } },
      },
      intermediate: [],
    }),
    /is a report of Artillery; accepted/,
  ],
  [
    'an old report of Artillery',
    'x.json',
    JSON.stringify({
      aggregate: { requestsCompleted: 60, latency: { median: 106.2, p95: 308.5 } },
      intermediate: [],
    }),
    /is a report of Artillery; accepted/,
  ],
  [
    'what Locust prints with --json',
    'x.json',
    JSON.stringify([{ name: '/', method: 'GET', num_requests: 51 }]),
    /is the statistics that Locust prints with --json; accepted/,
  ],
  [
    'an interval log',
    'x.ndjson',
    '{"type":"start"}\n{"type":"interval"}\n',
    /is a log with a record a line .*; accepted/,
  ],
  [
    'a comparison',
    'x.json',
    JSON.stringify({ schema: 1, comparisons: [], significance: 'off' }),
    /is a comparison, not what was compared; accepted/,
  ],
  [
    'a baseline of a load',
    'x.json',
    JSON.stringify({ schema: 1, testId: 'shop', environment: 'ci', runs: [] }),
    /is a baseline for toMatchBaseline; accepted/,
  ],
  [
    'a name twice',
    'x.csv',
    locustCsv([twoTasks[1]!, twoTasks[1]!, total]),
    /x\.csv:3: "GET \/v1\/models" for the second time; accepted is a row per request/,
  ],
  [
    'a second row over all',
    'x.csv',
    locustCsv([twoTasks[1]!, total, total]),
    /x\.csv:4: a second row "Aggregated"; accepted is one over all requests/,
  ],
  [
    'a second row over all by its old name',
    'x.csv',
    locustCsv([{ ...total, name: 'Total' }, total]),
    /x\.csv:3: a second row "Aggregated"/,
  ],
  [
    'rows of requests that end before their sum',
    'x.csv',
    locustCsv([{ type: 'GET', name: 'models', requests: 5 }]),
    /x\.csv: no row "Aggregated"/,
  ],
  [
    'a column twice',
    'x.csv',
    whole.replace(',90%,', ',95%,'),
    /x\.csv: the column "95%" for the second time; accepted is each once/,
  ],
  [
    'a system twice',
    'x.json',
    '{"shop": {"rps": 1}, "chat": {"rps": 1}, "shop": {"rps": 9}}',
    /x\.json: "shop" occurs twice in one object; accepted is each key once/,
  ],
  [
    'a figure twice',
    'x.json',
    '{"shop": {"rps": 1, "note": "\\"rps\\": {", "rps": 9}}',
    /x\.json: "rps" occurs twice in one object; accepted is each key once/,
  ],
  [
    'a system in two spellings',
    'x.json',
    '{"web_shop": {"rps": 1}, "web-shop": {"rps": 9}}',
    /x\.json: web-shop: given twice; accepted are the figures of each system once/,
  ],
  [
    'figures by other names',
    'x.json',
    '{"shop": {"rps": 1}, "chat": {"p95": 210}}',
    /x\.json: chat: has p95; accepted are .*p95_latency_ms/,
  ],
];
