/** Kinds of machines that disturb a generator, more severely than most real ones. */
import { drawKey, exponential, purpose, uniform } from '../../load/platform/random.ts';
import type { Block } from './disturbed-clock.ts';

export type Disturbance = (untilMs: number, seed: number) => readonly Block[];

/** The loop is held for `heldMs` out of every `periodMs`. */
function duty(heldMs: number, periodMs: number): Disturbance {
  return (untilMs, seed) => {
    const blocks: Block[] = [];
    const offsetMs = uniform(drawKey(seed, 'duty'), 0, purpose('offset')) * periodMs;
    for (let startMs = offsetMs; startMs < untilMs; startMs += periodMs) {
      blocks.push({ startMs, endMs: startMs + heldMs });
    }
    return blocks;
  };
}

/** Turns of exponentially distributed length, with pauses of exponentially distributed length. */
function randomDelays(meanMs: number, meanPauseMs: number): Disturbance {
  return (untilMs, seed) => {
    const key = drawKey(seed, 'delays');
    const blocks: Block[] = [];
    let startMs = 0;
    for (let i = 0; startMs < untilMs; i++) {
      startMs += 0.1 + exponential(key, i, purpose('pause')) * meanPauseMs;
      const endMs = startMs + exponential(key, i, purpose('delay')) * meanMs;
      blocks.push({ startMs, endMs });
      startMs = endMs;
    }
    return blocks;
  };
}

/** Stalls of one length at random moments. */
function stalls(lengthMs: number, perMinute: number): Disturbance {
  const meanPauseMs = 60_000 / perMinute;
  return (untilMs, seed) => {
    const key = drawKey(seed, 'stalls');
    const blocks: Block[] = [];
    // There is always at least one.
    let startMs = uniform(key, 0, purpose('first')) * Math.min(meanPauseMs, 0.9 * untilMs);
    for (let i = 0; startMs < untilMs; i++) {
      blocks.push({ startMs, endMs: startMs + lengthMs });
      startMs += lengthMs + exponential(key, i, purpose('pause')) * meanPauseMs;
    }
    return blocks;
  };
}

/** Other work uses the processor on and off: half of the time in slices, then nothing. */
function starved(sliceMs: number, burstMs: number): Disturbance {
  const inBurst = duty(sliceMs, 2 * sliceMs);
  return (untilMs, seed) =>
    inBurst(untilMs, seed).filter(({ startMs }) => Math.floor(startMs / burstMs) % 2 === 0);
}

export const disturbances = {
  none: () => [],
  'constant lag of up to 4 ms': duty(4, 5),
  'constant lag of up to 12 ms': duty(12, 13),
  'random delays, mean 3 ms': randomDelays(3, 10),
  'random delays, mean 12 ms': randomDelays(12, 40),
  'bursts of 60 ms, each second': stalls(60, 60),
  'one stall of 0.2 s a minute': stalls(200, 1),
  'one stall of 0.55 s a minute': stalls(550, 1),
  'stalls of 1 s, three a minute': stalls(1000, 3),
  'stalls of 3 s, one a minute': stalls(3000, 1),
  'blocked 9 ms of every 20 ms': duty(9, 20),
  'CPU taken 8 ms of every 16 ms, for 5 s of every 10 s': starved(8, 5000),
  'CPU taken 40 ms of every 80 ms, for 5 s of every 10 s': starved(40, 5000),
} as const satisfies Record<string, Disturbance>;
