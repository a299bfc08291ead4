import { expect, test } from '@playwright/test';
import type { LoadEntry } from '../../../../load/report/files/results-json.ts';
import { runTotals, totalsLine } from '../../../../load/report/text/run-totals.ts';

type Status = LoadEntry['judgements'][number]['status'];
type Counted = Parameters<typeof runTotals>[0][number];

function load(log: string, statuses: readonly Status[], more: Partial<Counted> = {}): Counted {
  return {
    log: `${log}.ndjson`,
    verdict: 'pass',
    shortened: false,
    steered: false,
    interrupted: false,
    isSpoiled: false,
    unjudged: false,
    judgements: statuses.map((status) => ({ status }) as LoadEntry['judgements'][number]),
    ...more,
  };
}

const spike = load('a-spike', ['pass', 'fail'], { verdict: 'invalid', isSpoiled: true });
const short = (n: number): Counted => load(`short-${n}`, ['not-judged'], { shortened: true });

for (const [loads, line] of [
  [[], '0 of 0 budgets met in 0 loads'],
  [[load('a', ['pass', 'pass'])], '2 of 2 budgets met in 1 load'],
  [
    [load('a', ['pass', 'no-data', 'not-judged']), spike],
    '1 of 5 budgets met (2 not judged) in 2 loads; invalid: a-spike',
  ],
  [
    [load('b.2', ['pass'], { interrupted: true }), spike, ...[1, 2, 3].map(short)],
    '1 of 6 budgets met (3 not judged) in 5 loads; invalid: a-spike; interrupted: b.2; ' +
      'shortened: short-1, short-2, short-3',
  ],
  [
    [load('a', ['pass', 'undecided'], { verdict: 'invalid' })],
    '1 of 2 budgets met in 1 load; invalid: a',
  ],
  [
    [load('a', ['pass', 'fail'], { unjudged: true }), load('b', ['pass'])],
    '1 of 3 budgets met in 2 loads; unjudged: a',
  ],
  [[1, 2, 3, 4].map(short), '0 of 4 budgets met (4 not judged) in 4 loads; shortened: 4'],
] as const) {
  test(`the line over all: ${line}`, () => {
    expect(totalsLine(runTotals(loads))).toBe(line);
  });
}
