/** `LOAD_DASHBOARD` with a run: a separate process that reads the logs, whose end the run does not notice. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import LoadReporter from '../../load/report/playwright/reporter.ts';
import { markedAs } from '../../load/settings/load-project.ts';
import { setEnvironment } from './driven-load.ts';
import type { LoadEntry, Results } from '../../load/report/files/results-json.ts';
import { expect, test, type RunOptions, type SuiteRun } from './suite-run.ts';

function optionsOf(target: string, settings: Readonly<Record<string, string>>): RunOptions {
  return {
    words: ['--project=custom', 'health-agent'],
    settings: {
      HEALTH_AGENT_URL: target,
      LOAD_USERS: '3',
      LOAD_SPAWN_RATE: '3/s',
      LOAD_DURATION: '3s',
      LOAD_THINK: '50ms',
      LOAD_DASHBOARD: '1',
      ...settings,
    },
  };
}

function loadOf({ folder }: SuiteRun): LoadEntry {
  const path = join(folder, 'results.json');
  expect(existsSync(path)).toBe(true);
  return (JSON.parse(readFileSync(path, 'utf8')) as Results).loads[0]!;
}

/** The whole address is printed. */
function isTold({ stdout }: SuiteRun): boolean {
  return /Live view: http:\/\/127\.0\.0\.1:\S+\n/.test(stdout);
}

/** The events that a viewer receives, up to the last. */
async function eventsOf(url: string): Promise<string> {
  const first = await fetch(url);
  expect(first.status, await first.text()).toBe(200);
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
  const { origin } = new URL(url);
  const events = await fetch(`${origin}/events?run=run`, { headers: { cookie } });
  return events.text();
}

test('it is told where to look, shows the run, and ends with it', async ({ startRun, standIn }) => {
  const system = await standIn();
  const run = startRun(optionsOf(system.url, {}));
  await run.until('its address', () => isTold(run));
  const watched = eventsOf(/Live view: (http:\S+)/.exec(run.stdout)![1]!);
  await run.untilSent(10);
  await run.exited;
  const events = await watched;
  expect(events).toContain('event: whole');
  expect(events.trimEnd()).toMatch(/event: bye\ndata: \{\}$/);
  expect(events).toContain('"phase":"over"');
  expect(events).toContain(loadOf(run).headline);
  await run.untilGone();
});

test(
  'kill -9 of it in mid-run: the load and its reports are as without it',
  { tag: '@long' },
  async ({ startRun, standIn }) => {
    const system = await standIn();
    const run = startRun(optionsOf(system.url, {}));
    await run.until('its address', () => isTold(run));
    await run.untilSent(10);
    const [server] = run.processes().filter(({ command }) => command.includes('background-server'));
    process.kill(server!.pid, 'SIGKILL');
    await run.exited;
    const load = loadOf(run);
    expect(load.end.cause).toBe('completed');
    expect(load.totals.ended).toBe(load.totals.scheduled);
    expect(run.stderr).not.toContain('LOAD_DASHBOARD');
  },
);

test('a port that is taken is told', async ({}, testInfo) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const restore = setEnvironment({ LOAD_DASHBOARD: String(port), LOAD_QUIET: '1' });
  try {
    const told = await new Promise<string>((resolve) => {
      const reporter = new LoadReporter({
        runFolder: testInfo.outputPath('run'),
        complain: resolve,
      });
      const project = { metadata: markedAs('custom') };
      const parent = { project: () => project };
      reporter.onTestBegin({ parent } as unknown as TestCase, {} as TestResult);
    });
    expect(told).toContain('LOAD_DASHBOARD: listen EADDRINUSE');
  } finally {
    restore();
    other.close();
  }
});
