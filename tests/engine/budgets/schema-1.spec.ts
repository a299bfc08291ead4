import { expect, test } from '@playwright/test';
import { budgetOfSchema1, planOfSchema1 } from '../../../load/budgets/schema-1.ts';
import { planSchema } from '../../../load/metrics/log/schema.ts';
import { budget, makeResult } from './make-result.ts';

const { plan } = makeResult();
const [users] = plan.streams;

function lifted(metrics: object, budgets: readonly object[] = []) {
  return planSchema.parse(planOfSchema1({ ...plan, budgets, streams: [{ ...users, metrics }] }));
}

test('a budget was a text alone, and keeps its terms', () => {
  const terms = { task: 'query', isDefault: true } as const;
  const stated = { key: 'p95{model=small}', limit: '< 3 s', ...terms };
  expect(lifted({}, [stated]).budgets).toEqual([budget('p95{model=small}', '< 3 s', terms)]);
});

test('a budget names metrics that its user declared', () => {
  const own = { answerLength: { kind: 'trend', unit: 'kB' } } as const;
  expect(lifted(own, [{ key: 'answerLength.p50', limit: '< 3 kB' }]).budgets).toEqual([
    budget('answerLength.p50', '< 3 kB', {}, own),
  ]);
});

for (const [key, limit, subject] of [
  ['generatorLag.p99', '< 5 ms', { kind: 'trend', metric: 'generatorLag', statistic: 'p99' }],
  ['vectorTimeoutRate', '< 1 %', { kind: 'rate', metric: 'vectorTimeoutRate', over: 'scheduled' }],
  ['toolSuccessRate', '> 9 %', { kind: 'rate', metric: 'toolSuccessRate', over: 'scheduled' }],
  ['achievableHitRate', '> 9 %', { kind: 'rate', metric: 'achievableHitRate', over: 'samples' }],
  ['sandboxViolations', '= 0', { kind: 'counter', metric: 'sandboxViolations', over: 'run' }],
  ['cacheHitRateGap', '< 2 points', { kind: 'difference', metric: 'cacheHitRateGap' }],
] as const) {
  test(`${key} was built in, and means what it meant`, () => {
    expect(budgetOfSchema1({ key, limit }, {})).toMatchObject({ key, limitText: limit, subject });
  });
}

test('what a user declared under a name that was built in is what was built in', () => {
  const metrics = {
    toolSuccessRate: { kind: 'rate', unit: '' },
    calls: { kind: 'counter', unit: '' },
  };
  expect(lifted(metrics).streams[0]!.metrics).toEqual({
    toolSuccessRate: { kind: 'rate', unit: '', over: 'scheduled' },
    calls: { kind: 'counter', unit: '' },
  });
});

test('the difference of two hit rates followed from one of them', () => {
  const { metrics } = lifted({ achievableHitRate: { kind: 'rate', unit: '' } }).streams[0]!;
  expect(metrics['cacheHitRateGap']).toMatchObject({
    kind: 'difference',
    of: ['cacheHitRate', 'achievableHitRate'],
  });
});

test('a plan without budgets, or with one that never was, is refused', () => {
  expect(() => planOfSchema1({})).toThrow('budgets');
  expect(() => lifted({}, [{ key: 'p96', limit: '< 3 s' }])).toThrow('no such metric');
});
