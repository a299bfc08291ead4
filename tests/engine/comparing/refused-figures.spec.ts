import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync } from 'node:fs';
import { readFigures } from '../../../load/comparing/compare.ts';
import { locustCsv, locustHeader, twoTasks, writeText } from './plain-files.ts';

const refused: readonly [string, string, string, RegExp][] = [
  ['an empty file', 'b.json', ' \n', /b\.json: the file is empty$/],
  ['half a file', 'b.json', '{"a": {"rps": 1', /b\.json: .*JSON/],
  ['NaN', 'b.json', '{"a": {"rps": NaN}}', /b\.json: .*NaN is no JSON: leave the figure out/],
  [
    'NaN as text',
    'b.json',
    '{"a": {"rps": "NaN"}}',
    /a\.rps: "NaN"; accepted is requests per second/,
  ],
  [
    'below zero',
    'b.json',
    '{"a": {"p95_latency_ms": -1}}',
    /-1; accepted is milliseconds, 0 or more/,
  ],
  ['more than all', 'b.json', '{"a": {"error_rate_pct": 101}}', /101; accepted is a percentage/],
  ['too large to be a number', 'b.json', '{"a": {"rps": 1e999}}', /a\.rps: null; accepted/],
  [
    'half a request',
    'b.json',
    '{"a": {"total_requests": 1.5}}',
    /1\.5; accepted is a whole number/,
  ],
  ['__proto__ as a system', 'b.json', '{"__proto__": {"rps": 1}}', /b\.json: .*"__proto__" is not/],
  [
    '__proto__ inside',
    'b.json',
    '{"a": {"rps": 1, "__proto__": {}}}',
    /"__proto__" is not accepted/,
  ],
  ['a list', 'b.json', '[]', /b\.json: accepted is an object with the figures/],
  [
    'no figures',
    'b.json',
    '{"a": {"speed": 1}}',
    /b\.json: a: has speed; accepted are .*p95_latency_ms/,
  ],
  [
    'zero requests',
    'b.json',
    '{"a": {"total_requests": 0}}',
    /a: rests on 0 requests; accepted are 2/,
  ],
  ['one sample', 'b.json', '{"a": {"total_requests": 1}}', /a: rests on 1 request; accepted are 2/],
  [
    'more failures than requests',
    'b.json',
    '{"a": {"total_requests": 5, "total_failures": 6}}',
    /6 failures of 5/,
  ],
  [
    'a rate that is not the counts’',
    'b.json',
    '{"a": {"error_rate_pct": 2, "total_requests": 100, "total_failures": 1}}',
    /an error rate of 2 %, but 1 failures of 100 requests are 1 %/,
  ],
  [
    'a newer schema',
    'b.json',
    '{"schema": 2, "a": {"rps": 1}}',
    /schema 2 is newer than this version/,
  ],
  [
    'newer results',
    'r.json',
    '{"schema": 9, "loads": []}',
    /r\.json: schema 9 is newer .*accepted is 1 or 2/,
  ],
  ['no schema at all', 'r.json', '{"schema": "x", "loads": []}', /schema "x"; accepted is 1 or 2/],
  [
    'results without rows',
    'r.json',
    '{"schema":1,"runId":"x","loads":[{}]}',
    /r\.json: loads\.0\.log/,
  ],
  ['results without loads', 'r.json', '{"schema":1,"runId":"x","loads":[]}', /no load in it/],
  [
    'a CSV of another kind',
    'x.csv',
    'Moment,Guests\n1,2\n',
    /x\.csv: has no "name", .*_stats\.csv/,
  ],
  ['a CSV with a header only', 'x.csv', `${locustHeader}\n`, /x\.csv: has no rows/],
  ['a cut-off CSV', 'x.csv', locustCsv(twoTasks.slice(0, 2)), /x\.csv: no row "Aggregated"/],
  [
    'a service in two rows',
    'x.csv',
    locustCsv([
      { name: 'shop', requests: 5 },
      { name: 'shop', requests: 6 },
    ]),
    /x\.csv:3: "shop" for the second time; accepted is a row per service/,
  ],
  [
    'services without a request',
    'x.csv',
    locustCsv([{ name: 'shop', requests: 0 }]),
    /x\.csv: no service in it; x\.csv: shop got no request/,
  ],
  [
    'a service without a number',
    'x.csv',
    'service,rps,total_requests,total_failures\nshop,fast,5,0\n',
    /x\.csv:2: "rps" is "fast"; accepted is a number, 0 or more/,
  ],
  [
    'a service measured at no time',
    'x.csv',
    'service,rps,total_requests,total_failures,timestamp\nshop,1,5,0,soon\n',
    /x\.csv:2: "timestamp" is "soon"; accepted is a time such as 2025-10-17T05:15:19Z/,
  ],
  [
    'a torn row',
    'x.csv',
    `${locustCsv(twoTasks)}GET,/x,1`,
    /x\.csv: is no CSV \(Invalid Record Length/,
  ],
  ['an open quote', 'x.csv', `${locustHeader}\n"GET,/x`, /x\.csv: is no CSV \(Quote Not Closed/],
  [
    'a CSV in which a request is named Total, and nothing else is',
    'x.csv',
    locustCsv([{ type: 'GET', name: 'Total', requests: 5 }]),
    /x\.csv: no row "Aggregated"/,
  ],
  [
    'NaN in a CSV',
    'x.csv',
    locustCsv([{ name: 'Aggregated', requests: 5, p95: 'NaN' }]),
    /x\.csv:2: "95%" is "NaN"; accepted is a number, 0 or more/,
  ],
  [
    'no number of requests',
    'x.csv',
    locustCsv([{ name: 'Aggregated', requests: '' }]),
    /x\.csv:2: "request count" is ""/,
  ],
  [
    'a run of Locust without requests',
    'x.csv',
    locustCsv([{ name: 'Aggregated', requests: 0 }]),
    /x\.csv:2: rests on 0 requests/,
  ],
  ['__proto__ as a column', 'x.csv', 'Name,__proto__\na,b\n', /x\.csv: the column "__proto__"/],
];

for (const [what, name, text, message] of refused) {
  test(`${what} is refused with the path, and the file stays`, () => {
    const path = writeText(test.info().outputPath(name), text);
    expect(() => readFigures(path)).toThrow(message);
    expect(() => readFigures(path)).toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
}

test('no file, and a folder, are refused with the path', () => {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  expect(() => readFigures(folder)).toThrow(`${folder}: is a folder`);
  expect(() => readFigures(`${folder}/none_stats.csv`)).toThrow('none_stats.csv: no such file');
});
