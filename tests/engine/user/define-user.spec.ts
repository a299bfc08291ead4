import { expect, test } from '@playwright/test';
import { noThinkTime } from '../../../load/workload/think-time.ts';
import { defineUser } from '../../../load/user/define-user.ts';

const run = (): void => undefined;

test('everything but the system and its tasks has a default', () => {
  expect(defineUser({ system: 'api', tasks: { chat: { run } } })).toMatchObject({
    system: 'api',
    thinkTime: noThinkTime,
    connections: 'perUser',
    maxLabelValues: 50,
    slowMs: 3000,
    tasks: {
      chat: { weight: 1, deadlineMs: 30_000, toleratesDegraded: false, preflight: true },
    },
  });
});

type Source = Parameters<typeof defineUser>[0];

for (const [what, source, message] of [
  ['a name with capitals', { system: 'Health Agent' }, 'lower case letters, digits and hyphens'],
  ['a health path without a slash', { health: 'health' }, 'health'],
  ['a session of nothing', { session: { requests: 0 } }, 'session'],
  ['half a request in a session', { session: { requests: 0.5 } }, 'session'],
  ['an unknown connection policy', { connections: 'pooled' }, 'connections'],
  ['too many label values', { maxLabelValues: 5000 }, 'maxLabelValues'],
  ['no tasks', { tasks: {} }, 'needs at least one task with a weight above 0'],
  ['tasks that never run', { tasks: { chat: { weight: 0, run } } }, 'a weight above 0'],
  [
    'a task that is but a function',
    { tasks: { chat: run } },
    'task chat: needs `run`: { run: async',
  ],
  ['a negative weight', { tasks: { chat: { weight: -1, run } } }, 'task chat: weight -1; accepted'],
  ['a weight of NaN', { tasks: { chat: { weight: NaN, run } } }, 'task chat: weight NaN; accepted'],
  [
    'a deadline of nothing',
    { tasks: { chat: { deadline: 0, run } } },
    'deadline 0; must be above 0',
  ],
  [
    'a deadline without unit',
    { tasks: { chat: { deadline: '5', run } } },
    'task chat: deadline: "5"',
  ],
  ['a limit on slowness without unit', { slow: '5' }, 'user.slow: "5" is no duration'],
  ['a metric of no kind', { metrics: { own: { kind: 'sum' } } }, 'metrics.own.kind'],
  ['a trend of all scheduled', { metrics: { own: { kind: 'trend', over: 'scheduled' } } }, 'over'],
  ['a rate over the run', { metrics: { own: { kind: 'rate', over: 'run' } } }, 'metrics.own.over'],
  [
    'a metric that is built in',
    { metrics: { goodput: { kind: 'rate' } } },
    '"goodput" is built in',
  ],
  [
    'a trend that is built in',
    { metrics: { ttft: { kind: 'trend' } } },
    'accepted: a name of your own',
  ],
  ['a metric named like a statistic', { metrics: { p95: { kind: 'trend' } } }, 'metrics.p95'],
  ['a metric named tasks', { metrics: { tasks: { kind: 'rate' } } }, '"tasks" is built in'],
  ['a difference of nothing', { metrics: { gap: { kind: 'difference' } } }, 'metrics.gap.of'],
  [
    'a difference of what are no shares',
    {
      metrics: { gap: { kind: 'difference', of: ['own', 'throughput'] }, own: { kind: 'counter' } },
    },
    'takes two shares: errorRate, okRate',
  ],
] as const) {
  test(`a user with ${what} is refused`, () => {
    const whole = { system: 'api', tasks: { chat: { run } }, ...source } as unknown as Source;
    expect(() => defineUser(whole)).toThrow(message);
  });
}

test('metrics of its own: a difference may be of its own rates and of built-in shares', () => {
  const metrics = {
    achievable: { kind: 'rate', better: 'higher', what: 'what a cache could answer' },
    gap: { kind: 'difference', of: ['cacheHitRate', 'achievable'] },
    escapes: { kind: 'counter', over: 'run' },
    succeeded: { kind: 'rate', over: 'scheduled' },
  } as const;
  expect(defineUser({ system: 'api', metrics, tasks: { chat: { run } } }).metrics).toBe(metrics);
});
