/**
 * Every way in which a secret is sent × every encoding in which a system may echo it × every report
 * (fault matrix, 30): a real run sends them, and no file that it leaves contains any.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { compareFigures } from '../../load/comparing/compare.ts';
import { parseLine } from '../../load/metrics/log/reader.ts';
import { regressionIssue } from '../../load/regression-issue/command.ts';
import { base64Core, base64Lead, base64Of, spellingsOf } from '../engine/clients/spelt-secrets.ts';
import { fault } from './fault-matrix.ts';
import { htmlReportText, textOfFile, textOfFiles } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { expect, test } from './suite-run.ts';

/** Each way has its own secret. Headers allow no other characters. */
const secretOf = (way: string): string => `Qz7/+&<9>"x'=-_~%${way}4Secret`;
const ways = [
  'key',
  'header',
  'cookie',
  'basic',
  'query',
  'form',
  'json',
  'thrown',
  'stdio',
] as const;
type Way = (typeof ways)[number];

/** The system's echoes of a secret, by number: in each encoding, and in places where a report may not look. */
function echoes(secret: string): string[] {
  const spelt = Object.values(spellingsOf(secret));
  const packed = base64Lead.flatMap((lead) => base64Of(lead, secret));
  const json = JSON.stringify({ detail: { received: secret } });
  return [
    ...[...spelt, ...packed].map((text) => `got ${text} from you`),
    `${'x'.repeat(190)}${secret}`,
    `${'x'.repeat(780)} ${secret}`,
    `${'é'.repeat(795)}${secret}`,
    `${'😀'.repeat(300)} ${encodeURIComponent(secret)}`,
    `\u001b[31m${secret}\u001b[0m`,
    `${secret}${secret}`,
    json,
    JSON.stringify({ error: json }),
    `http://ada:${encodeURIComponent(secret)}@127.0.0.1/`,
    `<input value="${secret.replaceAll('"', '&quot;')}">`,
  ];
}
const count = echoes('').length;

/** Must not occur anywhere: the secret in any encoding, and its unambiguous part in base64. */
function telling(secret: string): string[] {
  const cores = base64Lead.map((lead) => base64Core(lead, secret));
  const spelt = Object.values(spellingsOf(secret));
  return [...new Set([...spelt, ...cores, secret.slice(0, 12)])];
}

/** Reports are JSON and HTML; their own escapes do not count as an encoding. */
function bare(text: string): string {
  return text.replaceAll('\\', '').replaceAll('&amp;', '&');
}

/** The names of its variables do not suggest secrets, so the reports cannot rely on them. */
const variables = Object.fromEntries(
  ways.map((way) => [`SENT_${way.toUpperCase()}`, secretOf(way)]),
);

const stdioServer = `
  const echoes = JSON.parse(process.env.ECHOES);
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const text = method === 'tools/call' ? echoes[params.arguments.n] : '';
    const content = [{ type: 'text', text }];
    const result = text === '' ? { protocolVersion: '2025-11-25', tools: [] } : { content, isError: true };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });
`;

