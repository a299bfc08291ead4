/**
 * Follows a run by the files in its folder: each of its loads with a `LoadFollower`, including those of
 * slices in their own folders. It only reads; the process that runs the load does not know of it.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { figureText } from '../metrics/figure-text.ts';
import type { Clock } from '../platform/clock.ts';
import { parsedJson } from '../platform/json-file.ts';
import { logsIn } from '../report/files/rebuild.ts';
import type { LoadEntry } from '../report/files/results-json.ts';
import type { Table } from '../report/html/page-data.ts';
import { cellOf, columns, figureColumns, overviewTable } from '../report/html/tables.ts';
import { pageName } from '../report/html/write-page.ts';
import { testStatesName } from '../report/playwright/test-states.ts';
import { visible } from '../report/text/text-table.ts';
import { nameOfLog, slicesFolder } from '../settings/run-folder.ts';
import { LoadFollower, type FollowOptions } from './load-follower.ts';
import type { RunPatch, RunState, Steerable } from './page-state.ts';

/** The starter of the run knows these, and no file of the run holds them. */
export interface Started {
  readonly isOver: boolean;
  readonly isStopping: boolean;
  readonly exitCode: number | undefined;
  readonly steerable: Steerable;
}

export interface RunFollowOptions extends FollowOptions {
  readonly clock: Clock;
  /** Undefined for a run that was started elsewhere. */
  readonly started?: (() => Started | undefined) | undefined;
}

