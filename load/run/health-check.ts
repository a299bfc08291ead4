/**
 * Asks a system's health endpoint whether it is up, before and after a load. Nothing of it is measured.
 */
import { RequestNotOk } from '../clients/scope.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { FailureKind } from './tries.ts';
import { unmeasuredClient, type UnmeasuredRequest } from './unmeasured-client.ts';

export interface Health {
  readonly ok: boolean;
  /** URL, and status or error, with the first 200 characters of the body where it is not ok. */
  readonly detail: string;
  /** How the request ended, where it is not ok and one was sent. */
  readonly kind?: FailureKind;
}

const attemptMs = 2000;
const pauseMs = 250;
const asker = { name: 'health-check', number: -2, deadlineMs: attemptMs };

/**
 * One question; never rejects. Anything but 2xx is not healthy, nor is a redirect to another host or to a web
 * page; a user definition without a health endpoint is asked nothing, and healthy.
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
 * Asks until the system is ready, at most for `limitMs`, and no longer where it `isLost`; the last answer
 * counts.
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
