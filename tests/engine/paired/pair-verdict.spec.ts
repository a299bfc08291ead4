import { expect, test } from '@playwright/test';
import { verdictOn } from '../../../load/paired/pair-verdict.ts';
import type { Round } from '../../../load/paired/round.ts';
import { defaultTolerances, parseTolerances } from '../../../load/paired/tolerances.ts';
import { makeRound, makeRounds, type StatedSide } from './make-round.ts';

const rules = {
  tolerances: parseTolerances(defaultTolerances),
  mostRounds: 40,
  areRestarted: true,
};

function eight(base: StatedSide, head: StatedSide): Round[] {
  return Array.from({ length: 8 }, (_, i) => makeRound(i + 1, base, head));
}

test('a head that is a tenth slower is slower; its figures are the medians over the rounds', () => {
  const { verdict, rounds, controls, metrics } = verdictOn(makeRounds(8, 1.1), rules);
  expect({ verdict, rounds, controls }).toEqual({ verdict: 'slower', rounds: 8, controls: 1 });
  const [p50] = metrics;
  expect(p50!.figures[0]).toBeCloseTo(20, 1);
  expect(p50!.figures[1]).toBeCloseTo(22, 1);
  expect(Math.expm1(p50!.difference!)).toBeCloseTo(0.1, 2);
  expect(p50!.interval![0]).toBeLessThan(p50!.difference!);
});

test('controls are no rounds that compare', () => {
  const controls = [5, 10].map((number) => makeRound(number, {}, { medianMs: 20.1 }, ['B', 'B']));
  const { rounds, controls: counted } = verdictOn([...makeRounds(4, 1), ...controls], rules);
  expect(rounds).toBe(4);
  expect(counted).toBe(2);
});

test('a control far beyond what rounds vary by makes the pair invalid', () => {
  const odd = makeRound(10, { medianMs: 20 }, { medianMs: 26 }, ['B', 'B']);
  const { verdict, faults } = verdictOn([...makeRounds(8, 1.1), odd], rules);
  expect(verdict).toBe('invalid');
  expect(faults[0]).toMatch(
    /^two processes of head differ in p50 by [\d.]+ standard deviations \(control, round 10\)/,
  );
});

test('without restarts a difference below 5 % is not called slower', () => {
  const addresses = { ...rules, areRestarted: false };
  const rounds = makeRounds(16, 1.055).filter(({ builds: [a, b] }) => a !== b);
  expect(verdictOn(rounds, rules).verdict).toBe('slower');
  expect(verdictOn(rounds, addresses).verdict).not.toBe('slower');
  expect(verdictOn(makeRounds(8, 1.2), addresses).verdict).toBe('slower');
});

test('two endpoints behind one name are told, never called alike', () => {
  const { verdict, faults } = verdictOn(eight({ bytesEach: 100 }, { bytesEach: 900 }), rules);
  expect(verdict).toBe('invalid');
  expect(faults).toEqual([
    'base and head answer "chat" with 100 and 900 bytes on average: is it the same endpoint on both sides? ' +
      "If it is, set answersMayDiffer: ['chat'] for comparePair",
  ]);
  const meant = { ...rules, answersMayDiffer: ['chat'] };
  const found = verdictOn(eight({ bytesEach: 900 }, { bytesEach: 100 }), meant);
  expect(found.verdict).toBe('no difference');
});

test('a name that only one side was sent is told', () => {
  const { faults } = verdictOn(eight({ name: 'chat' }, { name: 'ask' }), rules);
  expect(faults[0]).toBe('only base was sent "chat": is it the same endpoint on both sides?');
});

test('answers that are a little longer are of the same endpoint', () => {
  expect(verdictOn(eight({ bytesEach: 100 }, { bytesEach: 150 }), rules).faults).toEqual([]);
});

test('a side falls behind if most rounds show it, and three are the fewest that say so', () => {
  const [round] = eight({}, {});
  const [base, head] = round!.sides;
  const behind: Round = { ...round!, sides: [base, { ...head, overruns: 4 }] };
  const faultsOf = (rounds: readonly Round[]) => verdictOn(rounds, rules).faults;
  expect(faultsOf([behind])).toEqual([]);
  expect(faultsOf([behind, behind])).toEqual([]);
  expect(faultsOf([behind, round!, round!])).toEqual([]);
  expect(faultsOf([behind, behind, round!])[0]).toMatch(
    /^head does not keep up .* grew in 2 of 3 rounds; send less$/,
  );
});

test('a cache is shared where the second is faster on both sides, and on both alone', () => {
  const [first] = verdictOn(eight({ secondFaster: 3 }, { secondFaster: 2 }), rules).faults;
  expect(first).toContain('they share a cache');
  expect(verdictOn(eight({ secondFaster: 3 }, {}), rules).faults).toEqual([]);
});

test('a generator that is late hides a part of a difference: what is alike then stays open', () => {
  const late = (ms: number) => eight({ lagMs: ms }, { lagMs: ms, medianMs: 20.8 });
  expect(verdictOn(late(0.2), rules)).toMatchObject({ verdict: 'no difference' });
  expect(verdictOn(late(12), rules)).toMatchObject({
    verdict: 'undecided',
    lateShare: expect.closeTo(0.6, 2),
  });
});

test('most requests not ok is a side that is down, a few are errors of a build', () => {
  expect(verdictOn([makeRound(1, {}, { failed: 120 })], rules).faults[0]).toBe(
    'head is down or gives wrong answers: 60.0 % of its requests did not end ok in round 1 (0:00): status 500',
  );
  const { verdict, metrics } = verdictOn(eight({}, { failed: 20 }), rules);
  expect(verdict).toBe('slower');
  expect(metrics.at(-1)).toMatchObject({ metric: 'errorRate', finding: 'worse' });
});
