/** `npm run monitor` against the reference health agent, as its user calls it. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/** The header and the whole rows of the file so far. */
function readingsIn(file: string): {
  readonly header: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
} {
  const [header = '', ...lines] = existsSync(file)
    ? readFileSync(file, 'utf8').split('\n').slice(0, -1)
    : [];
  const names = header.split(',');
  const rowOf = (line: string) =>
    Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell]));
  return { header, rows: lines.map(rowOf) };
}

test('each reading is a row and a line, and a target that stops is told and outlived', async () => {
  const agent = await launchReference('health-agent');
  const file = test.info().outputPath('readings.csv');
  const words = ['--host', agent.url, '--interval', '0.4', '--output', file];
  const called = monitor([...words, '--pid', String(agent.pid)]);
  const rows = () => readingsIn(file).rows;
  // An answer that comes too late is a reading without one, so the first whole one is waited for.
  const whole = () =>
    rows().find((one) => one['api_status'] === '200' && one['db_pool_size'] !== 'unknown');
  try {
    await expect.poll(whole, patience).toBeDefined();
    await agent.stop();
    const stoppedAt = rows().length;
    const later = () => rows().slice(stoppedAt);
    const unreachable = expect.objectContaining({ api_status: 'unreachable' });
    await expect.poll(later, patience).toContainEqual(unreachable);
    called.child.kill('SIGINT');
    expect(await called.exited).toBe(0);
  } finally {
    called.child.kill('SIGKILL');
    await agent.stop();
  }
  expect(readingsIn(file).header).toMatch(
    /^timestamp,cpu_percent,.*,redis_total_reads,db_pool_waiting,/,
  );
  // While it ran, its process and its pool were read.
  expect(whole()).toMatchObject({ db_pool_size: '13' });
  expect(Number(whole()!['process_rss_mb'])).toBeGreaterThan(10);
  expect(rows().at(-1)).toMatchObject({ api_status: 'unreachable' });
  const count = rows().length;
  expect(linesIn(called.output)).toBe(count);
  expect(called.output).toMatch(new RegExp(`API: p50 .* of ${count} answers were errors`));
});

test('a duration of three intervals is three rows, whether or not anybody answers', async () => {
  const file = test.info().outputPath('readings.csv');
  const words = ['--host', 'http://127.0.0.1:9', '--interval', '0.1', '--duration', '0.3'];
  const called = monitor([...words, '--output', file]);
  expect(await called.exited).toBe(0);
  expect(readingsIn(file).rows).toHaveLength(3);
  expect(linesIn(called.output)).toBe(3);
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
