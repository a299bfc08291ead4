import { expect, test } from '@playwright/test';
import { judge, judgeOnTop, type Judgement, type Verdict } from '../../../load/budgets/judge.ts';
import type { Budget } from '../../../load/metrics/log/budget.ts';
import type { End, Plan } from '../../../load/metrics/log/schema.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { defined } from '../../../load/platform/defined.ts';
import { budget, makeResult, repeat, type MadeSeries } from './make-result.ts';

function one(judged: Budget, series: readonly MadeSeries[], shortened = false): Judgement {
  const made = { budgets: [judged], bare: true, plan: { shortened }, intervals: [{ series }] };
  return judge(makeResult(made)).judgements[0]!;
}

const ok = (count: number, ms = 100): MadeSeries => ({ okMs: repeat(ms, count) });

test('a run that keeps its budgets passes', () => {
  const verdict = judge(makeResult({ budgets: [budget('p95', '< 2 s')] }));
  expect(verdict).toMatchObject({ verdict: 'pass', invalid: [], reasons: [] });
  expect(verdict).toMatchObject({ judgedCount: 6, totalCount: 6, interrupted: false });
});

test('p95 < 2 s is broken at 2 s and kept just below', () => {
  expect(one(budget('p95', '< 2 s'), [ok(100, 2000)]).status).toBe('fail');
  expect(one(budget('p95', '< 2 s'), [ok(100, 1999)]).status).toBe('pass');
  expect(one(budget('p95', '<= 2 s'), [ok(100, 2000)]).status).toBe('pass');
  expect(one(budget('avg', '< 2 s'), [ok(100, 2000)]).status).toBe('fail');
});

test('more than 10 requests/s is broken at 10', () => {
  expect(one(budget('throughput', '> 10 /s'), [ok(10)]).status).toBe('fail');
  expect(one(budget('throughput', '> 10 /s'), [ok(11)]).status).toBe('pass');
});

test('an error rate of exactly the limit breaks it', () => {
  const withErrors = (failed: number): MadeSeries => ({ ...ok(1000 - failed), others: { failed } });
  expect(one(budget('errorRate', '< 0.7 %'), [withErrors(7)]).status).toBe('fail');
  expect(one(budget('errorRate', '< 0.7 %'), [withErrors(6)]).status).toBe('pass');
  expect(one(budget('okRate', '>= 99.3 %'), [withErrors(7)]).status).toBe('pass');
});

test('with 7 % not ok p95 is ∞ and fails any limit', () => {
  const series = [{ ...ok(930), others: { failed: 70 } }];
  expect(one(budget('p95', '< 1 h'), series)).toMatchObject({ status: 'fail', value: Infinity });
});

test('no error of 190 passes < 0.1 %, but only marginally', () => {
  expect(one(budget('errorRate', '< 0.1 %'), [ok(190)])).toMatchObject({
    status: 'pass',
    marginal: true,
  });
  expect(one(budget('errorRate', '< 0.1 %'), [ok(3839)]).marginal).toBe(false);
  expect(one(budget('errorRate', '< 0.1 %'), [ok(3837)]).marginal).toBe(true);
});

test('a percentile whose interval crosses the limit is marginal', () => {
  const series = [{ okMs: [...repeat(10, 192), ...repeat(90, 8)] }];
  expect(one(budget('p95', '< 50 ms'), series)).toMatchObject({ status: 'pass', marginal: true });
  expect(one(budget('p90', '< 50 ms'), series)).toMatchObject({ status: 'pass', marginal: false });
});

test('a failure is never marginal', () => {
  const series = [{ okMs: [...repeat(10, 188), ...repeat(90, 12)] }];
  expect(one(budget('p95', '< 50 ms'), series)).toMatchObject({ status: 'fail', marginal: false });
});

const needs: readonly [string, number][] = [
  ['p50', 6],
  ['p75', 13],
  ['p90', 36],
  ['p95', 72],
  ['p99', 368],
  ['p99.9', 3688],
  ['avg', 1],
  ['max', 1],
];

for (const [key, needed] of needs) {
  test(`${key} needs ${needed} samples`, () => {
    expect(one(budget(key, '< 2 s'), [ok(needed)]).status).toBe('pass');
    expect(one(budget(key, '< 2 s'), [ok(needed - 1)]).status).toBe('no-data');
    // A shortened run may have too few samples, but none at all is a lack of data.
    const status = needed === 1 ? 'no-data' : 'not-judged';
    expect(one(budget(key, '< 2 s'), [ok(needed - 1)], true).status).toBe(status);
  });
}

test('requests that did not end ok are samples, too', () => {
  expect(one(budget('p95', '< 2 s'), [{ ...ok(71), others: { failed: 1 } }])).toMatchObject({
    status: 'pass',
    samples: 72,
  });
});

test('a budget on a task that never ran is no data, and red, shortened or not', () => {
  const line = budget('p95', '< 2 s', { task: 'index documents' });
  for (const shortened of [false, true]) {
    const verdict = judge(makeResult({ budgets: [line], plan: { shortened } }));
    expect(verdict.verdict).toBe('no-data');
    expect(verdict.judgements[0]).toMatchObject({
      name: 'index documents: p95',
      status: 'no-data',
      samples: 0,
    });
    expect(verdict.reasons).toEqual([
      'index documents: p95: the task "index documents" never ran; tasks that did: query',
    ]);
  }
});

