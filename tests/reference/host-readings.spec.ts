import { expect, test } from '@playwright/test';
import { totalmem } from 'node:os';
import { analyse } from '../../fixtures/reference/host-analysis.ts';
import { HostReadings, type HostReading } from '../../fixtures/reference/host-readings.ts';

const reading: HostReading = {
  takenAt: '',
  cpuPercent: 10,
  memoryUsedPercent: 50,
  load: [1, 1, 1],
  memoryTotalBytes: 1000,
  memoryFreeBytes: 500,
  processCpuPercent: 1,
  processResidentBytes: 1,
  processHeapBytes: 1,
  processDescriptors: null,
};

test('the first reading has no share of time, the later ones have', async () => {
  const readings = new HostReadings();
  expect(readings.latest).toMatchObject({ cpuPercent: null, processCpuPercent: null });
  await expect.poll(() => readings.kept.length, { intervals: [20] }).toBeGreaterThan(1);
  const { cpuPercent, processCpuPercent, memoryTotalBytes, load } = readings.latest;
  expect(cpuPercent).toBeGreaterThanOrEqual(0);
  expect(cpuPercent).toBeLessThanOrEqual(100);
  expect(processCpuPercent).toBeGreaterThanOrEqual(0);
  expect(memoryTotalBytes).toBe(totalmem());
  expect(load).toHaveLength(3);
});

test('an analysis has the average and the peak of what is known', () => {
  const cpus = [null, 10, 40].map((cpuPercent) => ({ ...reading, cpuPercent }));
  expect(analyse(cpus)).toMatchObject({
    status: 'normal',
    readings: 3,
    findings: [],
    cpu: { averagePercent: 25, peakPercent: 40 },
    memory: { averagePercent: 50, peakPercent: 50 },
    summary: 'CPU 25 % and memory 50 % on average: nothing to do',
  });
});

for (const [what, high, finding] of [
  ['a busy CPU', { cpuPercent: 81 }, 'CPU at 81 %'],
  ['full memory', { memoryUsedPercent: 91 }, 'memory at 91 %'],
] as const) {
  test(`${what} deserves attention`, () => {
    const { status, findings, summary } = analyse([{ ...reading, ...high }]);
    expect(status).toBe('attention');
    expect(findings).toEqual([expect.stringContaining(finding)]);
    expect(summary).toContain(finding);
  });
}

test('without a share of CPU time there is none in the analysis', () => {
  const { cpu, summary } = analyse([{ ...reading, cpuPercent: null }]);
  expect(cpu).toEqual({ averagePercent: null, peakPercent: null });
  expect(summary).toContain('CPU – %');
});
