/**
 * Pages of metrics at other addresses during a real load: shown separately, requested without secrets,
 * and without effect on the verdict.
 */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findingsIn } from '../../load/analysis/findings/findings.ts';
import { LoadLevel } from '../../load/analysis/findings/load-level.ts';
import { pageSource } from '../../load/monitor/pages.ts';
import { readLoadLines } from '../../load/budgets/judged-load.ts';
import { DetailFold } from '../../load/metrics/result/details.ts';
import { defined } from '../../load/platform/defined.ts';
import { monitorCsv, monitorMoments } from '../../load/report/files/monitor-csv.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { dcgmPage, nodePage } from '../engine/monitor/recorded-pages.ts';
import { fault } from '../faults/fault-matrix.ts';
import { allOutcomes, runForReal, type RealOutcome } from '../instrument/real-load.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const open: Server[] = [];
test.afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Its host and port. */
async function serving(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const user = defineUser<unknown, unknown, string, string>({
  system: 'model-server',
  http: { headers: { authorization: 'Bearer hush', 'x-tenant': 'a' } },
  thinkTime: constant('20ms'),
  tasks: {
    chat: {
      deadline: '5s',
      run: async ({ http }) => {
        await http.get('/');
      },
    },
  },
});

async function load(
  answer: Answer,
  pages: readonly string[],
  logPath?: string,
): Promise<RealOutcome> {
  const url = `http://${await serving(answer)}`;
  return runForReal({
    ...defined({ logPath }),
    url,
    user,
    key: 'hush',
    workload: users({ count: 4, spawnRate: 100, duration: '2500ms' }),
    shortened: true,
    request: {
      identity: {
        testId: 'model-server-steady-4-users',
        runId: 'run',
        title: 'a model server',
        system: 'model-server',
        scenario: 'steady',
        level: '4-users',
      },
      machineSources: pages.map((host) =>
        pageSource({ address: `http://${host}/metrics`, series: [] }),
      ),
      monitorIntervalMs: 250,
    },
  });
}

const fine: Answer = (_, response) => response.end('fine');

test('cards of another machine by DCGM, recorded: a full one and answers of memory that ran out are a finding', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const full = await serving(({ headers }, response) => {
    heard.push(headers);
    response.end(dcgmPage(80_500, 500));
  });
  const roomy = await serving((_, response) => response.end(dcgmPage(10_000, 71_000)));
  const node = await serving((_, response) => response.end(nodePage(100, 20)));
  let requests = 0;
  const { result } = await load(
    (_, response) => {
      requests += 1;
      if (requests % 5 > 0) response.end('fine');
      else response.writeHead(500).end('torch.OutOfMemoryError: CUDA out of memory.');
    },
    [roomy, full, node],
  );
  const level = new LoadLevel(result);
  const cards = [`gpuMemory@${roomy}`, `gpuMemory@${full}`];
  expect(level.tellersOf('gpuMemory')).toEqual(cards.sort());
  expect(level.readings(`nodeMemory@${node}`)[0]!.value).toBe(0.75);
  const [finding, ...others] = findingsIn([level]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ rule: 'kv-cache', system: 'model-server' });
  expect(finding!.signals[0].text).toContain(`gpuMemory@${full} was at or above 95`);
  // The page is not part of the system, so it receives none of the user's headers.
  const sent = heard.flatMap((headers) => Object.entries(headers).flat());
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.join(' ')).not.toMatch(/hush|x-tenant|authorization/);
});

test('the generator’s own sockets, lag and CPU stand in every row of monitor.csv', async () => {
  const node = await serving((_, response) => response.end(nodePage(100, 20)));
  const logPath = test.info().outputPath('log.ndjson');
  const { result } = await load(fine, [node], logPath);
  const details = new DetailFold();
  await readLoadLines(logPath, details.add);
  // At least one connection for each of the four users.
  const sockets = details.intervals.map(({ generator }) => generator.sockets ?? NaN);
  expect(Math.max(...sockets)).toBeGreaterThanOrEqual(4);
  const [header = '', ...rows] = monitorCsv(monitorMoments(result, details.intervals))
    .trimEnd()
    .split('\n');
  const names = header.split(',');
  expect(names.at(-1)).toBe('test');
  expect(names).toContain(`nodeMemory@${node}`);
  const last = rows.at(-1)!.split(',');
  for (const name of ['generator_sockets', 'generator_lag_p99_ms', 'generator_cpu_percent']) {
    expect(Number(last[names.indexOf(name)]), name).toBeGreaterThanOrEqual(0);
  }
});

test('a full card and no such answer is none: servers take all there is', async () => {
  const full = await serving((_, response) => response.end(dcgmPage(80_500, 500)));
  const { result } = await load(fine, [full]);
  expect(findingsIn([new LoadLevel(result)])).toEqual([]);
});

const line = (i: number): string =>
  `http_bucket{path="/items/${i}",le="0.25",pod="web-1234567890"} 1234567\n`;
const large = Buffer.from(Array.from({ length: 235_000 }, (_, i) => line(i)).join(''));

test(
  'pages that are 404, 502, HTML, silent or 16 MB of others are unknown, and the verdict is what it is without them',
  { annotation: fault(28) },
  async () => {
    const pages: Readonly<Record<string, Answer>> = {
      'not there': (_, response) => response.writeHead(404).end(),
      'a gateway’s error': (_, response) => response.writeHead(502).end('bad gateway'),
      HTML: (_, response) => response.end('<html>please log in</html>\n'),
      silent: () => undefined,
      'of others, 16 MB': (_, response) => response.end(large),
    };
    const hosts = await Promise.all(Object.values(pages).map(serving));
    const watched = await load(fine, hosts);
    const alone = await load(fine, []);
    // On a machine that is too busy both are undecided; the pages make nothing worse.
    const failed = ({ verdict }: RealOutcome): string[] =>
      verdict.judgements.filter(({ status }) => status === 'fail').map(({ name }) => name);
    expect(failed(watched)).toEqual(failed(alone));
    const verdicts = [watched, alone].map(({ verdict }) => verdict.verdict);
    if (!verdicts.includes('invalid')) expect(verdicts[0]).toBe(verdicts[1]);
    expect(allOutcomes(watched.result)).toEqual({ ok: watched.result.scheduled });
    const notes = watched.result.notes.filter((note) => note.startsWith('monitor: '));
    for (const [i, reason] of ['status 404', 'status 502', 'page of HTML', 'timeout'].entries()) {
      const own = notes.filter((note) => note.includes(hosts[i]!));
      expect(own.join('\n'), hosts[i]).toContain(reason);
    }
    expect(notes.find((note) => note.includes(hosts[4]!))).toContain('none of the known series');
    const told = watched.result.readings.flatMap(({ gauges = {}, ratios = {} }) => [
      ...Object.keys(gauges),
      ...Object.keys(ratios),
    ]);
    expect(told).toEqual([]);
    expect(findingsIn([new LoadLevel(watched.result)])).toEqual([]);
  },
);
