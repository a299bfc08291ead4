/**
 * The runs in `reports/`, newest first: the content of their `results.json`, and their possible actions.
 * A run is identified by its folder's name, which is looked up in the list, so no path is built from a
 * request.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { parsedJson } from '../platform/json-file.ts';
import { counted } from '../platform/words.ts';
import { logsIn } from '../report/files/rebuild.ts';
import { figureRead, resultsLoad, statisticsRow } from '../report/files/results-schema.ts';
import type { Cell, Row, Tone } from '../report/html/page-data.ts';
import { cellOf, columns, figureColumns } from '../report/html/tables.ts';
import { pageName } from '../report/html/write-page.ts';
import { isOwnFolder, ownMark } from '../settings/own-folder.ts';
import { slicesFolder } from '../settings/run-folder.ts';
import type { RunList } from './page-data.ts';

const resultsName = 'results.json';
/** A load writes to its log every few seconds, so without writes for this long it is over. */
const quietMs = 60_000;
/** More runs are not listed. */
const mostRuns = 200;
/** Larger files are not read for the list. */
const mostBytes = 32 * 2 ** 20;

const row = statisticsRow.pick({ kind: true, requests: true }).strip();
const fields = resultsLoad.pick({ testId: true, verdict: true }).strip();
const resultsSchema = z.object({
  loads: z.array(
    fields.extend({
      startedAt: z.string(),
      unjudged: z.boolean().optional(),
      statistics: z.object({
        // Files of older versions have no count of errors.
        rows: z.array(
          row.extend({
            errors: z.number().optional(),
            ms: z.object({ p95: figureRead.optional() }),
          }),
        ),
      }),
    }),
  ),
});
type Loads = z.infer<typeof resultsSchema>['loads'];

export class RunFolders {
  private readonly reports: string;
  /** The content of a file, and its state when it was read. */
  private readonly known = new Map<string, { readonly stamp: string; readonly loads: Loads }>();

  constructor(reports: string) {
    this.reports = reports;
  }

  /** The folder of the run; undefined if there is none with that name. */
  folderOf(id: string): string | undefined {
    const name = this.names().find((one) => one === id);
    const folder = name === undefined ? undefined : join(this.reports, name);
    return folder !== undefined && isRun(folder) ? folder : undefined;
  }

  list(): RunList {
    const ids = this.ids().slice(0, mostRuns);
    const runs = ids.map((id) => {
      const folder = join(this.reports, id);
      return { id, hasReport: existsSync(join(folder, pageName)), canDelete: isMarked(folder) };
    });
    return {
      runs,
      table: {
        columns: [
          ...columns('run', 'verdict', 'tests', 'started'),
          ...figureColumns('loads', 'requests', 'p95', 'errors'),
        ],
        rows: ids.map((id) => this.rowOf(id)),
      },
    };
  }

  /**
   * Throws if no load run created the folder, if it is a link, or if a load may still be writing there at
   * `nowMs` (epoch), whoever started it.
   */
  remove(id: string, nowMs: number): void {
    const folder = this.folderOf(id);
    if (folder === undefined) throw new Error(`${id}: no such run`);
    if (!isMarked(folder) || lstatSync(folder).isSymbolicLink())
      throw new Error(`${id}: no load run made this folder; it is kept as it is`);
    if (!existsSync(join(folder, resultsName)) && nowMs - writtenMs(folder) < quietMs) {
      throw new Error(
        `${id}: may be under way: it has no report, and was written to less than a minute ago; ` +
          'stop it, or remove it a minute after that',
      );
    }
    rmSync(folder, { recursive: true });
    this.known.delete(id);
  }

  /** Newest first, by the time of the last write. */
  private ids(): string[] {
    const dated = this.names().flatMap((name) => {
      const folder = join(this.reports, name);
      if (!isRun(folder)) return [];
      // It may have been removed since it was listed.
      const found = statSync(folder, { throwIfNoEntry: false });
      return found === undefined ? [] : { name, atMs: found.mtimeMs };
    });
    return dated.sort((a, b) => b.atMs - a.atMs).map(({ name }) => name);
  }

  private names(): string[] {
    if (!existsSync(this.reports)) return [];
    return readdirSync(this.reports, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  }

  private rowOf(id: string): Row {
    const loads = this.loadsOf(id);
    const all = loads.flatMap(({ statistics: { rows } }) =>
      rows.filter(({ kind }) => kind === 'all'),
    );
    const sum = (of: 'requests' | 'errors') => all.reduce((most, row) => most + (row[of] ?? 0), 0);
    const p95 = all.map(({ ms }) => ms.p95).reduce(highest, undefined);
    const { text, tone } = verdictOf(loads);
    const cells: Cell[] = [
      id,
      text,
      testsText(loads),
      loads[0]?.startedAt.replace('T', ' ').replace(/\..*$/, '') ?? '',
      cellOf(loads.length, 'number'),
      cellOf(sum('requests'), 'number'),
      cellOf(p95, 'time'),
      cellOf(sum('errors'), 'number'),
    ];
    return { cells, tone };
  }

  private loadsOf(id: string): Loads {
    const path = join(this.reports, id, resultsName);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() !== true || stat.size > mostBytes) return [];
    const stamp = `${stat.mtimeMs} ${stat.size}`;
    const known = this.known.get(id);
    if (known?.stamp === stamp) return known.loads;
    const parsed = resultsSchema.safeParse(parsedJson(readFileSync(path, 'utf8')));
    const loads = parsed.data?.loads ?? [];
    this.known.set(id, { stamp, loads });
    return loads;
  }
}

/** It contains copies of logs that are also in their runs' folders. */
const attachments = 'allure-results';

/** A folder with logs, or one that a load run created and that has none yet. */
function isRun(folder: string): boolean {
  if (basename(folder) === attachments) return false;
  try {
    return (
      logsIn(folder).length > 0 ||
      existsSync(join(folder, resultsName)) ||
      existsSync(slicesFolder(folder)) ||
      (isMarked(folder) && existsSync(join(folder, 'output.txt')))
    );
  } catch {
    // A folder of another user without access is skipped.
    return false;
  }
}

/** When a file of the run was last written, in epoch ms. Files of its slices count too. */
function writtenMs(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => {
    return lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  });
  return times.reduce((latest, one) => Math.max(latest, one), 0);
}

function isMarked(folder: string): boolean {
  return existsSync(join(folder, ownMark)) && isOwnFolder(folder);
}

const tones: Readonly<Record<Loads[number]['verdict'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  'no-data': 'warn',
  invalid: 'invalid',
};

/** The worst of its loads. `fail` comes before `invalid`, since a broken budget matters more. */
function verdictOf(loads: Loads): { readonly text: string; readonly tone: Tone } {
  const judged = loads.filter(({ unjudged }) => unjudged !== true);
  const worst = (['fail', 'invalid', 'no-data', 'pass'] as const).find((verdict) =>
    judged.some((load) => load.verdict === verdict),
  );
  if (worst === undefined)
    return { text: loads.length === 0 ? 'no report' : 'not judged', tone: 'plain' };
  return { text: worst.replace('-', ' '), tone: tones[worst] };
}

function testsText(loads: Loads): string {
  const [first, ...others] = [...new Set(loads.map(({ testId }) => testId))];
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} and ${counted(others.length, 'other')}`;
}

function highest(most: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? most : Math.max(most ?? 0, value);
}
