import { expect, test } from '@playwright/test';
import { judgedPair } from '../../../../load/paired/pair-log.ts';
import { parseTolerances, type PairTolerances } from '../../../../load/paired/tolerances.ts';
import { pairNotes, pairSentence, pairText } from '../../../../load/report/text/pair-text.ts';
import { makePair, pairPlan } from '../../paired/make-pair.ts';
import { makeRound, makeRounds, type StatedSide } from '../../paired/make-round.ts';

function eight(head: StatedSide) {
  return Array.from({ length: 8 }, (_, i) => makeRound(i + 1, {}, head));
}

function judgedBy(tolerances: PairTolerances) {
  return { tolerances: [...parseTolerances(tolerances)] };
}

test('a slower head is one sentence, with its interval and its rounds', () => {
  expect(pairSentence(makePair(makeRounds(8, 1.078)))).toMatch(
    /^head is 7\.[5-9] % slower at p50 \(\d\.\d–\d\.\d %\), and is 7\.\d % slower at p95 \(.* %\), 8 rounds$/,
  );
});

test('a faster head is told as a size, not as a minus', () => {
  expect(pairSentence(makePair(makeRounds(8, 0.8)))).toMatch(
    /^head is 20 % faster at p50 \([\d.]+–2\d %\), and is 20 % faster at p95 \(.*\), 8 rounds$/,
  );
});

test('errors are told in points', () => {
  expect(pairSentence(makePair(eight({ failed: 10 })))).toContain(
    'fails 5 points more often (4.7–5.3 points), 8 rounds',
  );
});

test('no difference says how large one might be', () => {
  expect(pairSentence(makePair(makeRounds(8, 1)))).toBe(
    'no difference larger than 10 % at p50, 10 % at p95, 0.5 points at error rate; 8 rounds',
  );
});

test('undecided says what is open, and what it would take', () => {
  const rounds = Array.from({ length: 8 }, (_, i) =>
    makeRound(i + 1, {}, { medianMs: i % 2 === 0 ? 15 : 27 }),
  );
  const text = pairSentence(makePair(rounds));
  expect(text).toMatch(
    /^undecided after 8 rounds: p50 .* \(−.* to .* %\): a decision would take \d+ rounds in all, more than the 40 allowed; p95 /,
  );
});

test('undecided errors say how many rounds it takes until so few could be seen', () => {
  const few = { requests: 72 };
  const rounds = Array.from({ length: 8 }, (_, i) => makeRound(i + 1, few, few));
  expect(pairSentence(makePair(rounds))).toBe(
    'undecided after 8 rounds: error rate 0 points (−0.8 to 0.8 points): a decision would take 13 rounds in all',
  );
});

test('a percentile without a figure says that requests failed', () => {
  const text = pairSentence(
    makePair(eight({ failed: 24 }), judgedBy({ p95: '10 %', errorRate: '50 points' })),
  );
  expect(text).toContain('p95 has no figure, since too many requests failed in 8 rounds');
});

test('a tolerance that processes of one build exceed is told as such', () => {
  const sides = { ...pairPlan.sides, kind: 'addresses', areRestarted: false } as const;
  const pair = makePair(makeRounds(8, 1), { sides, ...judgedBy({ p50: '4 %' }) });
  expect(pairSentence(pair)).toMatch(
    /^undecided after 8 rounds: p50 .*, and no number of rounds can show that it is within 4 %$/,
  );
});

test('what spoils it comes first, the others beside the table', () => {
  const pair = makePair(eight({ failed: 150, bytesEach: 900 }));
  expect(pairSentence(pair)).toMatch(/^invalid: head is down or gives wrong answers: 75\.0 % /);
  expect(pairNotes(pair)[0]).toMatch(/^base and head answer "chat" with/);
});

test('it is told that addresses are weaker, and that a run was interrupted', () => {
  const sides = { ...pairPlan.sides, kind: 'addresses', areRestarted: false } as const;
  const text = pairText(makePair(makeRounds(4, 1), { sides }));
  expect(text).toContain('a difference below 5 % is not called slower');
  const cut = {
    ...makePair(makeRounds(4, 1)),
    end: { type: 'end', cause: 'interrupted', detail: '', atMs: 1 } as const,
  };
  expect(pairText(cut)).toContain('the run was interrupted: this is the verdict so far');
});

test('all lines of the reason why a pair could not run are told', () => {
  const detail = 'head: the command ended at once\nno such database';
  const end = { type: 'end', cause: 'failed', detail, atMs: 1 } as const;
  const pair = judgedPair({ plan: pairPlan, rounds: [], end });
  expect(pairSentence(pair)).toBe('invalid: head: the command ended at once');
  expect(pairNotes(pair)[0]).toBe('no such database');
  expect(pairText({ ...pair, logFailure: 'ENOSPC' })).toContain('the log was not written, so');
});
