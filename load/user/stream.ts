/** What the virtual users of one stream of load share. */
import type { Deadlines } from '../clients/deadlines.ts';
import type { Http } from '../clients/http/http.ts';
import type { RequestScope } from '../clients/scope.ts';
import type { Clock } from '../platform/clock.ts';
import type { Gate } from '../executors/arrival-gate.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import type { DrawKey } from '../platform/random.ts';
import type { DatasetReader } from './dataset.ts';
import type { TargetInfo, UserDefinition, UserIdentity } from './define-user.ts';
import type { TaskPicker } from './task-picker.ts';

export interface Stream {
  readonly number: number;
  readonly definition: UserDefinition;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly gate: Gate;
  readonly deadlines: Deadlines;
  readonly key: DrawKey;
  readonly target: TargetInfo;
  readonly data: DatasetReader<unknown> | undefined;
  readonly picker: TaskPicker;
  readonly runId: string;
  readonly newClient: (scope: RequestScope, user: UserIdentity) => Client;
}

/** A client of one virtual user: what tasks call, and how its connections are let go. */
export interface Client {
  readonly http: Http;
  close(): Promise<void> | void;
}

/** What all tasks tolerate, the system may do before and after them, too. */
export function alwaysTolerates({ definition: { tasks } }: Stream): boolean {
  return Object.values(tasks).every(({ toleratesDegraded }) => toleratesDegraded);
}
