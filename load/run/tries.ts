/**
 * What is asked before a load is asked again after a 5xx or a timeout: a service may have such errors within
 * its budget, and would otherwise start only every so often, in four slices less often still.
 */
import type { Sample } from '../metrics/record/sample.ts';
import type { Clock } from '../platform/clock.ts';

export type FailureKind = Sample['errorKind'];

/** How one try went; `kind` says how its request ended where it did not go through. */
export interface Try {
  readonly ok: boolean;
  readonly kind?: FailureKind;
}

export const moreTries = 3;
export const pauseMs = 1000;

/** Tries until it goes through, fails for good, or has been tried four times; `before` has the failures passed over. */
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

/** What the report says of a step that went through in the end; undefined where it did at once. */
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
  return kind === 'timeout' || kind === 'degraded' || /^status 5\d\d$/.test(kind ?? '');
}
