import { expect, test } from '@playwright/test';
import { pairComment, pairCommentMark } from '../../../../load/report/files/pair-comment.ts';
import { makePair } from '../../paired/make-pair.ts';
import { makeRounds } from '../../paired/make-round.ts';

test('all pairs of a run are one comment, the worst first, each with its title', () => {
  const pairs = [
    makePair(makeRounds(8, 1), { testId: 'calm' }),
    makePair(makeRounds(8, 1.3), { testId: 'slow' }),
  ];
  const text = pairComment(pairs);
  const slow = text.indexOf('### slow: is no slower than its base');
  expect(slow).toBeGreaterThan(0);
  expect(slow).toBeLessThan(text.indexOf('### calm'));
  expect(text).toContain('**🔴 head is 30 % slower at p50');
  expect(text).toContain('| metric | base | head | head against base (95 %) |');
});

test('what others chose does nothing in it', () => {
  const { plan } = makePair([]);
  const sides = { ...plan.sides, head: 'node <b>@team</b> | `x`' };
  const text = pairComment([makePair(makeRounds(8, 1), { sides })]);
  expect(text).not.toContain('<b>');
  expect(text).not.toContain('@team');
});

test('each name has a mark of its own, and none ends its comment early', () => {
  expect(pairCommentMark()).toBe('<!-- loadwright pair -->');
  expect(pairCommentMark('pair / small')).toBe('<!-- loadwright pair: pair / small -->');
  expect(pairCommentMark('a --> b')).toBe('<!-- loadwright pair: a b -->');
  expect(pairCommentMark('pair / small')).not.toContain(pairCommentMark('pair'));
});
