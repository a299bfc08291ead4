/** A stated budget without any data is red, even in a shortened run. */
import { constant } from '../../load/workload/think-time.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad } from './driven-load.ts';
import { fault } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

const user = defineUser({
  system: 'health-agent',
  health: '/health',
  thinkTime: constant('20ms'),
  metrics: { creditsLeft: { kind: 'trend', unit: 'count' } },
  tasks: {
    ask: {
      weight: 1e6,
      run: async ({ http, label }) => {
        label('tenant', 'green');
        await http.get('/ask');
      },
    },
    // By its weight it runs once in a million iterations.
    refund: {
      weight: 1,
      preflight: false,
      run: async ({ http }) => {
        await http.get('/refund');
      },
    },
  },
});

const load = {
  ...users({ count: 5, spawnRate: 50, duration: '1s' }),
  isShortened: true,
};

const unseen: readonly [string, object, string, string[]][] = [
  [
    'a task that never ran',
    { tasks: { refund: { p95: '< 2 s' } } },
    'refund: p95',
    ['refund: p95: the task "refund" never ran; tasks that did: ask'],
  ],
  [
    'a label value that never came',
    { 'p95{tenant=blue}': '< 2 s' },
    'p95{tenant=blue}',
    ['p95{tenant=blue}: no request has tenant "blue"; values that came: green'],
  ],
  ['a metric that nobody recorded', { 'creditsLeft.p50': '> 1' }, 'creditsLeft.p50', []],
];

for (const [what, budgets, row, reasons] of unseen) {
  test(
    `a shortened run with ${what}: red, and the row says so`,
    { annotation: fault(43) },
    async ({ standIn }, testInfo) => {
      const system = await standIn();
      const driven = { system: 'health-agent', environment: { HEALTH_AGENT_URL: system.url } };
      const { loads, message } = await drivenLoad(testInfo, driven, user, load, budgets);
      const judgement = loads[0]?.judgements.find(({ name }) => name === row);
      expect(judgement).toMatchObject({ status: 'no-data', samples: 0 });
      expect(loads[0]?.reasons).toEqual(reasons);
      // On a busy machine the run may be invalid as well.
      expect(['no-data', 'invalid']).toContain(loads[0]?.verdict);
      expect(message).toBeDefined();
    },
  );
}
