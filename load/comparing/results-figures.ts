/** The plain figures of a run's `results.json`. */
import { z } from 'zod';
import type { PlainFigures } from '../baselines/plain-rule.ts';
import { defined } from '../platform/defined.ts';
import {
  figureRead,
  parseResults,
  requestRow,
  resultsLoad,
  statisticsRow,
} from '../report/files/results-schema.ts';
import { loadName } from '../report/text/run-totals.ts';
import {
  checkedFigures,
  requestKey,
  type FiguresEntry,
  type FiguresFile,
} from './plain-figures.ts';

const figuresOfRow = {
  ms: z.object({ avg: figureRead, p50: figureRead, p95: figureRead, p99: figureRead }),
  requestsPerSecond: figureRead,
  failuresPerSecond: figureRead,
};
const counts = { requests: true, failures: true, errors: true } as const;
const rowSchema = statisticsRow
  .pick({ kind: true, stream: true, name: true, ...counts })
  .strip()
  .extend(figuresOfRow);
const requestSchema = requestRow
  .pick({ method: true, name: true, ...counts })
  .strip()
  .extend(figuresOfRow);
type Row = Omit<z.infer<typeof requestSchema>, 'method'>;

const named = resultsLoad.pick({ log: true, system: true, scenario: true, level: true }).strip();
const loadSchema = named.extend({
  startedAt: z.string().optional(),
  verdict: z.string(),
  /** Missing in files of older versions, where `invalid` meant that no figure of the load is valid. */
  isSpoiled: z.boolean().optional(),
  shortened: z.boolean(),
  /** Missing in files of older versions, where no load could be steered. */
  steered: z.boolean().default(false),
  interrupted: z.boolean(),
  statistics: z.object({ rows: z.array(rowSchema) }),
  /** Missing in files of older versions. */
  requests: z.array(requestSchema).default([]),
  metrics: z.array(
    z.object({
      background: z.string().optional(),
      metric: z.string(),
      figures: z.record(z.string(), z.object({ value: figureRead })),
    }),
  ),
});
type Load = z.infer<typeof loadSchema>;

const fileSchema = z.object({ runId: z.string(), loads: z.array(loadSchema) });

/** Whether the JSON is a `results.json` of any version. */
export function isResults(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'schema' in json && 'loads' in json;
}

/** Throws with the path and the field. Loads without a verdict on the target are left out with a note. */
export function resultsFigures(json: unknown, path: string): FiguresFile {
  const { runId, loads } = parseResults(json, path, fileSchema);
  const told = (some: readonly Load[]): string[] =>
    some.flatMap((load) => {
      const words = doubts(load);
      return words === '' ? [] : [`${loadName(load)}: ${words}`];
    });
  const entries = loads.filter(isUsable).map((load) => entryOf(load, path));
  if (entries.length === 0) {
    throw new Error([`${path}: no load in it that can be compared`, ...told(loads)].join('; '));
  }
  const unusable = told(loads.filter((load) => !isUsable(load)));
  return {
    path,
    kind: 'results.json',
    runId,
    entries,
    unusable,
    notes: told(loads.filter(isUsable)),
  };
}

/** An undecided row does not make the figures wrong. */
function isSpoiledLoad({ verdict, isSpoiled = verdict === 'invalid' }: Load): boolean {
  return isSpoiled;
}

function isUsable(load: Load): boolean {
  const { interrupted, statistics } = load;
  const requests = statistics.rows.find(({ kind }) => kind === 'all')?.requests ?? 0;
  return !isSpoiledLoad(load) && !interrupted && requests > 1;
}

function doubts(load: Load): string {
  if (isSpoiledLoad(load)) return 'invalid, no verdict on the target; left out';
  if (load.interrupted) return 'interrupted; left out';
  if (!isUsable(load)) return 'fewer than two requests; left out';
  if (load.steered) return 'the run was steered while it ran, so no other run is comparable';
  return load.shortened ? 'the run was shortened' : '';
}

/** The figures of the first stream. Background loads are not included. */
function entryOf(load: Load, path: string): FiguresEntry {
  const users = load.statistics.rows[0]?.stream;
  const rows = load.statistics.rows.filter(({ stream }) => stream === users);
  const where = `${path}: ${loadName(load)}`;
  const tasks = rows
    .filter(({ kind, requests }) => kind === 'task' && requests > 0)
    .map((row): [string, PlainFigures] => [
      row.name,
      checkedFigures(`${where}: ${row.name}`, figuresOf(row), 1),
    ]);
  const requests = load.requests.map(({ method, ...row }): [string, PlainFigures] => {
    const name = requestKey(method, row.name);
    return [name, checkedFigures(`${where}: ${name}`, figuresOf(row), 1)];
  });
  const all = rows.find(({ kind }) => kind === 'all');
  if (all === undefined) throw new Error(`${where}: has no row over all tasks`);
  const valueOf = (name: string): number | undefined =>
    load.metrics.find(({ metric, background }) => metric === name && background === undefined)
      ?.figures['value']?.value;
  const figures = checkedFigures(where, {
    ...figuresOf(all),
    users: /^\d+/.exec(load.level)?.[0],
    vectorTimeoutShare: valueOf('vectorTimeoutRate'),
    sandboxViolations: valueOf('sandboxViolations'),
  });
  const { system, scenario, startedAt: timestamp } = load;
  const rerun = `npx playwright test --project=${scenario} ${system}`;
  const maps = { tasks: new Map(tasks), requests: new Map(requests) };
  const entry = { test: loadName(load), system, rerun, figures, ...maps };
  return { ...entry, ...defined({ timestamp, unfit: unfitness(load) }) };
}

/** As for the suite's own baselines, only a run that passed at full length may become one. */
function unfitness({ verdict, shortened, steered }: Load): string | undefined {
  if (steered) return 'it was steered, and only a load as planned becomes a baseline';
  if (verdict !== 'pass') return `its verdict is ${verdict}, and only a pass becomes a baseline`;
  return shortened ? 'it was shortened, and only a full length becomes a baseline' : undefined;
}

function figuresOf({ ms, requests, errors, requestsPerSecond, failuresPerSecond }: Row) {
  return {
    averageMs: ms.avg,
    medianMs: ms.p50,
    p95Ms: ms.p95,
    p99Ms: ms.p99,
    requests,
    failures: errors,
    // Requests that ended ok. In an open model scheduled requests do not depend on the answers.
    requestsPerSecond:
      requestsPerSecond === undefined ? undefined : requestsPerSecond - (failuresPerSecond ?? 0),
  };
}
