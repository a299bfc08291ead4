import { expect, test } from '@playwright/test';
import { budgetList } from '../../../load/settings/budget-list.ts';

for (const [text, limits] of [
  ['p95<2s', { p95: '< 2 s' }],
  ['p95<2s,errorRate<1%', { p95: '< 2 s', errorRate: '< 1 %' }],
  [' p95 < 2 s , throughput>=10/s ', { p95: '< 2 s', throughput: '>= 10 /s' }],
  ['p99.9<=1.5s,droppedIterations=0', { 'p99.9': '<= 1.5 s', droppedIterations: '= 0' }],
  ['ttft.p95{model=small,turn=2}<1s', { 'ttft.p95{model=small,turn=2}': '< 1 s' }],
  [
    'query: p95<3s,index documents:p95<5s,p95<2s',
    { p95: '< 2 s', tasks: { query: { p95: '< 3 s' }, 'index documents': { p95: '< 5 s' } } },
  ],
] as const) {
  test(`${text} is understood`, () => {
    expect(budgetList(text)).toEqual(limits);
  });
}

for (const [text, problem] of [
  ['', '"" is no limit; accepted is a list such as p95<2s,errorRate<1%'],
  ['p95', '"p95" is no limit'],
  ['p95<2s,', '"" is no limit'],
  ['p95<2s;errorRate<1%', '"p95<2s;errorRate<1%" is no limit'],
  ['p95<2s errorRate<1%', '"p95<2s errorRate<1%" is no limit'],
  ['p95<fast', '"p95<fast" is no limit'],
  ['p95<2s,p95<3s', '"p95" is limited twice'],
  ['query: p95<2s,query: p95<3s', '"p95" is limited twice'],
] as const) {
  test(`"${text}" is refused`, () => {
    expect(() => budgetList(text)).toThrow(problem);
  });
}
