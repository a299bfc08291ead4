/** What a page may ask for besides looking: the loads of this project are started and steered by what is handed in. */
import type { Problem, SavedRun, Startable } from './page-data.ts';
import type { Started } from './run-follower.ts';

/** Each throws a `Refusal` where what is asked is wrong, or can't be done now. */
export interface LiveActions {
  /** What the form offers. */
  readonly startable: () => Promise<readonly Startable[]>;
  /** What is wrong with a load run, as the page has it. */
  readonly check: (file: unknown) => readonly Problem[];
  /** Starts the runs of a load run; gives their ids. */
  readonly start: (file: unknown) => readonly string[];
  readonly saved: () => readonly SavedRun[];
  readonly save: (file: unknown) => void;
  readonly startSaved: (name: string) => readonly string[];
  readonly stop: (run: string) => void;
  readonly steer: (
    run: string,
    change: { readonly users?: number | undefined; readonly rate?: number | undefined },
  ) => void;
  /** Those that this process has started and that are not over. */
  readonly running: () => readonly string[];
  readonly startedOf: (run: string) => Started | undefined;
}
