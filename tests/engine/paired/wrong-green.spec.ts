/** Pairs whose head is worse, or of which too little is known: they must not be called alike. */
import { expect, test } from '@playwright/test';
import { parseTolerances, type PairTolerances } from '../../../load/paired/tolerances.ts';
import { makePair, pairPlan } from './make-pair.ts';
import { makeRound, type StatedSide } from './make-round.ts';

/** Comparing rounds; `head` gives the head's side of each, from 0. */
function comparing(count: number, head: (i: number) => StatedSide, base: StatedSide = {}) {
  return Array.from({ length: count }, (_, i) => {
    const jitter = 1 + 0.01 * ((i % 3) - 1);
    return makeRound(i + 1, base, { medianMs: 20 * jitter, ...head(i) });
  });
}

function judgedBy(tolerances: PairTolerances) {
  return { tolerances: [...parseTolerances(tolerances)] };
}

test('a look is decided by what was known then, not by the requests that came after it', () => {
  const few = { requests: 72 };
  const rounds = comparing(16, (i) => ({ ...few, failed: i < 8 ? 0 : 2 }), few);
  for (let n = 8; n < 16; n++) {
    const { verdict } = makePair(rounds.slice(0, n));
    expect([n, verdict.verdict, verdict.isFinal]).toEqual([n, 'undecided', false]);
  }
});

test('a look is decided by the lateness that was known then', () => {
  const rounds = comparing(15, (i) => ({ medianMs: 20.8, lagMs: i < 5 ? 12 : 0 }));
  expect(makePair(rounds.slice(0, 8)).verdict.verdict).toBe('undecided');
  expect(makePair(rounds).verdict.verdict).toBe('undecided');
});

test('the error rate is judged even if it is not named', () => {
  const { verdict } = makePair(
    comparing(8, () => ({ failed: 40 })),
    judgedBy({ p50: '10 %' }),
  );
  expect(verdict.verdict).toBe('slower');
  expect(verdict.metrics.at(-1)).toMatchObject({
    metric: 'errorRate',
    finding: 'worse',
    tolerance: { text: '0.5 points' },
  });
});

test('errors in a few rounds, which make a percentile infinite, are not called alike', () => {
  const often = [24, 0, 0, 24, 0, 0, 24, 0];
  const pair = makePair(
    comparing(8, (i) => ({ failed: often[i]! })),
    judgedBy({ p95: '10 %', errorRate: '20 points' }),
  );
  expect(pair.verdict.verdict).toBe('undecided');
  expect(pair.verdict.metrics[0]).toMatchObject({ finding: 'undecided', failedRounds: 3 });
});

for (const [who, base, head] of [
  ['one process', 0, 200],
  ['both processes', 200, 200],
] as const) {
  test(`a control in which ${who} of one build failed makes the pair invalid`, () => {
    const rounds = comparing(8, () => ({}));
    const control = makeRound(9, { failed: base }, { failed: head }, ['B', 'B']);
    const { verdict, faults } = makePair([...rounds, control]).verdict;
    expect(verdict).toBe('invalid');
    expect(faults[0]).toMatch(/^head is down or gives wrong answers: 100 % .* in round 9/);
  });
}

test('two processes of one build that fail differently make the pair invalid', () => {
  const rounds = comparing(8, () => ({}));
  const control = (failed: number) => makeRound(5, {}, { failed }, ['A', 'A']);
  const { verdict, faults } = makePair([...rounds, control(40)]).verdict;
  expect(verdict).toBe('invalid');
  expect(faults[0]).toMatch(
    /^two processes of base fail 0 % and 20\.0 % of their requests \(control, round 5\)/,
  );
  expect(makePair([...rounds, control(2)]).verdict.faults).toEqual([]);
});

test('a first round that was slower on both sides is a doubt, and nothing is called alike', () => {
  const cold = (i: number) => (i === 0 ? { medianMs: 26 } : {});
  const rounds = comparing(8, cold).map((round, i) =>
    i === 0 ? makeRound(1, { medianMs: 25 }, { medianMs: 26 }) : round,
  );
  const { verdict, doubt, isFinal } = makePair(rounds).verdict;
  expect({ verdict, isFinal }).toEqual({ verdict: 'undecided', isFinal: true });
  expect(doubt).toMatch(
    /^the first round was slower than later ones, by 25\.\d % on base and 30\.\d % on head/,
  );
  // On one side alone it is chance, and sides that are not restarted have warm caches of their own.
  expect(makePair(comparing(8, cold)).verdict.doubt).toBeUndefined();
  const sides = { ...pairPlan.sides, areRestarted: false };
  expect(makePair(rounds, { sides }).verdict.doubt).toBeUndefined();
});

test('without restarts a tolerance below what two processes differ by shows nothing alike', () => {
  const sides = { ...pairPlan.sides, kind: 'addresses', areRestarted: false } as const;
  const rounds = Array.from({ length: 8 }, (_, i) =>
    makeRound(i + 1, {}, { medianMs: 20 * (1 + 0.002 * ((i % 3) - 1)) }),
  );
  const found = (text: string) => {
    const { verdict } = makePair(rounds, { sides, ...judgedBy({ p50: text }) });
    return verdict.metrics[0]!;
  };
  expect(found('10 %').finding).toBe('same');
  expect(found('4 %')).toMatchObject({ finding: 'undecided', roundsNeeded: Infinity });
});
