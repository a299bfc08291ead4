/**
 * Asks a system's health endpoint whether it is up, before and after a load. These requests are not
 * measured.
 */
import { RequestNotOk } from '../clients/scope.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { FailureKind } from './tries.ts';
import { unmeasuredClient, type UnmeasuredRequest } from './unmeasured-client.ts';

export interface Health {
  readonly ok: boolean;
  /** The URL and the status or error; if the answer is not ok, also the first 200 characters of its body. */
  readonly detail: string;
  /** How the request ended. Absent if it ended ok or none was sent. */
  readonly kind?: FailureKind;
}

const attemptMs = 2000;
const pauseMs = 250;
const asker = { name: 'health-check', number: -2, deadlineMs: attemptMs };

/**
 * Sends one request to the health endpoint. Never rejects. Healthy means a 2xx that was not redirected to
 * another host or to a web page. A user definition without a health endpoint counts as healthy, and no
 * request is sent.
 */
export async function checkHealth(request: UnmeasuredRequest): Promise<Health> {
  const { user, target } = request;
  if (user.health === undefined) return { ok: true, detail: 'no health endpoint is named' };
  const url = target.url + user.health;
  try {
    const client = unmeasuredClient(request, systemClock(), asker);
    try {
      const { status } = await client.get(user.health);
      return { ok: true, detail: `${url}: ${status}` };
    } finally {
      await client.close();
    }
  } catch (error) {
    const { message, cause } = error as Error;
    const kind = cause instanceof RequestNotOk ? cause.sample.errorKind : undefined;
    return { ok: false, detail: `${url}: ${message}`, kind };
  }
}

/**
 * Repeats the request until the system is ready, `limitMs` has passed or `isLost` says that the system is
 * gone. Resolves with the last answer.
 */
export async function awaitHealth(
  request: UnmeasuredRequest,
  limitMs: number,
  clock: Clock,
  isLost: () => boolean = () => false,
): Promise<Health> {
  const endMs = clock.now() + limitMs;
  for (;;) {
    const health = await checkHealth(request);
    if (health.ok || isLost() || clock.now() >= endMs) return health;
    await clock.until(clock.now() + pauseMs);
  }
}
