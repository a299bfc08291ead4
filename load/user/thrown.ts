/** What comes through a piece of the user's code, and what it says of how that ended. */
import { RequestNotOk } from '../clients/scope.ts';
import type { Sample } from '../metrics/record/sample.ts';
import { loadOver } from './measured.ts';

/** Thrown through a task that failed itself. */
export const iterationOver = new Error('the iteration is over');

export type Ending = Pick<Sample, 'outcome' | 'errorKind' | 'errorDetail'>;

/** Whether it is counted already, or was nobody's fault. */
export function isSettled(error: unknown): boolean {
  return error === iterationOver || error === loadOver || error instanceof RequestNotOk;
}

/** How the request ended that it tells of. */
export function endingOf(error: unknown): Ending | undefined {
  if (!(error instanceof RequestNotOk)) return undefined;
  const { outcome, errorKind, errorDetail } = error.sample;
  return { outcome, errorKind, errorDetail };
}

export function failureOf(reason: string): Ending {
  return { outcome: 'failed', errorKind: 'task', errorDetail: reason };
}

export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