test('a metric that nobody recorded is no data in a shortened run; one read too late is not judged', () => {
  const shortened = { plan: { shortened: true } };
  const unrecorded = makeResult({ ...shortened, budgets: [budget('ttft.p95', '< 2 s')] });
  expect(judge(unrecorded)).toMatchObject({ verdict: 'no-data' });
  const unread = makeResult({ ...shortened, budgets: [budget('cacheHitRate', '> 30 %')] });
  expect(judge(unread).judgements[0]!.status).toBe('no-data');
  const visible = budget('cacheHitRate', '> 30 %', { whereReported: true });
  const told = judge(makeResult({ ...shortened, budgets: [visible] }));
  expect(told.judgements[0]!.status).toBe('not-visible');
});

test('a shortened run passes with what it could judge', () => {
  const budgets = [budget('p99', '< 2 s'), budget('rise.p95', '< 10 %')];
  const verdict = judge(makeResult({ budgets, plan: { shortened: true } }));
  expect(verdict).toMatchObject({ verdict: 'pass', shortened: true });
  expect(verdict).toMatchObject({ judgedCount: 5, totalCount: 7 });
});

test('a run in which nothing could be judged is no pass', () => {
  const made = { budgets: [budget('p99', '< 2 s')], bare: true, plan: { shortened: true } };
  expect(judge(makeResult(made))).toMatchObject({
    verdict: 'no-data',
    reasons: ['no budget could be judged'],
  });
});

test('budgets on top are judged with the plan’s', () => {
  const made = makeResult();
  const verdict = judgeOnTop(made, judge(made), [budget('p50', '< 50 ms')]);
  expect(verdict).toMatchObject({ verdict: 'fail', totalCount: 6 });
});

const failures: readonly [string, () => Result, string][] = [
  [
    'no request at all',
    () => makeResult({ intervals: [{}] }),
    'no request was scheduled in the judged phases',
  ],
  [
    'none ok',
    () => makeResult({ intervals: [{ series: [{ others: { failed: 98, timeout: 2 } }] }] }),
    'none of 100 requests ended ok: 98 failed, 2 timeout',
  ],
  [
    'an abort',
    () => makeResult({ end: { cause: 'budget-failed', detail: 'errorRate is 80.0 %' } }),
    'aborted after 1 s of 300 s: errorRate is 80.0 %',
  ],
  [
    'a crash',
    () => makeResult({ end: { cause: 'crashed', detail: 'TypeError: x' } }),
    'crashed after 1 s of 300 s: TypeError: x',
  ],
  [
    'a system that is down after the load',
    () => makeResult({ end: { healthAfter: { ok: false, detail: '503 for 10 s' } } }),
    'the system was not healthy after the load: 503 for 10 s',
  ],
];

for (const [what, run, reason] of failures) {
  test(`${what} fails whatever the budgets say`, () => {
    const verdict = judge(run());
    expect(verdict.verdict).toBe('fail');
    expect(verdict.reasons).toContain(reason);
  });
}

const interrupted = { cause: 'interrupted', detail: '' } as const;

test('an interrupted run never passes', () => {
  expect(judge(makeResult({ end: interrupted }))).toMatchObject({
    verdict: 'no-data',
    interrupted: true,
    reasons: ['interrupted after 1 s of 300 s'],
  });
});

test('an interrupted run that breaks a budget fails', () => {
  const slow = [{ series: [ok(100, 3000)] }];
  const budgets = [budget('p95', '< 2 s')];
  expect(judge(makeResult({ budgets, intervals: slow, end: interrupted })).verdict).toBe('fail');
});

test('an interrupt before the first answer is no failure of the target', () => {
  const intervals = [{ series: [{ others: { interrupted: 3 } }] }];
  expect(judge(makeResult({ intervals: [{}], end: interrupted })).verdict).toBe('no-data');
  expect(judge(makeResult({ intervals, end: interrupted })).verdict).toBe('no-data');
});

test('an invalid instrument outranks a failure, a failure a lack of data', () => {
  const verdictOf = (budgets: Budget[], end?: false): Verdict['verdict'] =>
    judge(makeResult(defined({ budgets, end }))).verdict;
  const broken = budget('p95', '< 50 ms');
  const lacking = budget('p99', '< 5 s');
  expect(verdictOf([lacking])).toBe('no-data');
  expect(verdictOf([lacking, broken])).toBe('fail');
  expect(verdictOf([lacking, broken], false)).toBe('invalid');
});

test('a label that no request has fails the run, shortened or not, with those that there are', () => {
  const labelled = (named: Budget, more: Partial<Plan> = {}, cause: End['cause'] = 'completed') =>
    judge(
      makeResult({
        budgets: [named],
        plan: more,
        end: { cause },
        intervals: [{ series: [{ ...ok(100), labels: { model: 'small' } }] }],
      }),
    );
  for (const shortened of [false, true]) {
    const { verdict, reasons } = labelled(budget('p95{modle=small}', '< 2 s'), { shortened });
    expect(verdict).toBe('fail');
    expect(reasons).toEqual([
      'p95{modle=small}: no request has a label "modle", did you mean "model"?; ' +
        'labels of this run: request, model',
    ]);
    // A known name whose value never occurred has no data.
    const gap = labelled(budget('p95{model=large}', '< 2 s'), { shortened });
    expect([gap.verdict, gap.reasons]).toEqual([
      'no-data',
      ['p95{model=large}: no request has model "large"; values that came: small'],
    ]);
  }
  expect(labelled(budget('p95{request=query}', '< 2 s')).reasons).toEqual([]);
  const cut = labelled(budget('p95{modle=small}', '< 2 s'), {}, 'interrupted');
  expect(cut.verdict).toBe('no-data');
});
