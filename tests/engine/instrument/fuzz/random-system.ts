/**
 * Systems that answer, refuse, fail, freeze and hang at random, independent of the caller and of other
 * requests.
 */
import { JudgedFailure } from '../../../../load/clients/scope.ts';
import { hangs, type System } from '../../virtual-load.ts';
import type { Draws } from './draws.ts';

const failures = [
  { outcome: 'failed', kind: 'status 500' },
  { outcome: 'failed', kind: 'status 503' },
  { outcome: 'failed', kind: 'refused' },
  { outcome: 'failed', kind: 'closedIdle' },
  { outcome: 'invalid', kind: 'schema' },
  { outcome: 'throttled', kind: 'throttled' },
  { outcome: 'degraded', kind: 'degraded' },
] as const;

export function randomSystem(draws: Draws): System {
  const fastestMs = draws.scaled(1, 100);
  const spreadMs = draws.scaled(1, 800);
  const failing = draws.maybe(0.5, draws.scaled(0.005, 0.3)) ?? 0;
  const hanging = draws.maybe(0.2, draws.scaled(0.002, 0.1)) ?? 0;
  const failure = draws.of(failures);
  const frozenFromMs = draws.between(500, 8000);
  const frozenMs = draws.maybe(0.25, draws.scaled(100, 4000)) ?? 0;
  return async ({ atMs, draws: [first, second] }, clock) => {
    if (second > 1 - hanging) return hangs();
    const answersMs = atMs + fastestMs + spreadMs * first ** 3;
    const isFrozen = answersMs > frozenFromMs && answersMs < frozenFromMs + frozenMs;
    // Delayed answers come one by one, in their original order.
    const thawedMs = frozenFromMs + frozenMs + (answersMs - frozenFromMs) / 100;
    await clock.until(isFrozen ? thawedMs : answersMs);
    if (second < failing) throw new JudgedFailure({ ...failure, detail: 'drawn to fail' });
  };
}
