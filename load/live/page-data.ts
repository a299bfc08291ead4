/** What the page is told besides a run as it goes: plain data, for a browser. */
import type { Comparison, LoadPage, Table } from '../report/html/page-data.ts';

/** The server that the page is of. */
export interface LiveHome {
  /** The run that it shows alone. */
  readonly only?: string | undefined;
  readonly canStart: boolean;
  /** Where the files of a run are, before `<run>/<file>`. */
  readonly files: string;
}

export interface EarlierRun {
  readonly id: string;
  readonly hasReport: boolean;
  /** A load run made it, so it may be removed. */
  readonly canDelete: boolean;
}

export interface RunList {
  readonly runs: readonly EarlierRun[];
  /** A row for each of them. */
  readonly table: Table;
}

/** Two runs over one another. */
export interface ComparedRuns {
  readonly before: string;
  readonly after: string;
  readonly tests: readonly ComparedTest[];
  /** Tests that one of them has alone, and why a pair could not be compared. */
  readonly notes: readonly string[];
}

export interface ComparedTest {
  readonly test: string;
  readonly comparison?: Comparison;
  readonly notes: readonly string[];
  readonly after: Charted;
  readonly before: Charted;
}

/** What is drawn of a load, for the charts of another to be laid over it. */
export type Charted = Pick<LoadPage, 'charts' | 'phases' | 'marks' | 'endMs'>;

/** A load test that can be started: one scenario of one system. */
export interface Startable {
  readonly system: string;
  readonly scenario: string;
  readonly titles: readonly string[];
}

/** What is wrong with a field of a load run. */
export interface Problem {
  readonly field: string;
  /** As it was given; undefined where it is missing. */
  readonly value: unknown;
  readonly accepted: string;
}

/** A load run that is kept as a file. */
export interface SavedRun {
  readonly name: string;
  readonly runs: readonly Readonly<Record<string, unknown>>[];
  /** Why it can't be started; empty where it can. */
  readonly problems: readonly Problem[];
}
