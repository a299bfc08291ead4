/** The virtual users of one load stream share these. */
import type { Client } from '../clients/client.ts';
import type { Deadlines } from '../clients/deadlines.ts';
import type { RequestScope } from '../clients/scope.ts';
import type { Clock } from '../platform/clock.ts';
import type { ArrivalGate } from '../executors/arrival-gate.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import type { DrawKey } from '../platform/random.ts';
import type { DatasetReader } from './dataset.ts';
import type { TargetInfo, UserDefinition, UserIdentity } from './define-user.ts';
import type { TaskPicker } from './draws.ts';

export interface LoadStreamContext {
  readonly number: number;
  readonly definition: UserDefinition;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly gate: ArrivalGate;
  readonly deadlines: Deadlines;
  readonly key: DrawKey;
  readonly target: TargetInfo;
  readonly data: DatasetReader<unknown> | undefined;
  readonly picker: TaskPicker;
  readonly runId: string;
  readonly newClient: (scope: RequestScope, user: UserIdentity) => Client;
  /** Receives each error thrown by the user's code. Preflight uses it to report the error. */
  readonly onThrown?: ((error: unknown) => void) | undefined;
}

/** Whether all tasks tolerate degraded answers; `onStart` and `onStop` then tolerate them as well. */
export function alwaysTolerates({ definition: { tasks } }: LoadStreamContext): boolean {
  return Object.values(tasks).every(({ toleratesDegraded }) => toleratesDegraded);
}
