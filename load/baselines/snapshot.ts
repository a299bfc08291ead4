/** What becomes of a run beside its baseline: compared with it, or written as one. Plain decisions. */
import type { BaselineRun } from './baseline-run.ts';
import { readBaseline, withRun, writeBaseline } from './baseline-file.ts';
import { redVerdicts, type MetricComparison } from './comparison.ts';

/** `update`: -u was given. `missing`: a first baseline may be written. `never`: CI writes none. */
export type SnapshotMode = 'update' | 'missing' | 'never';

export interface SnapshotRequest {
  /** Of the baseline's file. */
  readonly path: string;
  readonly mode: SnapshotMode;
  /** No verdict where the baseline is missing, or made by another plan, is a failure. */
  readonly strict: boolean;
  /** Why this run must not become a baseline: undefined where it may. */
  readonly unfit: string | undefined;
  readonly capture: () => BaselineRun;
  readonly compare: (baseline: readonly BaselineRun[], run: BaselineRun) => MetricComparison[];
}

export interface Snapshot {
  readonly pass: boolean;
  /** Its first words say what happened: `Baseline written:`, `Baseline kept:`, `No baseline:`, … */
  readonly headline: string;
  readonly comparisons: readonly MetricComparison[];
}

/** Throws where the file can't be read, or written; it is left as it was then. */
export function takeSnapshot(request: SnapshotRequest): Snapshot {
  const { path, mode, unfit } = request;
  const file = readBaseline(path);
  if (mode === 'update') {
    if (unfit !== undefined) return said(false, `Baseline not written: ${path}: ${unfit}`);
    const written = withRun(file, request.capture());
    writeBaseline(path, written);
    return said(true, `Baseline written: ${path}, ${runsText(written.runs.length)}`);
  }
  if (file !== undefined) return compared(request, file.runs);
  if (mode === 'missing' && unfit === undefined) {
    writeBaseline(path, withRun(undefined, request.capture()));
    return said(!request.strict, `Baseline written: ${path}, for there was none; commit it`);
  }
  const reason = unfit === undefined ? 'CI writes none' : unfit;
  return said(!request.strict, `No baseline: ${path} (not written: ${reason}); -u writes it`);
}

function compared(request: SnapshotRequest, baseline: readonly BaselineRun[]): Snapshot {
  const { path, strict } = request;
  const comparisons = request.compare(baseline, request.capture());
  const red = comparisons.filter(({ verdict }) => redVerdicts.has(verdict));
  const undecided = comparisons.filter(({ verdict }) => verdict === 'incomparable');
  const beside = `${path}, ${runsText(baseline.length)}`;
  if (red.length > 0) {
    const worse = `${red.length} of ${comparisons.length} comparisons`;
    return { pass: false, headline: `Worse than the baseline: ${worse} (${beside})`, comparisons };
  }
  if (undecided.length > 0) {
    return { pass: !strict, headline: `Not comparable with the baseline: ${beside}`, comparisons };
  }
  return { pass: true, headline: `Baseline kept: ${beside}`, comparisons };
}

function said(pass: boolean, headline: string): Snapshot {
  return { pass, headline, comparisons: [] };
}

function runsText(count: number): string {
  return `${count} run${count === 1 ? '' : 's'}`;
}