const spec = `
import { jsonMetrics } from '../../load/monitor/json-metrics.ts';
import { newMcpClient } from '../../load/clients/mcp/connect.ts';

const env = process.env;
const forgiving = async (send) => { try { await send(); } catch {} };
const echoes = JSON.parse(env.THROWN);
const user = defineUser({
  system: 'health-agent',
  health: '/health',
  monitor: jsonMetrics('/metrics', { cacheHitRate: 'rate' }),
  http: { headers: ({ target }) => ({ authorization: 'Bearer ' + target.key }) },
  secrets: [env.SENT_STDIO, env.SENT_THROWN],
  tasks: {
    every: {
      deadline: '100s',
      preflight: false,
      run: async (context) => {
        const { http, measure } = context;
        const command = [process.execPath, '-e', ${JSON.stringify(stdioServer)}];
        const environment = { ECHOES: env.STDIO };
        const connection = { transport: 'stdio', protocol: '2025-11-25', endpoint: '', command, environment };
        const mcp = newMcpClient(connection, context);
        await mcp.open();
        for (let n = 0; n < ${count}; n += 1) {
          // A record of the log keeps one sample of a kind, and some kinds: none may hide another.
          const named = (way) => ({ name: way + ' ' + Math.floor(n / 20) });
          const basic = 'Basic ' + Buffer.from('ada:' + env.SENT_BASIC).toString('base64');
          await forgiving(() => http.get('/key/' + n, named('key')));
          await forgiving(() => http.get('/header/' + n, { ...named('header'), headers: { 'x-shop-token': env.SENT_HEADER } }));
          await forgiving(() => http.get('/cookie/' + n, { ...named('cookie'), headers: { cookie: 'sid=' + env.SENT_COOKIE } }));
          await forgiving(() => http.get('/basic/' + n, { ...named('basic'), headers: { authorization: basic } }));
          await forgiving(() => http.get('/query/' + n, { ...named('query'), query: { api_key: env.SENT_QUERY } }));
          await forgiving(() => http.post('/form/' + n, { ...named('form'), form: { password: env.SENT_FORM } }));
          await forgiving(() => http.post('/json/' + n, { ...named('json'), json: { deep: { client_secret: env.SENT_JSON } } }));
          await forgiving(() => measure('thrown ' + n, async () => { throw new Error(echoes[n]); }));
          await forgiving(() => mcp.callTool('stdio ' + n, { n }));
        }
        await mcp.close();
      },
    },
  },
});

test('says everything again', { tag: '@smoke' }, async ({ runLoad }) => {
  // A spike is judged from the first request on.
  const load = spike({ count: 1, spawnRate: 1, duration: '5s', thinkTime: constant('100s') });
  expect(await runLoad(user, load, { budgets: { errorRate: '< 1 %' } })).toMeetBudget();
});
`;

/** Answers `/way/n` with the n-th echo of that way's secret, and each reading of its metrics with the next. */
async function echoing(): Promise<{ server: Server; url: string; answered: () => number }> {
  const said = new Map(ways.map((way) => [way, echoes(secretOf(way))]));
  let [answered, readings] = [0, 0];
  const server = createServer((request, response) => {
    request.resume();
    const [, way = '', n = ''] = new URL(request.url ?? '', 'http://x').pathname.split('/');
    if (way === 'health') return void response.end('{}');
    const isMetrics = way === 'metrics';
    if (!isMetrics) answered += 1;
    const list = said.get(isMetrics ? 'key' : (way as Way)) ?? [];
    response.statusCode = isMetrics ? 500 : 430 + (Number(n) % 20);
    response.end(list[isMetrics ? readings++ % list.length : Number(n)]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, answered: () => answered };
}

test(
  `${count} echoes of a secret that went out in each of ${ways.length} ways: in no report, blob, trace or log`,
  { annotation: fault(30), tag: '@long' },
  async ({ run }, testInfo) => {
    expect(count).toBeGreaterThan(60);
    const cwd = ownProject(testInfo.outputPath('project'), spec);
    const { server, url, answered } = await echoing();
    const blobs = testInfo.outputPath('blobs');
    const { code, output } = await run({
      cwd,
      words: ['--project=smoke', '--add-reporter=blob', '--trace=on'],
      settings: {
        ...variables,
        STDIO: JSON.stringify(echoes(secretOf('stdio'))),
        THROWN: JSON.stringify(echoes(secretOf('thrown'))),
        HEALTH_AGENT_URL: url,
        HEALTH_AGENT_API_KEY: secretOf('key'),
        LOAD_SAMPLES: '1',
        LOAD_MONITOR_INTERVAL: '500ms',
        PLAYWRIGHT_BLOB_OUTPUT_DIR: blobs,
      },
    });
    server.close();
    expect(code, output).toBe(1);
    // All were sent and echoed: seven ways over HTTP.
    expect(answered(), output).toBe(7 * count);
    const reports = join(cwd, 'reports');
    const folder = join(reports, 'latest');
    // All files of the run, with those that must be among them.
    const ofRun = Object.fromEntries(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(folder, name)).isFile())
        .map((name) => [name, textOfFile(name, readFileSync(join(folder, name)))]),
    );
    expect(Object.keys(ofRun)).toEqual(expect.arrayContaining([...filesOfRun]));
    const outputs: Readonly<Record<string, string>> = {
      output,
      ...ofRun,
      ...(await fromResults(folder, testInfo.outputPath('compared'))),
      allure: textOfFiles(join(reports, 'allure-results')),
      html: htmlReportText(join(reports, 'html')),
      blob: textOfFiles(blobs),
    };
    expect(textOfFiles(join(reports, 'html'))).toMatch(/^(test|0-trace)\.trace$/m);
    expect(Object.values(ofRun).join('\n')).toContain('unknown in ');
    for (const [name, text] of Object.entries(outputs)) {
      if (showErrors.has(name)) expect(text, name).toContain('***');
      const shown = bare(text);
      for (const way of ways) {
        const found = telling(secretOf(way)).filter((spelt) => shown.includes(bare(spelt)));
        expect(found, `${way} in ${name}`).toEqual([]);
      }
    }
    // Each has reached the log in every way.
    const told = samplesIn(join(reports, 'latest/health-agent-smoke-1-user.ndjson'));
    const whole = Object.keys(spellingsOf('')).length;
    for (const way of ways) {
      const own = told.get(way) ?? [];
      expect(own, way).toHaveLength(count);
      expect(
        own.filter((sample) => sample.endsWith('got *** from you')).length,
        way,
      ).toBeGreaterThanOrEqual(whole);
    }
  },
);

