import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOfOneUser } from '../../../load/analysis/findings/baseline-load.ts';
import { committedLoads } from '../../../load/baselines/committed-loads.ts';

test('a committed baseline of one user is what its file says', () => {
  const path = 'baselines/local/baseline/mcp-server-1-user.json';
  const { runs } = JSON.parse(readFileSync(path, 'utf8')) as {
    runs: {
      all: { figures: { p95_latency_ms: number }; okPerSecond: number };
      startedAt: string;
    }[];
  };
  const [load, ...others] = committedLoads('baselines', 'local', new Set(['mcp-server']));
  expect(others).toEqual([]);
  expect(load).toMatchObject({
    system: 'mcp-server',
    level: '1 user',
    committedAt: runs.at(-1)!.startedAt,
  });
  expect(isOfOneUser(load!)).toBe(true);
  const among = (values: readonly number[], value: number): void => {
    expect(value).toBeGreaterThanOrEqual(Math.min(...values));
    expect(value).toBeLessThanOrEqual(Math.max(...values));
  };
  among(
    runs.map(({ all }) => all.figures.p95_latency_ms),
    load!.p95Ms,
  );
  among(
    runs.map(({ all }) => all.okPerSecond),
    load!.throughput,
  );
  for (const [task, ms] of load!.meanMs) expect(ms, task).toBeGreaterThan(0);
});

test('a file that is none, another system and another environment are passed over', () => {
  const folder = test.info().outputPath('baselines');
  mkdirSync(join(folder, 'local', 'baseline'), { recursive: true });
  writeFileSync(join(folder, 'local', 'baseline', 'shop-1-user.json'), '{');
  expect(committedLoads(folder, 'local', new Set(['shop']))).toEqual([]);
  expect(committedLoads(folder, 'staging', new Set(['shop']))).toEqual([]);
  expect(committedLoads('baselines', 'local', new Set(['shop']))).toEqual([]);
});
