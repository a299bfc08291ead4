/** The reference resource agent keeps the contract of its system: real process, real sockets. */
import { expect, test } from '@playwright/test';
import { totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { launchReference } from '../../fixtures/reference/launch.ts';
import type { ReferenceService } from '../../fixtures/reference/launch.ts';

let service: ReferenceService;
test.beforeAll(async () => {
  service = await launchReference('resource-agent');
});
test.afterAll(() => service.stop());

async function get(path: string): Promise<Record<string, unknown>> {
  const response = await fetch(service.url + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  return (await response.json()) as Record<string, unknown>;
}

test('health says that it is healthy', async () => {
  expect(await get('/health/')).toMatchObject({ status: 'healthy', service: 'resource-agent' });
});

test('system metrics are those of this machine and of the process itself', async () => {
  const { cpu, memory, process: own } = await get('/system/metrics');
  expect(cpu).toMatchObject({ load_average: [0, 1, 2].map(() => expect.any(Number)) });
  expect(memory).toMatchObject({ total_bytes: totalmem(), percent: expect.any(Number) });
  expect(own).toMatchObject({ pid: service.pid, descriptors: expect.any(Number) });
  // The kernel's own figure, in kB; the reading is up to a quarter of a second old.
  const kernel = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'));
  const residentBytes = (own as { resident_bytes: number }).resident_bytes;
  expect(residentBytes).toBeLessThanOrEqual(Number(kernel![1]) * 1024);
  expect(residentBytes).toBeGreaterThan(10_000_000);
});

test('CPU use is the difference of two readings: work shows in it', async () => {
  const percent = async () =>
    (await get('/system/metrics'))['process'] as { cpu_percent: number | null };
  await expect.poll(async () => (await percent()).cpu_percent, { intervals: [50] }).not.toBeNull();
  // Hundreds of requests use the process's CPU, whatever else the machine does.
  await expect
    .poll(
      async () => {
        await Promise.all(Array.from({ length: 200 }, () => get('/health/')));
        return (await percent()).cpu_percent;
      },
      { intervals: [1], timeout: 60_000 },
    )
    .toBeGreaterThan(1);
});

test('an analysis sums up the last minute', async () => {
  const body = await get('/analysis/');
  expect(Object.keys(body).sort()).toEqual(
    ['cpu', 'findings', 'memory', 'readings', 'status', 'summary', 'timestamp'].sort(),
  );
  expect(body['status']).toMatch(/^(normal|attention)$/);
  expect(body['summary']).not.toBe('');
  expect(body['readings']).toBeGreaterThan(0);
});

test('the cache counts what analyses looked up in it', async () => {
  const before = await get('/lmcache/status');
  expect(before).toMatchObject({ status: 'enabled', capacity_chunks: 1000 });
  await get('/analysis/');
  await get('/analysis/');
  const after = await get('/lmcache/status');
  expect(after['lookups']).toBeGreaterThan(Number(before['lookups']));
  // The prompts have the same beginning, so the second found at least its first chunk.
  expect(after['hits']).toBeGreaterThan(Number(before['hits']));
  expect(after['hit_rate_percent']).toBeGreaterThan(0);
});

test('the slash at the end counts, and other methods are refused', async () => {
  for (const path of ['/health', '/analysis', '/lmcache/status/', '/nothing']) {
    expect((await fetch(service.url + path)).status).toBe(404);
  }
  const response = await fetch(`${service.url}/analysis/`, { method: 'POST' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET');
});
