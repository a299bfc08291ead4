/**
 * When the rounds of a pair are looked at, and how much of the risk of a false alarm each look may use:
 * half of what is left, and the last one the rest (Lan & DeMets, "Discrete sequential boundaries for
 * clinical trials", Biometrika 70, 1983, with the simplest spending function). All looks together use 1
 * %.
 */
export const wholeRisk = 0.01;
const roundsBetween = 8;

export interface Look {
  /** Comparing rounds so far, without controls. */
  readonly rounds: number;
  /** The risk of a false alarm that this look may use. */
  readonly risk: number;
}

/** Looks after each 8 rounds and after the last one. `mostRounds` is at least 1. */
export function looksWithin(mostRounds: number): readonly Look[] {
  const regular = Math.ceil(mostRounds / roundsBetween) - 1;
  const halved = Array.from({ length: regular }, (_, i): Look => {
    return { rounds: (i + 1) * roundsBetween, risk: wholeRisk / 2 ** (i + 1) };
  });
  return [...halved, { rounds: mostRounds, risk: wholeRisk / 2 ** regular }];
}
