/** What an exchange that did not complete counts as. */
import { errorKindOf, errorTextOf } from './error-kind.ts';
import type { Exchange, WireEnd } from './exchange.ts';

/**
 * A server that closes an idle connection does so before it can have seen the request: within a round
 * trip, and the grain of a busy event loop. Later it was working on it, and what it did is a reset.
 */
const grainMs = 25;

/** `isReused`: the socket had carried requests before this one. */
export function judgeWireEnd(
  exchange: Exchange,
  end: Exclude<WireEnd, { kind: 'complete' | 'answered' }>,
  isReused: boolean,
): void {
  const { sample, hasHeaders, status } = exchange;
  if (end.kind === 'timeout') {
    sample.judge(
      'timeout',
      'timeout',
      hasHeaders ? `after the headers of a ${status}` : 'no answer',
    );
  } else if (end.kind === 'interrupted') {
    sample.judge('interrupted', 'interrupted', 'cut off by the end of the run');
  } else if (end.kind === 'unreadable') {
    sample.judge('failed', 'task', `onChunk: ${errorTextOf(end.error)}`);
  } else if (end.kind === 'tooLarge') {
    sample.judge('invalid', 'tooLarge', 'the body passed the cap on its size');
  } else {
    const text = errorTextOf(end.error);
    const kind = errorKindOf(end.error);
    const isLost = kind === 'reset' || kind === 'truncated' || kind === 'other';
    const waitedMs = sample.endedAtMs - sample.startedAtMs;
    const wasIdle = isReused && waitedMs <= grainMs + 2 * exchange.connection.connectMs;
    // Headers came and the body did not: the answer was cut off, whatever cut it.
    if (hasHeaders && isLost) sample.judge('invalid', 'truncated', text);
    else if (kind === 'reset' && wasIdle) sample.judge('failed', 'closedIdle', text);
    else sample.judge('failed', kind, text);
  }
}
