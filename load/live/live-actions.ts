/**
 * The actions that a page may request, besides viewing. The functions that start and steer this project's
 * loads are passed in.
 */
import type { Problem, SavedRun, Startable } from './page-data.ts';
import type { Started } from './run-follower.ts';

/** Each throws a `Refusal` if the request is wrong or cannot be fulfilled now. */
export interface LiveActions {
  /** Lists everything that can be started. */
  readonly startable: () => Promise<readonly Startable[]>;
  /** The problems of a load run that is being edited. */
  readonly check: (file: unknown) => readonly Problem[];
  /** Starts the runs of a load run and returns their ids. */
  readonly start: (file: unknown) => readonly string[];
  readonly saved: () => readonly SavedRun[];
  readonly save: (file: unknown) => void;
  readonly startSaved: (name: string) => readonly string[];
  readonly stop: (run: string) => void;
  readonly steer: (
    run: string,
    change: { readonly users?: number | undefined; readonly rate?: number | undefined },
  ) => void;
  /** The runs that this process has started and that are not over. */
  readonly running: () => readonly string[];
  readonly startedOf: (run: string) => Started | undefined;
}
