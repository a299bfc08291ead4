/** What becomes of a run beside its baseline: compared with it, or written as one. Plain decisions. */
import type { BaselineRun } from './baseline-run.ts';
import { readBaseline, withRun, writeBaseline } from './baseline-file.ts';
import { formatMs } from '../platform/duration.ts';
import { coarseness } from './compare-latency.ts';
import { redVerdicts, type MetricComparison } from './comparison.ts';
import type { Comparison } from './compare.ts';
import { defaultTolerances } from './tolerances.ts';

/** The runner's `updateSnapshots`, with the runner's meanings. */
export const snapshotModes = ['all', 'changed', 'missing', 'none', 'default'] as const;
export type SnapshotMode = (typeof snapshotModes)[number];

/** Whether `-u` was given: then a baseline is written, whether there was one or not. */
export function isUpdate(mode: SnapshotMode): boolean {
  return mode === 'all' || mode === 'changed';
}

export interface SnapshotRequest {
  /** Where the baseline's file is. */
  readonly path: string;
  readonly mode: SnapshotMode;
  /** Whether the test must have a baseline. Without one that is not required, nothing is compared. */
  readonly isRequired: boolean;
  /** Why this run must not become a baseline: undefined where it may. */
  readonly unfit: string | undefined;
  readonly capture: () => BaselineRun;
  readonly compare: (run: BaselineRun, baseline: readonly BaselineRun[]) => Comparison;
}

export interface Snapshot {
  readonly pass: boolean;
  /** Its first words say what happened: `Baseline written:`, `Baseline kept:`, `No baseline:`, … */
  readonly headline: string;
  readonly comparisons: readonly MetricComparison[];
  /** What a reader should know and no verdict depends on. */
  readonly notes: readonly string[];
  /** So many of the baseline's runs were compared with. */
  readonly runs: number;
}

/** Throws where the file can't be read, or written; it is left as it was then. */
export function takeSnapshot(request: SnapshotRequest): Snapshot {
  const { path, mode, unfit, isRequired } = request;
  const file = readBaseline(path);
  if (isUpdate(mode)) {
    if (unfit !== undefined) return said(false, `Baseline not written: ${path}: ${unfit}`);
    const run = request.capture();
    const written = withRun(file, run);
    writeBaseline(path, written);
    const headline = `Baseline written: ${path}, ${runsText(written.runs.length)}`;
    return said(true, headline, coarseNotes(run));
  }
  if (file !== undefined) return compared(request, file.runs);
  if (!isRequired) return said(true, `No baseline: ${path}: nothing is compared; -u writes it`);
  const reason = unfit ?? (mode === 'none' ? 'this run writes no snapshots' : undefined);
  if (reason !== undefined) {
    return said(false, `No baseline: ${path} (not written: ${reason}); -u writes it`);
  }
  const run = request.capture();
  writeBaseline(path, withRun(undefined, run));
  const headline = `Baseline written: ${path}, for there was none; commit it`;
  return said(mode === 'missing', headline, coarseNotes(run));
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

/** What a baseline by a generator that was late can't tell, by the tolerances that hold unless stated. */
function coarseNotes({ generatorLagP99Ms }: BaselineRun): string[] {
  const { latency, latencyFloorMs } = defaultTolerances;
  const lagMs = generatorLagP99Ms ?? 0;
  if (lagMs * coarseness <= latencyFloorMs) return [];
  const toldMs = (lagMs * coarseness) / latency.p95!;
  return [
    `this machine started requests up to ${formatMs(lagMs)} late (p99): of latencies below ` +
      `${formatMs(toldMs)} only large changes can be told; measure it on a quieter machine`,
  ];
}

function runsText(count: number): string {
  return `${count} run${count === 1 ? '' : 's'}`;
}
