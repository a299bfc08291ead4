/** How far this machine's clock is from the coordinator's. */
import type { ClockOffset } from '../metrics/log/slices-in-log.ts';

/**
 * One time request to the coordinator: when it was sent and answered by this clock, and the coordinator's
 * time.
 */
export interface TimeExchange {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly theirsMs: number;
}

/**
 * This machine's clock offset from the coordinator's, as in NTP: from the exchange with the shortest
 * round trip. The coordinator's time is assumed to be at its middle. With unequal ways there and back
 * this is wrong by at most half of the round trip, so the shortest one is the most precise (RFC 5905, 8
 * and 10).
 */
export function offsetOf(exchanges: readonly TimeExchange[]): ClockOffset {
  const [best] = [...exchanges].sort((a, b) => tripOf(a) - tripOf(b));
  if (best === undefined) throw new Error('no exchange from which to compute the offset');
  const middleMs = (best.askedMs + best.answeredMs) / 2;
  return { offsetMs: middleMs - best.theirsMs, roundTripMs: tripOf(best) };
}

function tripOf({ askedMs, answeredMs }: TimeExchange): number {
  return answeredMs - askedMs;
}
