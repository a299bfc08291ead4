/** Rounds as in a log, made of stated figures. */
import { Histogram } from '../../../load/metrics/histogram.ts';
import type { Build, Round, SideRound } from '../../../load/paired/round.ts';

export interface StatedSide {
  /** Median of the ok answers. The others are spread evenly, a fifth in both directions. */
  readonly medianMs?: number;
  readonly requests?: number;
  readonly failed?: number;
  readonly bytesEach?: number;
  readonly name?: string;
  readonly lagMs?: number;
  /** The factor by which the second of two twins is faster. */
  readonly secondFaster?: number;
}

export function makeRound(
  number: number,
  base: StatedSide = {},
  head: StatedSide = {},
  builds: readonly [Build, Build] = ['A', 'B'],
): Round {
  return {
    type: 'round',
    number,
    builds: [...builds],
    startedAtMs: (number - 1) * 15_000,
    endedAtMs: number * 15_000,
    measuredMs: 6000,
    sides: [makeSide(base), makeSide(head)],
    faults: [],
  };
}

function makeSide(stated: StatedSide): SideRound {
  const { medianMs = 20, requests = 200, failed = 0, bytesEach = 100, secondFaster = 1 } = stated;
  const half = (requests - failed) / 2;
  const twins = (ms: number, notOk: number) => {
    const histogram = new Histogram();
    for (let i = 0; i < half; i++) histogram.record(1000 * ms * (0.8 + (0.4 * (i + 0.5)) / half));
    const outcomes = notOk > 0 ? { ok: half, failed: notOk } : { ok: half };
    return { outcomes, responseTime: histogram.toData() };
  };
  const error = { kind: 'status', count: failed, firstMs: 0, lastMs: 1, sample: '500' };
  return {
    url: 'http://127.0.0.1:1',
    first: twins(medianMs, failed),
    second: twins(medianMs / secondFaster, 0),
    errors: failed > 0 ? [error] : [],
    answers: { [stated.name ?? 'chat']: { count: requests, bytes: requests * bytesEach } },
    unanswered: [2, 2, 2, 2, 2, 2],
    overruns: 0,
    lagMs: stated.lagMs ?? 0,
  };
}

/**
 * Rounds in which head is slower by the factor `slower`, give or take a hundredth; every fifth is a
 * control.
 */
export function makeRounds(comparing: number, slower: number): Round[] {
  const rounds: Round[] = [];
  for (let number = 1, left = comparing; left > 0; number++) {
    const jitter = 1 + 0.01 * ((number % 3) - 1);
    if (number % 5 === 0) {
      rounds.push(makeRound(number, { medianMs: 20 }, { medianMs: 20 * jitter }, ['A', 'A']));
    } else {
      rounds.push(makeRound(number, { medianMs: 20 }, { medianMs: 20 * slower * jitter }));
      left -= 1;
    }
  }
  return rounds;
}
