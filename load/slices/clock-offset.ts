/** This machine's clock against the coordinator's, as NTP does it: the exchange with the shortest trip. */
import type { ClockOffset } from '../metrics/log/slices-in-log.ts';

/** One question to the coordinator: when it was asked and answered here, and what time it was there. */
export interface TimeExchange {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly theirsMs: number;
}

/**
 * Theirs is taken for the middle of ours. However unequal the ways there and back, that is wrong by at
 * most half the round trip: so the shortest one knows best (RFC 5905, 8 and 10).
 */
export function offsetOf(exchanges: readonly TimeExchange[]): ClockOffset {
  const [best] = [...exchanges].sort((a, b) => tripOf(a) - tripOf(b));
  if (best === undefined) throw new Error('no exchange to tell the time by');
  return {
    offsetMs: (best.askedMs + best.answeredMs) / 2 - best.theirsMs,
    roundTripMs: tripOf(best),
  };
}

function tripOf({ askedMs, answeredMs }: TimeExchange): number {
  return answeredMs - askedMs;
}
