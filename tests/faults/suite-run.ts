/**
 * Starts the suite as its user does, in separate processes with all output in this test's folder, and
 * ends them however the test ends.
 */
import { expect, test as base } from '@playwright/test';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isRunning,
  killAll,
  outerEnvironment,
  processTree,
  repository,
  type RunningProcess,
} from '../child-processes.ts';
import { parseLine } from '../../load/metrics/log/reader.ts';
import type { Interval, LogLine } from '../../load/metrics/log/schema.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { StandIn, type Misbehaviour } from './stand-in.ts';

export interface RunOptions {
  /** Default: `test`, as in `npx playwright test`. */
  readonly command?: string;
  /** The arguments after the command. */
  readonly words?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: the repository. Another folder has its own configuration. */
  readonly cwd?: string;
  /** Runs it in a separate mount namespace, after this command (with `mount`). */
  readonly mount?: string;
  /** A shell command before the run, which then replaces the shell; for example `ulimit`. */
  readonly first?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const patience = { timeout: 120_000, intervals: [50] };

export class SuiteRun {
  readonly folder: string;
  stdout = '';
  stderr = '';
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;
  private readonly known = new Set<number>();

  constructor(folder: string, options: RunOptions) {
    const { command = 'test', words = [], settings = {}, cwd = repository, mount, first } = options;
    this.folder = folder;
    const cli = join(repository, 'node_modules/@playwright/test/cli.js');
    const before = [
      ...(mount === undefined ? [] : inNamespace(mount)),
      ...(first === undefined ? [] : ['sh', '-c', `${first} && exec "$@"`, 'sh']),
    ];
    const [file, ...rest] = [...before, process.execPath, cli, command, ...words];
    this.child = spawn(file!, rest, {
      cwd,
      env: { ...outerEnvironment(), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group, like a shell makes for each command, so that Ctrl-C reaches all of it.
      detached: true,
    });
    this.child.stdout?.on('data', (bytes: Buffer) => (this.stdout += bytes.toString()));
    this.child.stderr?.on('data', (bytes: Buffer) => (this.stderr += bytes.toString()));
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
  }

  /** The whole output of both streams, for messages that may be on either. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Like a terminal: the signal reaches the runner and its workers. */
  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** The runner, its worker and the reference service. They are remembered, so that none is left behind. */
  processes(): RunningProcess[] {
    const tree = processTree(this.pid);
    for (const { pid } of tree) this.known.add(pid);
    return tree;
  }

  /** The worker with the load, and the reference service that it started. */
  loadProcesses(): { worker: RunningProcess; service: RunningProcess } {
    const tree = this.processes();
    const service = tree.find(({ command }) => command.includes('fixtures/reference/'));
    const worker = tree.find(({ pid }) => pid === service?.parent);
    expect(worker, 'a worker with a reference service').toBeDefined();
    return { worker: worker!, service: service! };
  }

  get logPath(): string {
    const [path] = logsIn(this.folder);
    if (path === undefined) throw new Error(`${this.folder}: no interval log yet`);
    return path;
  }

  /** The complete lines of the interval log so far. */
  logLines(): LogLine[] {
    if (logsIn(this.folder).length === 0) return [];
    const lines = readFileSync(this.logPath, 'utf8').split('\n').slice(0, -1);
    return lines.map((line, i) => parseLine(line, `${this.logPath}:${i + 1}`));
  }

  intervals(): Interval[] {
    return this.logLines().filter((line) => line.type === 'interval');
  }

  /** Waits until the interval log shows that this many requests were sent. */
  async untilSent(requests: number): Promise<void> {
    const sent = (): number => this.intervals().reduce((sum, interval) => sum + interval.sent, 0);
    await expect.poll(sent, patience).toBeGreaterThanOrEqual(requests);
    this.processes();
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    await expect.poll(holds, { ...patience, message: what }).toBe(true);
    this.processes();
  }

  /** Waits until none of the run's processes is left. */
  async untilGone(): Promise<void> {
    expect(this.known.size, 'processes that were seen').toBeGreaterThan(1);
    const running = (): number[] => [...this.known].filter(isRunning);
    await expect.poll(running, patience).toEqual([]);
  }

  async end(): Promise<void> {
    this.processes();
    await killAll(this.known);
    await this.exited;
  }
}

function inNamespace(mount: string): string[] {
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', `${mount} && exec "$@"`, 'sh'];
}

/** Whether this machine lets a test mount file systems for its children, mostly on Linux. */
export function canMount(): boolean {
  const [file, ...words] = inNamespace('true');
  return spawnSync(file!, [...words, 'true']).status === 0;
}

/** A run whose folder, HTML report and Allure results are in the test's own output folder. */
export const test = base.extend<{
  startRun: (options?: RunOptions) => SuiteRun;
  /** Runs it to its end. */
  run: (options?: RunOptions) => Promise<SuiteRun & Exit>;
  /** Starts a system for the test. */
  standIn: (misbehaves?: Misbehaviour) => Promise<StandIn>;
}>({
  startRun: async ({}, use, testInfo) => {
    const runs: SuiteRun[] = [];
    await use((options = {}) => {
      const name = runs.length === 0 ? 'reports' : `reports-${runs.length + 1}`;
      const folder = options.settings?.['LOAD_RUN_DIR'] ?? testInfo.outputPath(name, 'run');
      // A separate project has its own `reports`.
      const own = options.cwd === undefined ? { LOAD_RUN_DIR: folder } : {};
      const settings = { ...own, ...options.settings };
      const run = new SuiteRun(folder, { ...options, settings });
      runs.push(run);
      return run;
    });
    for (const run of runs) await run.end();
  },
  run: async ({ startRun }, use) => {
    await use(async (options) => {
      const run = startRun(options);
      return Object.assign(run, await run.exited);
    });
  },
  standIn: async ({}, use) => {
    const systems: StandIn[] = [];
    await use(async (misbehaves) => {
      const system = await StandIn.start(misbehaves);
      systems.push(system);
      return system;
    });
    for (const system of systems) system.stop();
  },
});

export { expect };

/** Whether a run left logs. Without a folder no load has begun. */
export function hasLogs(folder: string): boolean {
  return existsSync(folder) && logsIn(folder).length > 0;
}
