/** The requests of a conversation, and their recorded values, are labelled with the turn. */
import { expect } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { conversationUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';
import { testOf } from '../reference/launched.ts';

const test = testOf('api-gateway');

/** The same without the pause between two turns. */
function withoutPauses(given: unknown): UserDefinition {
  const user = given as UserDefinition;
  const { conversation } = user.tasks;
  const run: NonNullable<typeof conversation>['run'] = (context) =>
    conversation!.run({ ...context, wait: () => context.wait(1) });
  return { ...user, tasks: { conversation: { ...conversation!, run } } };
}

test('goodput by turn is of the requests of that turn, those that failed included', async ({
  launch,
}) => {
  const faults = 'missing-done:0.2,after:12';
  const env = { REFERENCE_SLOWDOWN: 'chat completion:0.05', REFERENCE_FAULTS: faults };
  const { url } = await launch(env);
  const turns = ['1', '2', '3'];
  const { result, verdict } = await runForReal({
    url,
    user: withoutPauses(conversationUser),
    shortened: true,
    workload: stages([{ users: 4, duration: '2s' }], { from: 4, thinkTime: constant('10ms') }),
    budgets: {
      'ttft.p95': '< 1 s',
      'interToken.p95': '< 100 ms',
      ...Object.fromEntries(turns.map((turn) => [`goodput{turn=${turn}}`, '> 1 %'])),
    },
  });
  let lost = 0;
  for (const turn of turns) {
    const series = selectSeries(result, { task: 'conversation', labels: { turn } });
    const { ok = 0, ...others } = outcomesOf(series);
    const notOk = Object.values(others).reduce((sum, count) => sum + count, 0);
    const hits = series.reduce((sum, { rates }) => sum + (rates['goodput']?.hits ?? 0), 0);
    const judged = verdict.judgements.find(({ name }) => name === `goodput{turn=${turn}}`)!;
    expect(hits).toBeGreaterThan(0);
    expect(hits).toBeLessThanOrEqual(ok);
    expect(judged).toMatchObject({ samples: ok + notOk, value: hits / (ok + notOk) });
    lost += notOk;
  }
  expect(lost).toBeGreaterThan(0);
});