const loadId = 'health-agent-smoke-1-user';
const endings =
  '.ndjson _stats.csv _stats_history.csv _failures.csv _exceptions.csv .hgrm .k6-summary.json';
const filesOfRun = endings
  .split(' ')
  .map((end) => `${loadId}${end}`)
  .concat(['results.json', 'index.html', 'summary.md', 'bottlenecks.md', 'monitor.csv']);

/** The files with error texts contain them, without the secret. */
const showErrors = new Set(
  ['.ndjson', '_failures.csv']
    .map((end) => `${loadId}${end}`)
    .concat(['output', 'html', 'blob', 'results.json', 'index.html']),
);

/** The results of other commands: a comparison with a baseline without errors, and its issue. */
async function fromResults(folder: string, to: string): Promise<Record<string, string>> {
  mkdirSync(to);
  let printed = '';
  const caller = { environment: {}, print: (text: string) => (printed += text) };
  const baseline = join(to, 'baseline.json');
  const good = { p95_latency_ms: 1, rps: 1, error_rate_pct: 0, total_requests: 1000 };
  writeFileSync(baseline, JSON.stringify({ 'health-agent': good }));
  const results = join(folder, 'results.json');
  expect(compareFigures([baseline, results, '--output', to], caller), printed).toBe(1);
  const [found, again] = [join(to, 'figures-compared.json'), join(to, 'rerun.json')];
  const comparison = JSON.parse(readFileSync(found, 'utf8')) as { readonly runId: string };
  writeFileSync(again, JSON.stringify({ ...comparison, runId: `${comparison.runId}-again` }));
  await regressionIssue(['--dry-run', found, '--confirmed-by', again], caller);
  expect(printed).toContain('## Evidence');
  const csv = join(folder, `${loadId}_stats.csv`);
  const copy = join(to, `${loadId}_stats.csv`);
  copyFileSync(csv, copy);
  compareFigures([copy, csv, '--output', join(to, 'csv.md')], caller);
  const analysis = readFileSync(join(to, 'figures-compared.md'), 'utf8');
  return { 'compare and issue': printed, analysis, comparison: JSON.stringify(comparison) };
}

/** The errors in the log, by the first word of the request's name. */
function samplesIn(path: string): Map<string, string[]> {
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => parseLine(line, path));
  const series = lines.flatMap((line) => (line.type === 'interval' ? line.series : []));
  const samples = new Map<string, string[]>();
  for (const { request, errors = [] } of series) {
    const way = request.split(' ')[0]!;
    samples.set(way, [...(samples.get(way) ?? []), ...errors.map(({ sample }) => sample)]);
  }
  return samples;
}
