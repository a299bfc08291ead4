/** A load as `runLoad` composes it, in real time and over real sockets, without a Playwright test. */
import { z } from 'zod';
import { withDefaults } from '../../load/budgets/defaults.ts';
import { judge, type Verdict } from '../../load/budgets/judge.ts';
import type { Budgets } from '../../load/budgets/names.ts';
import { parseBudgets } from '../../load/budgets/parse.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { outcomesOf, selectSeries, trendOf } from '../../load/metrics/result/select.ts';
import { scheduledOf, type OutcomeCounts } from '../../load/metrics/outcome.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { verdictTable } from '../../load/report/text/verdict-table.ts';
import { LoadRun, type RunRequest } from '../../load/run/load-run.ts';
import { wholeLoad } from '../../load/workload/slice.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import type { Workload } from '../../load/workload/workload.ts';

export interface RealLoad {
  readonly url: string;
  readonly workload: Workload;
  /** Default: `askingUser()`. */
  readonly user?: UserDefinition;
  readonly budgets?: Budgets<string, string, string>;
  readonly key?: string;
  readonly logPath?: string;
  readonly shortened?: boolean;
  /** Replaces parts of the run's request: its names, its process, its monitor. */
  readonly request?: Partial<RunRequest>;
  /** Called when the load begins, to set timers that stop or cut it. */
  readonly during?: (run: LoadRun) => void;
}

export interface RealOutcome {
  readonly result: Result;
  readonly verdict: Verdict;
  /** The text of the report. */
  readonly text: string;
}

const reply = z.object({ answer: z.string() });

/** Requires JSON; without `json` it accepts any body. */
export function askingUser({ deadline = '15s', json = true } = {}): UserDefinition {
  return defineUser<unknown, unknown, string, string>({
    system: 'local',
    tasks: {
      ask: {
        deadline,
        run: async ({ http }) => {
          await http.get('/', json ? { expect: reply } : {});
        },
      },
    },
  });
}

export async function runForReal(load: RealLoad): Promise<RealOutcome> {
  const {
    url,
    workload,
    user = askingUser(),
    budgets = {},
    key,
    logPath,
    shortened = false,
  } = load;
  const known = { taskNames: Object.keys(user.tasks), metrics: user.metrics };
  const run = new LoadRun({
    identity: {
      testId: 'local-steady-some',
      runId: 'run',
      title: 'local',
      system: 'local',
      scenario: 'steady',
      level: workload.level,
    },
    streams: [{ name: 'users', user, workload, judged: true }],
    target: { url, key, kind: 'given' },
    budgets: withDefaults(parseBudgets(budgets, known)),
    seed: 1,
    slice: wholeLoad,
    timeScale: 1,
    shortened,
    flags: [],
    logPath,
    newClients: httpClients({ allowedHosts: [] }),
    ...load.request,
  });
  const done = run.run();
  load.during?.(run);
  const result = await done;
  const verdict = judge(result);
  return { result, verdict, text: verdictTable(verdict, result) };
}

/** The outcomes of all phases, as in a report. */
export function allOutcomes(result: Result): OutcomeCounts {
  return outcomesOf(selectSeries(result, { phases: 'all' }));
}

export function sumOfOutcomes(result: Result): number {
  return scheduledOf(allOutcomes(result));
}

/** Arrivals that were due just before the end and were not sent; a busy machine has some. */
export function unsentIn({ scheduled, sent }: Result): { readonly interrupted?: number } {
  return scheduled === sent ? {} : { interrupted: scheduled - sent };
}

/** A percentile of a trend over the recorded judged requests, in ms. */
export function percentileMs(result: Result, trend: string, percent: number): number {
  const histogram = trendOf(selectSeries(result), trend);
  return histogram.valueAtRank(Math.ceil((percent / 100) * histogram.count)) / histogram.perUnit;
}
