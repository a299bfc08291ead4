import { expect, test } from '@playwright/test';
import { toBeNoSlowerThan } from '../../../fixtures/matchers/to-be-no-slower-than.ts';
import { parseTolerances, type PairTolerances } from '../../../load/paired/tolerances.ts';
import { defined } from '../../../load/platform/defined.ts';
import { makePair } from '../paired/make-pair.ts';
import { makeRounds } from '../paired/make-round.ts';

/** Result of the matcher for a pair that `comparePair` judged by its own tolerances. */
function matched(slower: number, asked?: PairTolerances, judgedBy?: PairTolerances) {
  const own = defined({ tolerances: judgedBy && [...parseTolerances(judgedBy)] });
  const pair = makePair(makeRounds(8, slower), own);
  const result = toBeNoSlowerThan.call({ isNot: false } as never, pair, asked) as {
    pass: boolean;
    message: () => string;
  };
  return { pass: result.pass, message: result.message() };
}

test('the verdict of the pair is that of the test', () => {
  expect(matched(1).pass).toBe(true);
  expect(matched(1.2)).toEqual({
    pass: false,
    message: expect.stringMatching(/^head is 20 % slower/),
  });
});

test('the tolerances of the pair may be stated again, in any order and form', () => {
  expect(matched(1, { errorRate: '0.5 points', p95: '10.0 %', p50: '10 %' }).pass).toBe(true);
  expect(matched(1, { p50: '5 %' }, { p50: '5 %' }).pass).toBe(true);
});

for (const [what, asked] of [
  ['a tighter tolerance', { p50: '5 %', p95: '10 %' }],
  ['a wider tolerance', { p50: '30 %', p95: '30 %' }],
  ['another metric', { p50: '10 %', p95: '10 %', p99: '10 %' }],
  ['fewer metrics', { p50: '10 %' }],
] as const) {
  test(`refused, since reports would say otherwise: ${what}`, () => {
    const { pass, message } = matched(1.02, asked);
    expect(pass).toBe(false);
    expect(message).toContain('comparePair judged the rounds by');
    expect(message).toContain('comparePair(user, load, { tolerances: {');
  });
}

test('a misspelt wish for undecided pairs is refused', () => {
  const pair = makePair(makeRounds(8, 1));
  const wish = { undecided: 'fail' } as never;
  const result = toBeNoSlowerThan.call({ isNot: false } as never, pair, undefined, wish);
  expect(result).toMatchObject({ pass: false });
  expect((result as { message: () => string }).message()).toContain(
    "accepted is 'passes' or 'fails'",
  );
});
