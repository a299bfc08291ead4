import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { between } from '../../../load/workload/think-time.ts';
import { users } from '../../../load/workload/users.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { runVirtually, type System, type VirtualOutcome } from '../virtual-load.ts';

const system: System = ({ atMs, draws: [drawn] }, clock) => clock.until(atMs + 50 + 400 * drawn);

async function runFor(duration: string): Promise<VirtualOutcome & { lines: string[] }> {
  const logPath = test.info().outputPath(`${duration}.ndjson`);
  const outcome = await runVirtually({
    workload: users({ count: 5, spawnRate: 5, duration }),
    system,
    logPath,
    user: { thinkTime: between('10s', '30s'), session: { requests: 20 } },
  });
  return { ...outcome, lines: readFileSync(logPath, 'utf8').trimEnd().split('\n') };
}

test('an hour of load: a line a second for half an hour, then one each 5 s', async () => {
  const { result, lines } = await runFor('1h');
  // The plan, the intervals (the ramp ends on a border), the drain, the end.
  expect(result.timeline.length).toBe(1800 + 360 + 1);
  expect(lines.length).toBe(result.timeline.length + 2);
  expect(outcomesOf(result.series).ok).toBe(result.scheduled);
});

test(
  'ten hours of load: the log grows with the lines, and what is in memory with the intervals only',
  { annotation: fault(29) },
  async () => {
    const { result, lines } = await runFor('10h');
    expect(result.timeline.length).toBe(1800 + (9.5 * 3600) / 5 + 1);
    expect(lines.length).toBe(result.timeline.length + 2);
    // 8 000 requests and 400 users have left two series with their histograms, and nothing else.
    expect(result.scheduled).toBeGreaterThan(8000);
    expect(result.series.map(({ phase }) => phase)).toEqual(['ramp-up', 'steady state']);
    const longest = Math.max(...lines.slice(1).map(({ length }) => length));
    expect(longest).toBeLessThan(3000);
  },
);
