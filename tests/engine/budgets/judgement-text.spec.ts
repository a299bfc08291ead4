/** The texts on this machine's lateness: a sentence for each row that it affects. */
import { expect, test } from '@playwright/test';
import { latenessLines } from '../../../load/budgets/judgement-text.ts';
import { docsBlock, patternOf, shapeOf } from '../../examples/fenced-blocks.ts';
import { budget, histogram, makeLoad, repeat, type MadeInterval } from './make-result.ts';

/** 80 requests in a second, all of one response time. */
function linesOf(limit: string, responseMs: number, more: MadeInterval, late = 0): string[] {
  const series = [{ okMs: repeat(responseMs, 80), late }];
  const budgets = [budget('p95', limit)];
  return latenessLines(makeLoad({ budgets, bare: true, intervals: [{ ...more, series }] }).verdict);
}

function lateBy(ms: number): MadeInterval {
  return { generator: { loopDelay: histogram([ms], 1000) } };
}

test('a row is met although the machine was late, or broken all the same', () => {
  expect(linesOf('< 2 s', 1200, lateBy(300))).toEqual([
    'p95 1.2 s meets the limit of < 2 s although this machine was up to 300 ms late: that can only have made it slower',
  ]);
  expect(linesOf('< 100 ms', 150, lateBy(12), 2)).toEqual([
    'p95 150 ms misses the limit of < 100 ms: this machine was up to 12 ms late, and without that it is still at least 126 ms',
  ]);
});

test('an undecided row says what it could be, and what to do', () => {
  expect(linesOf('< 100 ms', 105, lateBy(9), 2)).toEqual([
    'p95 105 ms misses the limit of < 100 ms, but this machine was up to 9 ms late, and without that it could be 87 ms: ' +
      'not decided; run fewer users, on a quieter machine, or in more slices',
  ]);
  const untouched = 'too few requests were untouched by that: not decided';
  expect(linesOf('< 100 ms', 105, lateBy(60), 5).join()).toContain(untouched);
});

test('the sentences in the docs are of these', () => {
  const written = [
    ...linesOf('< 2 s', 1200, lateBy(300)),
    ...linesOf('< 100 ms', 150, lateBy(12), 2),
    ...linesOf('< 100 ms', 105, lateBy(9), 2),
  ];
  const stated = docsBlock('docs/validity.md', 'text').trim().split('\n').map(shapeOf);
  expect(stated).toHaveLength(written.length);
  for (const [i, line] of stated.entries()) {
    expect(shapeOf(written[i]!)).toMatch(patternOf(line));
  }
});

test('how late is the longest of the run: what stood still for a moment is in no p99', () => {
  const stall = { loopDelay: histogram([...repeat(0.1, 999), 400], 1) };
  expect(linesOf('< 100 ms', 105, { generator: stall }, 5).join()).toContain('up to 400 ms late');
});

test('a load that was not offered is told once for all rows', () => {
  const lag = histogram([10], 25);
  expect(linesOf('< 100 ms', 20, { users: 1, generator: { lag } })).toEqual([
    'this machine was late, so its users made only 75.0 % of the load, where 80.0 % is needed: p95 not decided; ' +
      'run fewer users, on a quieter machine, or in more slices',
  ]);
  const squares = { ready: [100, 100, 100], started: [10, 10, 10] };
  expect(linesOf('< 100 ms', 20, { users: 1000, generator: { lag, squares } })).toEqual([
    'this machine sent 5 % of the requests of the steady state more than 10 ms late, spread out although they ' +
      'were due at once: p95 not decided; run fewer users, on a quieter machine, or in more slices',
  ]);
});
