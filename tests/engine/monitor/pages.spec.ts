/**
 * Pages of metrics besides the system's own, each shown separately. They are recorded, since test
 * machines have none of these systems.
 */
import { expect, test } from '@playwright/test';
import { pageName, pageSource, parsePages } from '../../../load/monitor/pages.ts';
import { prometheus, quantile } from '../../../load/monitor/prometheus.ts';
import type { Measured, MonitorHttp, MonitorSource } from '../../../load/monitor/source.ts';
import { dcgmPage, nodePage, storePage } from './recorded-pages.ts';

/** Returns the readings of a source from one page after the other, 5 s apart. */
async function readings(source: MonitorSource, ...pages: readonly string[]): Promise<Measured[]> {
  let next = 0;
  const http: MonitorHttp = {
    get: () => Promise.resolve({ text: pages[next++]!, contentType: '' }),
  };
  const open = source.open(http);
  const all: Measured[] = [];
  for (const i of pages.keys()) all.push(await open.read(i === 0 ? undefined : 5000));
  return all;
}

const page = (text: string): MonitorSource => pageSource(parsePages(text)[0]!);

test('pages stand with blanks between, and series of them behind a #', () => {
  expect(
    parsePages(' http://gpu-1:9400/metrics  http://node-1:9100/metrics#a,b\n/metrics#c '),
  ).toEqual([
    { address: 'http://gpu-1:9400/metrics', series: [] },
    { address: 'http://node-1:9100/metrics', series: ['a', 'b'] },
    { address: '/metrics', series: ['c'] },
  ]);
  expect(pageName('http://gpu-1:9400/metrics')).toBe('gpu-1:9400');
  expect(pageName('https://store/sys_metrics?token=hush')).toBe('store/sys_metrics');
});

for (const [text, message] of [
  ['gpu-1:9400', 'gpu-1:9400 is no address; accepted: pages of Prometheus metrics with blanks'],
  ['http://node-1/metrics#a-b', 'a-b is no name of a series'],
  ['/metrics http://a/m /metrics', '/metrics is named twice'],
  [
    'http://me:hush@node-1/metrics',
    'node-1: an address with a user or a password in it is not read',
  ],
] as const) {
  test(`${text} is refused in words`, () => {
    expect(() => parsePages(text)).toThrow(message);
  });
}

test('cards by DCGM, named by their page; what a card does not tell is unknown', async () => {
  const [measured] = await readings(page('http://gpu-1:9400/metrics'), dcgmPage(79_000, 2_000));
  expect(measured).toEqual({
    gauges: {
      'gpuMemory@gpu-1:9400': 79 / 81,
      'gpuMemoryBytes@gpu-1:9400': 79_000 * 2 ** 20,
      'gpuMemoryTotal@gpu-1:9400': 81_000 * 2 ** 20,
      'gpuUtilisation@gpu-1:9400': 0.87,
      'gpuTemperature@gpu-1:9400': 64,
    },
    unknown: { 'gpuPower@gpu-1:9400': 'a GPU does not report it' },
  });
});

test("a machine by Prometheus' node exporter, and more of its series by name", async () => {
  const source = page('http://node-1:9100/metrics#node_load5,node_network_receive_bytes_total');
  const [, measured] = await readings(source, nodePage(100, 20), nodePage(104, 35));
  expect(measured!.ratios).toEqual({
    'nodeCpu@node-1:9100': { part: 15, whole: 19 },
    'nodeNetworkReceived@node-1:9100': { part: 15e6, whole: 5 },
    'node_network_receive_bytes_total{device="lo"}@node-1:9100': { part: 15, whole: 5 },
    'node_network_receive_bytes_total{device="eth0"}@node-1:9100': { part: 15e6, whole: 5 },
  });
  expect(measured!.gauges).toMatchObject({
    'nodeMemory@node-1:9100': 0.75,
    'nodeLoad@node-1:9100': 3.5,
    'node_load5@node-1:9100': 2.5,
  });
});

