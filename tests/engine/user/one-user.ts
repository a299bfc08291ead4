/** One virtual user in virtual time, with the test's task. */
import { pacing } from '../../../load/workload/think-time.ts';
import type { Result, SeriesTotal } from '../../../load/metrics/result/result.ts';
import type { TaskContext } from '../../../load/user/define-user.ts';
import { stages } from '../../../load/workload/stages.ts';
import { hangs, runVirtually, type VirtualLoad } from '../virtual-load.ts';

export type Context = TaskContext<unknown, unknown, string> & {
  /** For the scripted system: resolves after the given time. */
  readonly pass: (ms: number) => Promise<void>;
};
type User = Exclude<VirtualLoad['user'], ((...given: never) => unknown) | undefined>;

/** One user who runs one task four times: at 0, 300, 600 and 900 ms. */
export async function resultOf(
  run: (context: Context) => Promise<void> | void,
  user: User = {},
  deadline = '30s',
): Promise<Result> {
  const { result } = await runVirtually({
    workload: stages([{ users: 1, duration: '1s' }], { from: 1, thinkTime: pacing('300ms') }),
    system: hangs,
    user: (clock) => {
      const pass = (ms: number): Promise<void> => clock.until(clock.now() + ms);
      const tasks = {
        chat: {
          deadline,
          run: (context: TaskContext<unknown, unknown, string>) => run({ ...context, pass }),
        },
      };
      return { tasks, ...user };
    },
  });
  return result;
}

export function seriesOf(result: Result, request: string): SeriesTotal | undefined {
  return result.series.find((s) => s.request === request && s.phase === 'steady state');
}
