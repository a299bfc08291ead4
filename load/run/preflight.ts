/**
 * Before the load: the system's health endpoint, then one iteration of every task, judged like any
 * other. A level in which every request fails in 5 ms must never look fast, so it never begins.
 */
import { systemClock } from '../platform/clock.ts';
import { ArrivalGate } from '../executors/arrival-gate.ts';
import type { Sample } from '../metrics/record/sample.ts';
import { drawKey } from '../platform/random.ts';
import { wholeLoad, type Slice } from '../workload/slice.ts';
import { DatasetReader } from '../user/dataset.ts';
import { TaskPicker } from '../user/draws.ts';

import { VirtualUser } from '../user/virtual-user.ts';
import { unmeasuredClients, type UnmeasuredRequest } from './unmeasured-client.ts';

export interface PreflightRequest extends UnmeasuredRequest {
  readonly runId: string;
  readonly seed: number;
  /** Where there are several, each is checked by a user of its own; default: the whole load. */
  readonly slice?: Slice;
}

/** A task did not go through; `kind` says how its request ended (`status 401`), where there was one. */
export class PreflightFailed extends Error {
  override readonly name = 'PreflightFailed';
  readonly kind: Sample['errorKind'];

  constructor(message: string, kind: Sample['errorKind']) {
    super(message);
    this.kind = kind;
  }
}

/** Preflight's user has a number of its own, below all others. */
const preflightNumber = -1;

/**
 * Runs every task once, with `onStart`, and measures nothing. Throws at the first request that does not
 * end ok, naming task, URL, status and the first 200 characters of the body.
 */
export async function preflight(request: PreflightRequest): Promise<void> {
  const { user, target, slice = wholeLoad } = request;
  const name = slice.count === 1 ? 'preflight' : `preflight-${slice.index}`;
  const clock = systemClock();
  const seen: Sample[] = [];
  const { recorder, deadlines, clients } = unmeasuredClients(request, clock, (sample) => {
    seen.push(sample);
  });
  const key = drawKey(request.seed, name);
  const virtualUser = new VirtualUser(
    {
      clock,
      recorder,
      deadlines,
      target,
      key,
      number: 0,
      definition: user,
      gate: new ArrivalGate(clock),
      // A reader of its own: the load's dataset starts at its first row.
      data: user.data === undefined ? undefined : new DatasetReader(user.data, slice, key),
      picker: new TaskPicker(user.tasks),
      runId: `${request.runId}-${name}`,
      newClient: (scope, identity) => clients.newClient(scope, identity),
    },
    preflightNumber,
  );
  const check = (task: string, isOk: boolean): void => {
    const bad = seen.find(({ outcome }) => outcome !== 'ok');
    if (!isOk || bad !== undefined) {
      throw new PreflightFailed(complaint(task, target.url, bad), bad?.errorKind);
    }
  };
  try {
    check('onStart', (await virtualUser.start(0, 0)) !== undefined);
    for (const [task, definition] of Object.entries(user.tasks)) {
      if (!definition.preflight) continue;
      check(task, await virtualUser.runTask(task, definition, clock.now(), clock.now()));
    }
  } finally {
    await virtualUser.stop();
    await clients.close();
  }
}

function complaint(task: string, targetUrl: string, sample: Sample | undefined): string {
  if (sample === undefined) return `Preflight: task "${task}" did not go through at ${targetUrl}`;
  const { outcome, errorKind = '', errorDetail, url } = sample;
  const where = url === '' ? targetUrl : url;
  return (
    `Preflight: task "${task}" ended ${outcome} (${errorKind}), so no load was sent\n` +
    `  ${where}\n  ${errorDetail.slice(0, 200)}`
  );
}
