import { expect, test } from '@playwright/test';
import { decide, type Compared } from '../../../load/paired/decide.ts';

const tolerance = Math.log(1.1);

/** Rounds around a mean, each at the given distance on either side. */
function around(mean: number, spread: number, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, n) => mean + (n % 2 === 0 ? spread : -spread));
}

function compared(values: readonly number[], more: Partial<Compared> = {}): Compared {
  const resolutions = values.map(() => 0.001);
  return { values, resolutions, tolerance, floor: 0, hidden: values.map(() => 0), ...more };
}

function findingOf(one: Compared, rounds = one.values.length, mostRounds = 40) {
  const decisions = decide(new Map([['p50', one]]), rounds, mostRounds);
  return { ...decisions, ...decisions.byMetric.get('p50')! };
}

test('nothing is decided before the first look, however clear it is', () => {
  expect(findingOf(compared(around(0.5, 0.01, 7)))).toMatchObject({
    finding: 'undecided',
    isFinal: false,
    rounds: 7,
  });
});

test('a proven difference above half of the tolerance is worse, and ends it', () => {
  const found = findingOf(compared(around(0.06, 0.01, 8)));
  expect(found).toMatchObject({ finding: 'worse', isFinal: true, rounds: 8 });
});

test('a proven difference below half of the tolerance is none', () => {
  expect(findingOf(compared(around(0.04, 0.01, 8)))).toMatchObject({ finding: 'same' });
});

test('what is faster mirrors what is slower', () => {
  expect(findingOf(compared(around(-0.2, 0.01, 8)))).toMatchObject({ finding: 'better' });
});

test('wide rounds are undecided, and say how many it would take', () => {
  const { finding, isFinal, roundsNeeded } = findingOf(compared(around(0, 0.3, 8)));
  expect({ finding, isFinal }).toEqual({ finding: 'undecided', isFinal: false });
  expect(roundsNeeded).toBeGreaterThan(100);
});

test('what lateness may hide is not called alike, and what it did not hide stands', () => {
  const alike = around(0.04, 0.01, 8);
  expect(findingOf(compared(alike)).finding).toBe('same');
  const hidden = alike.map(() => 0.6);
  expect(findingOf(compared(alike, { hidden })).finding).toBe('undecided');
  expect(findingOf(compared(around(0.06, 0.01, 8), { hidden })).finding).toBe('worse');
});

test('the first look that decides stands, whatever comes after it', () => {
  const values = [...around(0.2, 0.01, 8), ...around(-0.5, 0.01, 8)];
  expect(findingOf(compared(values))).toMatchObject({ finding: 'worse', rounds: 8 });
});

test('rounds after a look are shown, and decide nothing until the next', () => {
  const values = [...around(0, 0.3, 8), ...around(0.9, 0.01, 4)];
  const found = findingOf(compared(values));
  expect(found).toMatchObject({ finding: 'undecided', rounds: 12 });
  expect(found.estimate!.mean).toBeCloseTo(0.3, 6);
});

test('the last look ends it, undecided or not', () => {
  expect(findingOf(compared(around(0, 0.3, 12)), 12, 12)).toMatchObject({
    finding: 'undecided',
    isFinal: true,
  });
});

test('without restarts a difference must be proven to be above the floor', () => {
  const values = around(0.07, 0.01, 8);
  expect(findingOf(compared(values)).finding).toBe('worse');
  expect(findingOf(compared(values, { floor: Math.log(1.05) })).finding).toBe('worse');
  const close = around(0.06, 0.02, 8);
  expect(findingOf(compared(close)).finding).toBe('worse');
  expect(findingOf(compared(close, { floor: Math.log(1.05) })).finding).not.toBe('worse');
});

test('of three metrics one must be clearer than it would have to be alone', () => {
  const t = 4.2;
  const spread = 0.05;
  const deviation = spread * Math.sqrt(8 / 7);
  const one = compared(around((t * deviation) / Math.sqrt(8), spread, 8));
  expect(findingOf(one).finding).toBe('worse');
  const other = compared(around(0.001, 0.05, 8));
  const three = new Map([
    ['p50', one],
    ['p95', other],
    ['p99', other],
  ]);
  expect(decide(three, 8, 40).byMetric.get('p50')!.finding).toBe('undecided');
});

test('a percentile that is infinite in most rounds decides nothing', () => {
  const values = [NaN, NaN, NaN, NaN, NaN, 0.5, 0.5, 0.5];
  expect(findingOf(compared(values))).toMatchObject({ finding: 'undecided', estimate: undefined });
});

test('a round in which only one side has a figure rules out that they are alike', () => {
  const values = around(0.01, 0.005, 8);
  expect(findingOf(compared(values)).finding).toBe('same');
  expect(findingOf(compared([Infinity, ...values.slice(1)])).finding).toBe('undecided');
  expect(findingOf(compared([NaN, ...values.slice(1)])).finding).toBe('same');
  expect(findingOf(compared([-Infinity, ...around(0.2, 0.01, 7)])).finding).toBe('worse');
});

test('an undecided metric needs more rounds than it had', () => {
  const found = findingOf(compared(around(0.046, 0.07, 16)), 16);
  expect(found.finding).toBe('undecided');
  expect(found.roundsNeeded).toBe(17);
});

test('no failure among few requests is no proof that there are few', () => {
  const none = Array.from({ length: 8 }, () => 0);
  const shareOf = (requests: number) =>
    compared(none, {
      tolerance: 0.005,
      resolutions: none.map((_, i) => (8 * Math.log(100)) / (requests * (i + 1))),
    });
  expect(findingOf(shareOf(500))).toMatchObject({ finding: 'undecided', roundsNeeded: 15 });
  expect(findingOf(shareOf(1000)).finding).toBe('same');
  // More rounds have more requests, but the look at the first 8 knew only theirs.
  const later = { ...shareOf(500), values: [...none, ...none.slice(1)] };
  const finer = {
    ...later,
    resolutions: [...later.resolutions, ...none.slice(1).map(() => 0.001)],
  };
  expect(findingOf({ ...finer, hidden: finer.values.map(() => 0) }).finding).toBe('undecided');
});
