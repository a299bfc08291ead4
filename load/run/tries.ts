/**
 * Checks before a load are repeated after a 5xx or a timeout. A service may have such errors within its
 * budget, and a single try would then often refuse the load, in four slices even more often.
 */
import { statusOf, type Sample } from '../metrics/record/sample.ts';
import type { Clock } from '../platform/clock.ts';

export type FailureKind = Sample['errorKind'];

/** How one try went. `kind` says how its request ended, if it failed. */
export interface Try {
  readonly ok: boolean;
  readonly kind?: FailureKind;
}

export const moreTries = 3;
export const pauseMs = 1000;

/**
 * Tries up to four times, until a try succeeds or fails with an error that does not pass. `before` holds
 * the failures that were passed over.
 */
export async function tryAgain<T extends Try>(
  clock: Clock,
  attempt: () => Promise<T>,
): Promise<{ last: T; before: readonly string[] }> {
  const before: string[] = [];
  for (;;) {
    const last = await attempt();
    if (last.ok || !mayPass(last.kind) || before.length === moreTries) return { last, before };
    before.push(last.kind!);
    await clock.until(clock.now() + pauseMs);
  }
}

/** The report's note on a step that succeeded after failed tries; undefined if the first try succeeded. */
export function triesNote(step: string, before: readonly string[]): string | undefined {
  return before.length === 0
    ? undefined
    : `preflight: ${step} went through ${afterFailures(before)}`;
}

export function afterFailures(before: readonly string[]): string {
  const count = before.length === 1 ? 'one failure' : `${before.length} failures`;
  return `after ${count} (${before.join(', ')})`;
}

/** `degraded` is a 503 that the task tolerates. */
function mayPass(kind: FailureKind): boolean {
  return kind === 'timeout' || kind === 'degraded' || (statusOf(kind) ?? 0) >= 500;
}
