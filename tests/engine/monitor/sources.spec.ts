/** Sources that read this machine, and JSON, each with files and documents made for the test. */
import { expect, test } from '@playwright/test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host } from '../../../load/monitor/host.ts';
import { jsonMetrics } from '../../../load/monitor/json-metrics.ts';
import { processOf } from '../../../load/monitor/process.ts';
import type { MonitorHttp, MonitorSource, OpenSource } from '../../../load/monitor/source.ts';

function opened(source: MonitorSource, text = ''): OpenSource {
  const http: MonitorHttp = { get: () => Promise.resolve({ text, contentType: '' }) };
  return source.open(http);
}

/** A /proc of the test's own, in which `write` puts files. */
function procFolder(): { folder: string; write: (name: string, text: string) => void } {
  const folder = test.info().outputPath('proc');
  for (const path of ['net', '42/fd', '42/task/42', '42/task/43']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  return {
    folder,
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
    },
  };
}

test('the host: CPU of all cores between two readings, memory as it stands', async () => {
  const { folder, write } = procFolder();
  write('meminfo', 'MemTotal: 1000 kB\nMemAvailable: 250 kB\n');
  write('stat', 'cpu  100 0 0 900 0 0 0 0\n');
  const source = opened(host(folder));
  const disk = (read: number, written: number): string =>
    `8 0 sda 1 0 ${read} 0 1 0 ${written} 0 0 0 0\n8 1 sda1 1 0 ${read} 0 1 0 ${written} 0 0 0 0\n`;
  const network = (received: number, sent: number): string =>
    `Inter-| Receive\n    lo: 9 9 0 0 0 0 0 0 9 9\n  eth0: ${received} 1 0 0 0 0 0 0 ${sent} 1\n`;
  write('diskstats', disk(10, 4));
  write('net/dev', network(1000, 500));
  const gauges = { hostMemory: 0.75, hostMemoryBytes: 768_000 };
  expect(await source.read(undefined)).toEqual({ gauges });
  write('stat', 'cpu  130 0 10 960 0 0 0 0\n');
  write('diskstats', disk(14, 4));
  write('net/dev', network(4000, 700));
  const ratios = {
    hostCpu: { part: 40, whole: 100 },
    hostDiskRead: { part: 2048, whole: 5 },
    hostDiskWritten: { part: 0, whole: 5 },
    hostNetworkSent: { part: 200, whole: 5 },
    hostNetworkReceived: { part: 3000, whole: 5 },
  };
  expect(await source.read(5000)).toEqual({ gauges, ratios });
  // Missing values are not reported as 0.
  rmSync(join(folder, 'diskstats'));
  rmSync(join(folder, 'net'), { recursive: true });
  write('stat', 'cpu  131 0 10 961 0 0 0 0\n');
  expect((await source.read(5000)).ratios).toEqual({ hostCpu: { part: 1, whole: 2 } });
});

test('a process: CPU as share of one core, memory, descriptors', async () => {
  const { folder, write } = procFolder();
  const stat = (cpu: number, started: number): string =>
    `42 (node) S 1 42 42 0 -1 4194560 1000 0 0 0 ${cpu} 0 0 0 20 0 11 0 ${started} 1\n`;
  write('42/stat', stat(100, 7));
  write('42/status', 'VmRSS:\t4 kB\n');
  for (const name of ['0', '1', '2']) write(`42/fd/${name}`, '');
  const source = opened(processOf(42, { folder, cores: 2 }));
  const gauges = { targetMemory: 4096, targetDescriptors: 3, targetStopped: 0 };
  write('42/task/42/stat', stat(90, 7));
  write('42/task/43/stat', stat(10, 7));
  write('42/task/43/schedstat', '100000000 1000000000 9\n');
  expect(await source.read(undefined)).toEqual({ gauges });
  write('42/stat', stat(850, 7));
  write('42/task/42/stat', stat(560, 7));
  write('42/task/43/stat', stat(290, 7));
  write('42/task/43/schedstat', '2900000000 3000000000 99\n');
  const ratios = {
    targetCpu: { part: 7.5, whole: 10 },
    targetCpuPeak: { part: 7.5, whole: 10 },
    processCores: { part: 7.5, whole: 5 },
    targetThread: { part: expect.closeTo(4.7, 6) as unknown as number, whole: 5 },
    // One used less and waited for a core; without waiting it would have used more than the other.
    targetThreadWanted: { part: expect.closeTo(4.8, 6) as unknown as number, whole: 5 },
  };
  expect(await source.read(5000)).toEqual({ gauges, ratios });
  // The pid was reused, so its CPU time is not the growth of the first process's.
  write('42/stat', stat(900, 8));
  const reason = 'another process has the pid 42 now';
  expect(await source.read(5000)).toEqual({
    gauges,
    unknown: { targetCpu: reason, targetCpuPeak: reason },
  });
  rmSync(join(folder, '42'), { recursive: true });
  expect((await source.read(5000)).unknown!['*']).toContain('ENOENT');
});

test('where there is no /proc, a process is unknown, and the library tells of the host', async () => {
  const measured = await opened(processOf(1, { folder: '/nowhere' })).read(undefined);
  expect(measured).toEqual({ unknown: { '*': expect.stringContaining('/nowhere') as unknown } });
  const { gauges = {} } = await opened(host('/nowhere')).read(undefined);
  expect(gauges['hostMemoryBytes']).toBeGreaterThan(0);
  expect(gauges['hostMemory']).toBeLessThan(1);
});

test('of a real process it reads what the process says of itself', async () => {
  const { gauges } = await opened(processOf(process.pid)).read(undefined);
  const ownBytes = process.memoryUsage.rss();
  expect(gauges!['targetMemory']! / ownBytes).toBeGreaterThan(0.5);
  expect(gauges!['targetMemory']! / ownBytes).toBeLessThan(2);
  expect(gauges!['targetDescriptors']).toBeGreaterThan(2);
});

const paths = { active: 'database.pool_active', rate: 'cache.hit_rate_percent', first: 'nodes.0' };

for (const [what, text, measured] of [
  [
    'all there',
    '{"database":{"pool_active":3},"cache":{"hit_rate_percent":0},"nodes":[0.5]}',
    { gauges: { active: 3, rate: 0, first: 0.5 } },
  ],
  [
    'what the service does not know',
    '{"database":{"pool_active":3},"cache":{"hit_rate_percent":null},"nodes":["7"]}',
    {
      gauges: { active: 3 },
      unknown: { rate: 'cache.hit_rate_percent is null', first: 'nodes.0 is "7"' },
    },
  ],
  [
    'what is not there, or only inherited',
    '{"database":3,"cache":{},"nodes":[]}',
    {
      gauges: {},
      unknown: {
        active: 'database.pool_active is not there',
        rate: 'cache.hit_rate_percent is not there',
        first: 'nodes.0 is not there',
      },
    },
  ],
  ['HTML', '<html>', { unknown: { '*': 'the answer is not JSON' } }],
  ['half a document', '{"database":{"pool', { unknown: { '*': 'the answer is not JSON' } }],
] as const) {
  test(`JSON with ${what}`, async () => {
    expect(await opened(jsonMetrics('/metrics.json', paths), text).read(undefined)).toEqual(
      measured,
    );
  });
}

test('no path reaches into what every object inherits', async () => {
  const source = jsonMetrics('/m', { a: 'constructor.length', b: 'x.__proto__.y', c: 'x.length' });
  const { gauges } = await opened(source, '{"x":"text"}').read(undefined);
  expect(gauges).toEqual({});
});
