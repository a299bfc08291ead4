/** `npm run monitor` against the reference health agent, as its user calls it. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { run } from '../../fixtures/commands/monitor.ts';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { outerEnvironment, repository } from '../child-processes.ts';

function monitor(words: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx/esm', 'fixtures/commands/loadwright.ts', 'monitor', ...words],
    { cwd: repository, env: outerEnvironment() },
  );
  const called = { child, output: '', exited: Promise.resolve<number | null>(null) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (called.output += bytes.toString()));
  }
  called.exited = new Promise((resolve) => {
    child.once('close', resolve);
  });
  return called;
}

const linesIn = (output: string): number =>
  output.split('\n').filter((l) => /^\d\d:/.test(l)).length;
const patience = { timeout: 60_000, intervals: [50] };

test('ten readings are ten rows and a summary, and a target that stops is told and outlived', async () => {
  const agent = await launchReference('health-agent');
  const file = test.info().outputPath('readings.csv');
  const words = ['--host', agent.url, '--interval', '0.4', '--duration', '4', '--output', file];
  const called = monitor([...words, '--pid', String(agent.pid)]);
  try {
    await expect.poll(() => linesIn(called.output), patience).toBeGreaterThanOrEqual(3);
    await agent.stop();
    expect(await called.exited).toBe(0);
  } finally {
    called.child.kill('SIGKILL');
    await agent.stop();
  }
  const [header = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(header).toMatch(/^timestamp,cpu_percent,.*,redis_total_reads,db_pool_waiting,/);
  expect(rows).toHaveLength(10);
  const status = rows.map((row) => row.split(',')[9]);
  expect(status[0]).toBe('200');
  expect(status.at(-1)).toBe('unreachable');
  // While it ran, its process and its pool were read.
  const cells = rows[0]!.split(',');
  expect(cells[header.split(',').indexOf('db_pool_size')]).toBe('13');
  expect(Number(cells[header.split(',').indexOf('process_rss_mb')])).toBeGreaterThan(10);
  expect(linesIn(called.output)).toBe(10);
  expect(called.output).toMatch(/API: p50 .* of 10 answers were errors/);
});

test('Ctrl-C prints the summary', async () => {
  const agent = await launchReference('health-agent');
  const called = monitor(['--host', agent.url, '--interval', '0.2']);
  try {
    await expect.poll(() => linesIn(called.output), patience).toBeGreaterThanOrEqual(2);
    called.child.kill('SIGINT');
    expect(await called.exited).toBe(0);
    expect(called.output).toContain('average');
    expect(called.output).toContain('api_latency_ms');
  } finally {
    called.child.kill('SIGKILL');
    await agent.stop();
  }
});

for (const [words, message] of [
  [[], '--host is missing'],
  [['--host', 'localhost'], '--host localhost: accepted is an address'],
  [['--host', 'http://127.0.0.1:1', '--interval', '0'], '--interval 0: accepted are seconds'],
  [['--host', 'http://127.0.0.1:1', '--pid', 'x'], '--pid x: accepted is the number'],
] as const) {
  test(`monitor ${words.join(' ')} is refused in words`, async () => {
    await expect(run(words)).rejects.toThrow(message);
  });
}
