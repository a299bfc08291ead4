/** The requests of a conversation, and their recorded values, are labelled with the turn. */
import { expect } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { conversationUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';
import { testOf } from '../reference/launched.ts';

const test = testOf('api-gateway');

const turns = [1, 2, 3];
/** So many conversations of each kind are enough. */
const enough = 5;

/** The same without the pause between two turns. Ends the load when it has seen enough conversations. */
function withoutPauses(given: unknown, end: () => void): UserDefinition {
  const user = given as UserDefinition;
  const { conversation } = user.tasks;
  const ended = { whole: 0, broken: 0 };
  const run: NonNullable<typeof conversation>['run'] = async (context) => {
    let turn = 0;
    const counting: typeof context = {
      ...context,
      wait: () => context.wait(1),
      label: (name, value) => {
        turn = Number(value);
        context.label(name, value);
      },
    };
    try {
      await conversation!.run(counting);
      if (turn >= turns.length) ended.whole += 1;
    } catch (error) {
      ended.broken += 1;
      throw error;
    } finally {
      if (Math.min(ended.whole, ended.broken) >= enough) end();
    }
  };
  return { ...user, tasks: { conversation: { ...conversation!, run } } };
}

test('goodput by turn is of the requests of that turn, those that failed included', async ({
  launch,
}) => {
  const faults = 'missing-done:0.2,after:12';
  const env = { REFERENCE_SLOWDOWN: 'chat completion:0.05', REFERENCE_FAULTS: faults };
  const { url } = await launch(env);
  let run: LoadRun | undefined;
  const { result, verdict } = await runForReal({
    url,
    user: withoutPauses(conversationUser, () => {
      run?.stop({ cause: 'completed', detail: 'enough was said' });
    }),
    shortened: true,
    workload: stages([{ users: 4, duration: '60s' }], { from: 4, thinkTime: constant('10ms') }),
    during: (begun) => (run = begun),
    budgets: {
      'ttft.p95': '< 1 s',
      'interToken.p95': '< 100 ms',
      ...Object.fromEntries(turns.map((turn) => [`goodput{turn=${turn}}`, '> 1 %'])),
    },
  });
  let lost = 0;
  for (const turn of turns) {
    const series = selectSeries(result, { task: 'conversation', labels: { turn: String(turn) } });
    const { ok = 0, ...others } = outcomesOf(series);
    const notOk = Object.values(others).reduce((sum, count) => sum + count, 0);
    const hits = series.reduce((sum, { rates }) => sum + (rates['goodput']?.hits ?? 0), 0);
    const judged = verdict.judgements.find(({ name }) => name === `goodput{turn=${turn}}`)!;
    expect(hits).toBeGreaterThan(0);
    expect(hits).toBeLessThanOrEqual(ok);
    expect(judged).toMatchObject({ samples: ok + notOk, value: hits / (ok + notOk) });
    lost += notOk;
  }
  expect(lost).toBeGreaterThanOrEqual(enough);
});
