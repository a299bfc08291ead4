/**
 * Asks a system's health endpoint whether it is up, before and after a load: through the same client,
 * headers, certificates and proxy as the load itself, only unmeasured.
 */
import { Deadlines } from '../clients/deadlines.ts';
import { RequestNotOk, type RequestScope } from '../clients/scope.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { Recorder } from '../metrics/record/recorder.ts';
import type { NewClients } from '../clients/client.ts';
import type { TargetInfo, UserDefinition } from '../user/define-user.ts';

export interface Health {
  readonly ok: boolean;
  /** URL, and status or error, with the first 200 characters of the body where it is not ok. */
  readonly detail: string;
}

export interface HealthRequest {
  readonly user: UserDefinition;
  readonly target: TargetInfo;
  readonly newClients: NewClients;
}

const attemptMs = 2000;
const pauseMs = 250;
const identity = { number: -2, uniqueId: 'health-check' };

/**
 * One question; never rejects. A redirect or anything but 2xx is not healthy; a user definition without
 * a health endpoint is asked nothing, and healthy.
 */
export async function checkHealth({ user, target, newClients }: HealthRequest): Promise<Health> {
  if (user.health === undefined) return { ok: true, detail: 'no health endpoint is stated' };
  const url = target.url + user.health;
  const clock = systemClock();
  const phases = [{ name: 'warm-up' as const, startMs: 0 }];
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 1, slowMs: undefined }]);
  const deadlines = new Deadlines(clock);
  const scope: RequestScope = {
    clock,
    recorder,
    deadlineMs: attemptMs,
    toleratesDegraded: false,
    schedule: () =>
      recorder.schedule(recorder.ref(0, 'health', 'health'), clock.now(), clock.now()),
    settle: () => undefined,
  };
  try {
    const clients = newClients({ clock, recorder, deadlines, user, target });
    const client = clients.newClient(scope, identity);
    try {
      const { status } = await client.http.get(user.health);
      return { ok: true, detail: `${url}: ${status}` };
    } finally {
      await client.close();
      await clients.close();
    }
  } catch (error) {
    return { ok: false, detail: `${url}: ${reasonOf(error)}` };
  }
}

/** Asks until the system is ready, at most for `limitMs`; the last answer counts. */
export async function awaitHealth(
  request: HealthRequest,
  limitMs: number,
  clock: Clock,
): Promise<Health> {
  const endMs = clock.now() + limitMs;
  for (;;) {
    const health = await checkHealth(request);
    if (health.ok || clock.now() >= endMs) return health;
    await clock.until(clock.now() + pauseMs);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof RequestNotOk)) return String(error);
  const { errorKind = 'not ok', errorDetail } = error.sample;
  return `${errorKind} ${errorDetail}`;
}
