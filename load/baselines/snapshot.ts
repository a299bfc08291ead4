/** Decides whether a run is compared with its baseline or written as one. */
import type { BaselineRun } from './baseline-run.ts';
import { readBaseline, withRun, writeBaseline, type BaselineFile } from './baseline-file.ts';
import { redVerdicts, type MetricComparison } from './comparison.ts';
import type { Comparison } from './compare.ts';
import { notesOnBaseline, unfitnessOf } from './fitness.ts';
import type { Tolerances } from './tolerances.ts';

/** The runner's `updateSnapshots`, with the runner's meanings. */
export const snapshotModes = ['all', 'changed', 'missing', 'none', 'default'] as const;
export type SnapshotMode = (typeof snapshotModes)[number];

/** True with `-u`: the baseline is written whether there was one or not. */
export function isUpdate(mode: SnapshotMode): boolean {
  return mode === 'all' || mode === 'changed';
}

export interface SnapshotRequest {
  /** Path of the baseline's file. */
  readonly path: string;
  readonly mode: SnapshotMode;
  /** Whether the test must have a baseline. If not, a missing baseline means that nothing is compared. */
  readonly isRequired: boolean;
  /** Why this run must not become a baseline, apart from its figures; undefined if it may. */
  readonly unfit: string | undefined;
  /** The tolerances with which later runs will be compared. */
  readonly tolerances: Tolerances;
  readonly capture: () => BaselineRun;
  readonly compare: (run: BaselineRun, baseline: readonly BaselineRun[]) => Comparison;
}

export interface Snapshot {
  readonly pass: boolean;
  /** Its first words say what happened: `Baseline written:`, `Baseline kept:`, `No baseline:`, … */
  readonly headline: string;
  readonly comparisons: readonly MetricComparison[];
  /** Notes that do not change the verdict. */
  readonly notes: readonly string[];
  /** Number of the baseline's runs that were compared. */
  readonly runs: number;
}

/** `--ignore-snapshots` applies to baselines as well. */
export const ignoredSnapshot = said(true, 'Baseline not compared: the runner ignores snapshots');

export const steeredSnapshot = said(
  true,
  'Baseline not compared: the load was steered while it ran, and the baseline is that of the planned load',
);

/** Throws, without changing the file, if it cannot be read or written. */
export function takeSnapshot(request: SnapshotRequest): Snapshot {
  const { path, mode, isRequired } = request;
  const file = readBaseline(path);
  if (isUpdate(mode)) {
    const made = madeBaseline(request);
    if ('unfit' in made) return said(false, `Baseline not written: ${path}: ${made.unfit}`);
    return written(request, file, made.run);
  }
  if (file !== undefined) return compared(request, file.runs);
  if (!isRequired) return said(true, `No baseline: ${path}: nothing was compared; -u writes it`);
  const writes = mode !== 'none' || request.unfit !== undefined;
  const made = writes ? madeBaseline(request) : { unfit: 'this run writes no snapshots' };
  if ('unfit' in made) {
    return said(false, `No baseline: ${path} (not written: ${made.unfit}); -u writes it`);
  }
  const { notes } = written(request, undefined, made.run);
  return said(mode === 'missing', `Baseline written: ${path} (there was none); commit it`, notes);
}

/** The run as a baseline, or why it must not become one. */
function madeBaseline({
  unfit,
  tolerances,
  capture,
}: SnapshotRequest): { readonly run: BaselineRun } | { readonly unfit: string } {
  if (unfit !== undefined) return { unfit };
  const run = capture();
  const reason = unfitnessOf(run, tolerances);
  return reason === undefined ? { run } : { unfit: reason };
}

function written(
  { path, tolerances }: SnapshotRequest,
  before: BaselineFile | undefined,
  run: BaselineRun,
): Snapshot {
  const file = withRun(before, run);
  writeBaseline(path, file);
  const runs = file.runs.length;
  const kept = before?.runs.filter((one) => file.runs.includes(one)).length ?? 0;
  const replaced = (before?.runs.length ?? 0) - kept;
  const inPlace = replaced === 0 ? '' : ` in place of ${runsText(replaced)}`;
  const headline = `Baseline written: ${path}, ${runsText(runs)}${inPlace}`;
  return said(true, headline, notesOnBaseline(run, tolerances, { runs, replaced }));
}

function compared(request: SnapshotRequest, baseline: readonly BaselineRun[]): Snapshot {
  const { path } = request;
  const { comparisons, notes, runs } = request.compare(request.capture(), baseline);
  const red = comparisons.filter(({ verdict }) => redVerdicts.has(verdict));
  const told = { comparisons, notes, runs };
  if (red.length > 0) {
    const worse = `${red.length} of ${comparisons.length} comparisons`;
    const headline = `Worse than the baseline: ${worse} (${path}, ${runsText(runs)})`;
    return { pass: false, headline, ...told };
  }
  if (runs === 0) {
    return { pass: true, headline: `Not comparable with the baseline: ${path}`, ...told };
  }
  return { pass: true, headline: `${keptText(comparisons)}: ${path}, ${runsText(runs)}`, ...told };
}

function keptText(comparisons: readonly MetricComparison[]): string {
  const count = (verdict: MetricComparison['verdict']): number =>
    comparisons.filter((one) => one.verdict === verdict).length;
  const [pass, provisional] = [count('pass') + count('improved'), count('provisional')];
  if (provisional > 0) return 'Baseline with too few runs for a verdict';
  return `Baseline kept in ${pass} of ${comparisons.length} comparisons`;
}

function said(pass: boolean, headline: string, notes: readonly string[] = []): Snapshot {
  return { pass, headline, comparisons: [], notes, runs: 0 };
}

function runsText(count: number): string {
  return `${count} run${count === 1 ? '' : 's'}`;
}
