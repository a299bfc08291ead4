/** Runs made by hand, ten seconds long, with a section per second. */
import type { BaselineRun, BaselineTask } from '../../../load/baselines/baseline-run.ts';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { compareRuns } from '../../../load/baselines/compare.ts';
import type { ComparisonOptions } from '../../../load/baselines/tolerances.ts';
import { defined } from '../../../load/platform/defined.ts';
import { histogram, repeat } from '../budgets/make-result.ts';

export interface MadeTask {
  readonly name?: string;
  /** Latency of each of a section's 100 requests, in ms; one for all, or by section. */
  readonly ms?: number | ((section: number) => number);
  /** How many of a section's 100 requests fail. */
  readonly failed?: (section: number) => number;
  readonly requests?: number;
  /** How late this machine started requests, in ms: at each percentile, and in each section. */
  readonly lagMs?: BaselineTask['lagMs'];
  readonly lagP50Ms?: (section: number) => number;
  readonly densestErrors?: BaselineTask['densestErrors'];
}

export interface MadeRun extends MadeTask {
  readonly tasks?: readonly MadeTask[];
  readonly run?: Partial<BaselineRun>;
}

export function makeRun({ tasks, run = {}, ...only }: MadeRun = {}): BaselineRun {
  const made = (tasks ?? [only]).map(makeTask);
  const sum = (figure: 'okPerSecond' | 'scheduledPerSecond'): number =>
    made.reduce((total, task) => total + task[figure], 0);
  const [first] = made;
  const whole = { okPerSecond: sum('okPerSecond'), scheduledPerSecond: sum('scheduledPerSecond') };
  return {
    schema: 1,
    runId: 'run',
    testId: 'chat-steady-5-users',
    environment: 'local',
    startedAt: '2026-01-01T00:00:00.000Z',
    plan: { system: 'chat', users: 5 },
    made: { cpu: 'c', host: 'h', node: '20.0.0', suite: '1.0.0', seed: 1 },
    openModel: false,
    judgedMs: 10_000,
    generatorLagP99Ms: 0.5,
    all: {
      figures: first!.figures,
      ...whole,
      ...defined({
        densestErrors: first?.densestErrors === undefined ? undefined : first.densestErrors,
      }),
    },
    tasks: made,
    ...run,
  };
}

function makeTask(made: MadeTask): BaselineTask {
  const { name = 'chat', ms = 100, failed = () => 0, requests = 100 } = made;
  const { densestErrors, lagMs, lagP50Ms = () => 0 } = made;
  const sections = Array.from({ length: 10 }, (_, section) => {
    const ok = requests - failed(section);
    const each = typeof ms === 'number' ? ms : ms(section);
    return {
      startMs: section * 1000,
      endMs: (section + 1) * 1000,
      lagP50Ms: lagP50Ms(section),
      outcomes: { ok, failed: failed(section) },
      responseTime: histogram(repeat(each, ok)),
    };
  });
  const failures = sections.reduce((sum, { outcomes }) => sum + outcomes.failed, 0);
  return defined({
    name,
    sections,
    okPerSecond: requests - failures / 10,
    scheduledPerSecond: requests,
    figures: {
      avg_latency_ms: null,
      median_latency_ms: null,
      p95_latency_ms: null,
      p99_latency_ms: null,
      error_rate_pct: failures / requests / 10,
      rps: requests,
      total_requests: requests * 10,
      total_failures: failures,
    },
    densestErrors,
    lagMs,
  });
}

/** Five runs that are the same except for the given differences. */
export function makeBaseline(made: (run: number) => MadeRun = () => ({})): BaselineRun[] {
  return Array.from({ length: 5 }, (_, run) => makeRun(made(run)));
}

/** The finding on one metric of a run, compared with five runs of 100 ms without errors. */
export function finding(
  metric: string,
  run: MadeRun,
  baseline: readonly BaselineRun[] = makeBaseline(),
  options: ComparisonOptions = {},
): MetricComparison {
  const { comparisons } = compareRuns(makeRun(run), baseline, options);
  const found = comparisons.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no ${metric} among the comparisons`);
  return found;
}