/** The runner's output, if this suite's own command started it. */
const outputName = 'output.txt';
const keptBytes = 16_000;
const noTable: Table = { columns: [], rows: [] };
/** Terminal control sequences, for colours and overwritten lines. */
const controlWords = /\u001b\[[0-9;?]*[A-Za-z]/g;

export class RunFollower {
  readonly folder: string;
  readonly runId: string;
  private readonly clock: Clock;
  private readonly options: FollowOptions;
  private readonly started: () => Started | undefined;
  private readonly loads = new Map<string, LoadFollower>();
  private isClosed = false;
  private updates = new Map<LoadFollower, Omit<RunPatch, 'run'>>();

  constructor(folder: string, { clock, started = () => undefined, ...options }: RunFollowOptions) {
    this.folder = folder;
    this.runId = basename(folder);
    this.clock = clock;
    this.started = started;
    this.options = options;
  }

  /**
   * Reads what was written since the last call. The changes of each load are then available until the
   * next call.
   */
  async look(): Promise<void> {
    this.updates = new Map();
    for (const path of this.paths()) {
      const name = nameOfLog(path);
      const load = this.loads.get(name) ?? new LoadFollower(path, this.options);
      this.loads.set(name, load);
      // A long log is read in several turns, so that other requests are answered meanwhile.
      while (!load.read()) {
        await this.clock.turn();
        // With no viewers left, closed logs must not be opened again.
        if (this.isClosed) return;
      }
      const update = load.update();
      if (update !== undefined) this.updates.set(load, update);
    }
  }

  /** Names in reading order, with those of slices last. */
  names(): string[] {
    return this.readable().map(([name]) => name);
  }

  /** The load with that name, else the running one, else the last one. */
  chosen(name: string | undefined): LoadFollower | undefined {
    const all = this.readable().map(([, load]) => load);
    const asked = name === undefined ? undefined : this.loads.get(name);
    return asked?.page === undefined
      ? (all.find(({ hasEnded }) => !hasEnded) ?? all.at(-1))
      : asked;
  }

  /** Returns the changes of the load that the last look found. */
  updateOf(load: LoadFollower): Omit<RunPatch, 'run'> | undefined {
    return this.updates.get(load);
  }

  /** Everything but the load that is shown. */
  state(chosen: LoadFollower | undefined): Omit<RunState, 'load'> {
    const started = this.started();
    const all = this.readable();
    const isRunning = started?.isOver === false;
    return {
      runId: this.runId,
      phase: this.phaseOf(started),
      tests: testTable(join(this.folder, testStatesName)),
      overview: stateTable(all),
      names: all.map(([name]) => name),
      chosen: chosen === undefined ? '' : nameOfLog(chosen.path),
      slices: sliceTable(all.map(([, load]) => load)),
      console: endOfFile(join(this.folder, outputName)),
      steerable: isRunning ? started.steerable : 'nothing',
      canStop: isRunning,
      hasReport: existsSync(join(this.folder, pageName)),
      unreadable: this.unreadable(),
    };
  }

  close(): void {
    this.isClosed = true;
    for (const load of this.loads.values()) load.close();
  }

  private paths(): string[] {
    const slices = slicesFolder(this.folder);
    const own = foldersIn(slices);
    return [...logsIn(this.folder), ...own.flatMap((name) => logsIn(join(slices, name)))];
  }

  private readable(): [string, LoadFollower][] {
    return [...this.loads].filter(([, { page }]) => page !== undefined);
  }

  private unreadable(): string[] {
    return [...this.loads].flatMap(([name, { failure }]) =>
      failure === undefined ? [] : [`${name}: ${failure}`],
    );
  }

  private phaseOf(started: Started | undefined): RunState['phase'] {
    const all = this.readable().map(([, load]) => load);
    if (started?.isOver === true) return all.length === 0 ? 'failed' : 'over';
    if (started?.isStopping === true) return 'stopping';
    if (all.some(({ hasEnded }) => !hasEnded)) return 'running';
    if (existsSync(join(this.folder, 'results.json'))) return 'over';
    return all.length === 0 ? 'starting' : 'running';
  }
}

/** Sorted by name. There may be a file in place of the folder. */
function foldersIn(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
}

function stateTable(all: readonly (readonly [string, LoadFollower])[]): Table {
  const { columns: known, rows } = overviewTable(all.flatMap(([, { entry }]) => entry ?? []));
  return {
    columns: [...columns('load', 'state'), ...known.slice(1)],
    rows: rows.map((row, i) => {
      const [name, follower] = all[i]!;
      const state = follower.hasEnded ? 'over' : 'running';
      return { ...row, cells: [name, state, ...row.cells.slice(1)] };
    }),
  };
}

const testsSchema = z.object({
  tests: z.array(z.object({ title: z.string(), scenario: z.string(), state: z.string() })),
});

/** The runner's own list; its file is removed when the run is reported. */
function testTable(path: string): Table {
  if (!existsSync(path)) return noTable;
  const told = testsSchema.safeParse(parsedJson(readFileSync(path, 'utf8'))).data?.tests ?? [];
  return {
    columns: columns('test', 'scenario', 'state'),
    rows: told.map(({ title, scenario, state }) => {
      const isBad = ['failed', 'timedOut', 'interrupted'].includes(state);
      return { cells: [title, scenario, state], tone: isBad ? 'bad' : 'plain' };
    }),
  };
}

function sliceTable(loads: readonly LoadFollower[]): Table {
  const slices = loads.filter(({ plan }) => (plan?.slice.count ?? 1) > 1);
  if (slices.length === 0) return noTable;
  const all = (entry: LoadEntry) => entry.statistics.rows.find(({ kind }) => kind === 'all');
  return {
    columns: [
      ...columns('slice', 'state', 'machine'),
      ...figureColumns('users', 'requests', 'req/s', 'p95', 'errors'),
      ...columns('instrument'),
    ],
    rows: slices.map(({ plan, entry, page, hasEnded }) => {
      const row = entry && all(entry);
      return {
        cells: [
          `${plan!.slice.index} of ${plan!.slice.count}`,
          hasEnded ? 'over' : 'running',
          `${plan!.machine.host}, pid ${plan!.machine.pid ?? '?'}`,
          cellOf(entry?.totals.judgedUsersPeak, 'number'),
          cellOf(row?.requests, 'number'),
          cellOf(row?.requestsPerSecond, 'number'),
          cellOf(row?.ms.p95, 'time'),
          cellOf(row?.errors, 'number'),
          page?.trust.text ?? figureText(undefined, 'number'),
        ],
      };
    }),
    notes: ['Each slice has its share of the load; the merge gives the verdict over all.'],
  };
}

/** The output as a terminal would show it; empty if there is no such file. */
function endOfFile(path: string): string {
  if (!existsSync(path)) return '';
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, keptBytes));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.subarray(0, read).toString().replaceAll(controlWords, '');
    return text.replaceAll('\r', '\n').split('\n').map(visible).join('\n').trim();
  } finally {
    closeSync(fd);
  }
}
