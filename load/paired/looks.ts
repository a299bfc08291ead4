/**
 * When the rounds of a pair are looked at, and how much of the risk of a false alarm each look may spend:
 * half of what is left, and the last one the rest (Lan & DeMets, "Discrete sequential boundaries for
 * clinical trials", Biometrika 70, 1983, with the simplest spending there is). Over all looks it is 1 %.
 */
export const wholeRisk = 0.01;
const roundsBetween = 8;

export interface Look {
  /** Rounds that compare the sides, up to here; controls are not among them. */
  readonly rounds: number;
  /** Risk of a false alarm that this look may spend. */
  readonly risk: number;
}

/** After each 8 rounds, and after the last; `mostRounds` is at least 1. */
export function looksWithin(mostRounds: number): readonly Look[] {
  const regular = Math.ceil(mostRounds / roundsBetween) - 1;
  const halved = Array.from({ length: regular }, (_, i): Look => {
    return { rounds: (i + 1) * roundsBetween, risk: wholeRisk / 2 ** (i + 1) };
  });
  return [...halved, { rounds: mostRounds, risk: wholeRisk / 2 ** regular }];
}
