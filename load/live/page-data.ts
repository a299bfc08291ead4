/** Data for the page besides a running load. Plain data, for a browser. */
import type { Comparison, LoadPage, Table } from '../report/html/page-data.ts';

/** Facts about the server of the page. */
export interface LiveHome {
  /** The only run that it shows. Absent: all runs. */
  readonly only?: string | undefined;
  readonly canStart: boolean;
  /** URL of a run's files, before `<run>/<file>`. */
  readonly files: string;
}

export interface EarlierRun {
  readonly id: string;
  readonly hasReport: boolean;
  /** True if a load run created it, so that it may be removed. */
  readonly canDelete: boolean;
}

export interface RunList {
  readonly runs: readonly EarlierRun[];
  /** One row per run. */
  readonly table: Table;
}

/** Two compared runs. */
export interface ComparedRuns {
  readonly before: string;
  readonly after: string;
  readonly tests: readonly ComparedTest[];
  /** Tests that only one run has, and why a pair could not be compared. */
  readonly notes: readonly string[];
}

export interface ComparedTest {
  readonly test: string;
  readonly comparison?: Comparison;
  readonly notes: readonly string[];
  readonly after: Charted;
  readonly before: Charted;
}

/** The chart data of a load, to be laid over another load's charts. */
export type Charted = Pick<LoadPage, 'charts' | 'phases' | 'marks' | 'endMs'>;

/** A load test that can be started: one scenario of one system. */
export interface Startable {
  readonly system: string;
  readonly scenario: string;
  readonly titles: readonly string[];
}

/** A problem with a field of a load run. */
export interface Problem {
  readonly field: string;
  /** The given value; undefined if it is missing. */
  readonly value: unknown;
  readonly accepted: string;
}

/** A load run that is saved as a file. */
export interface SavedRun {
  readonly name: string;
  readonly runs: readonly Readonly<Record<string, unknown>>[];
  /** Why it cannot be started; empty if it can. */
  readonly problems: readonly Problem[];
}