test('searches by the store’s own histogram, in ms; where none came nothing is told', async () => {
  const source = page('http://store:6333/metrics');
  const [first, second, third] = await readings(
    source,
    storePage(1000, 0),
    storePage(1010, 90),
    storePage(1010, 90),
  );
  // 95 of 100 searches: the 85th of 90 between 0.5 s and 1 s.
  expect(second!.gauges!['searchP95@store:6333']).toBeCloseTo(500 + 500 * (85 / 90), 6);
  expect(first).toEqual({});
  expect(third!.gauges).toBeUndefined();
});

test('a page on which nothing is known is told as that, and its named series are read', async () => {
  const [, foreign] = await readings(page('http://x/metrics'), 'up 1\n', 'up 1\n');
  expect(foreign!.unknown!['x']).toContain('none of the known series is on it');
  const [, named] = await readings(page('http://x/metrics#up,gone'), 'up 1\n', 'up 1\n');
  expect(named).toEqual({
    gauges: { 'up@x': 1 },
    unknown: { 'gone@x': 'its series are not there' },
  });
});

test('a counter starts anew after a restart, and a histogram with it', async () => {
  const buckets = (...counts: readonly number[]): string =>
    ['0.1', '0.2', '+Inf'].map((le, i) => `t_bucket{le="${le}"} ${counts[i]}\n`).join('');
  const before = `n_total 900\n${buckets(50, 80, 100)}`;
  const after = `n_total 10\n${buckets(5, 10, 10)}`;
  const [, measured] = await readings(page('/metrics#n_total,t'), before, after);
  expect(measured!.ratios).toEqual({ n_total: { part: 10, whole: 5 } });
  // Ten came since the restart: the 5th is the last below 0.1, the 9.5th in the second half of the next.
  expect(measured!.gauges!['t p50']).toBeCloseTo(0.1, 9);
  expect(measured!.gauges!['t p95']).toBeCloseTo(0.1 + 0.1 * 0.9, 9);
});

test('what its type says goes before its name', async () => {
  const text = (value: number): string =>
    `# TYPE odd_total gauge\nodd_total ${value}\n# TYPE n counter\nn ${value}\n`;
  const [, measured] = await readings(page('/metrics#odd_total,n'), text(5), text(7));
  expect(measured).toEqual({ gauges: { odd_total: 7 }, ratios: { n: { part: 2, whole: 5 } } });
});

test('more sets of labels than a reader could tell apart are none', async () => {
  const many = Array.from({ length: 21 }, (_, i) => `n{user="${i}"} 1\n`).join('');
  const [, measured] = await readings(page('/metrics#n'), many, many);
  expect(measured!.unknown!['n']).toContain('21 sets of labels');
});

test('a quantile is where PromQL has it', async () => {
  const buckets = (counts: readonly number[]): string =>
    ['0.5', '1', '2', '+Inf'].map((le, i) => `h_bucket{le="${le}"} ${counts[i]}\n`).join('');
  for (const [q, counts, value] of [
    [0.5, [10, 20, 40, 40], 1],
    [0.9, [10, 20, 40, 40], 1.8],
    [0.25, [10, 20, 40, 40], 0.5],
    [0.1, [10, 20, 40, 40], 0.2],
    // Above the last bound it counts as that bound.
    [0.99, [1, 2, 3, 100], 2],
  ] as const) {
    const source = prometheus('/m', { p: quantile(q, { name: 'h' }) });
    const [, measured] = await readings(source, buckets([0, 0, 0, 0]), buckets(counts));
    expect(measured!.gauges!['p'], `q ${q}`).toBeCloseTo(value, 9);
  }
  const torn = prometheus('/m', { p: quantile(0.5, { name: 'h' }) });
  const [, measured] = await readings(torn, 'h_bucket{le="1"} 1\n', 'h_bucket{le="1"} 2\n');
  expect(measured!.unknown).toEqual({ p: 'its bucket +Inf is not there' });
});
