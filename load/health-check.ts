/** Asks a system's health endpoint whether it is up, before and after a load. */
import { request } from 'undici';
import type { Clock } from './clock.ts';

export interface Health {
  readonly ok: boolean;
  /** URL, and status or error, with the first 200 characters of the body where it is not ok. */
  readonly detail: string;
}

const attemptMs = 2000;
const pauseMs = 250;

/** One question; never rejects. A redirect or anything but 2xx is not healthy. */
export async function checkHealth(url: string): Promise<Health> {
  try {
    const options = {
      headersTimeout: attemptMs,
      bodyTimeout: attemptMs,
      signal: AbortSignal.timeout(attemptMs),
    };
    const { statusCode, body } = await request(url, options);
    const text = (await body.text()).slice(0, 200);
    const ok = statusCode >= 200 && statusCode < 300;
    return { ok, detail: ok ? `${url}: ${statusCode}` : `${url}: ${statusCode} ${text}` };
  } catch (error) {
    return { ok: false, detail: `${url}: ${reasonOf(error)}` };
  }
}

/** Asks until the system is ready, at most for `limitMs`; the last answer counts. */
export async function awaitHealth(url: string, limitMs: number, clock: Clock): Promise<Health> {
  const endMs = clock.now() + limitMs;
  for (;;) {
    const health = await checkHealth(url);
    if (health.ok || clock.now() >= endMs) return health;
    await clock.until(clock.now() + pauseMs);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return [code, message].filter((part) => part !== undefined && part !== '').join(' ');
}
