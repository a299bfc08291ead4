/** Runs with histograms by the rule for plain figures: one figure per side, whatever it rests on. */
import { defined } from '../platform/defined.ts';
import type { BaselineRun } from './baseline-run.ts';
import type { MetricComparison } from './comparison.ts';
import { figuresOfStored, type PlainFigures } from './plain-figures.ts';
import { plainRule } from './plain-rule.ts';
import type { Tolerances } from './tolerances.ts';

/** Tasks that the baseline lacks are left out. */
export function compareRunsPlainly(
  run: BaselineRun,
  baseline: readonly BaselineRun[],
  tolerances: Tolerances,
): MetricComparison[] {
  const options = { tolerances, significance: 'off' } as const;
  const test = run.testId;
  const before = middleFigures(baseline.map(({ all }) => figuresOfStored(all.figures)));
  const observed = figuresOfStored(run.all.figures);
  const whole = plainRule({ test, baseline: before, observed }, options);
  if (run.tasks.length === 1) return whole;
  const tasks = run.tasks.flatMap(({ name, figures }) => {
    const known = baseline.flatMap((one) => one.tasks.filter((task) => task.name === name));
    if (known.length === 0) return [];
    const was = middleFigures(known.map((task) => figuresOfStored(task.figures)));
    const is = figuresOfStored(figures);
    return plainRule({ test, task: name, baseline: was, observed: is }, options);
  });
  return [...tasks, ...whole];
}

/** Each figure is the middle one of the runs'; requests and failures are added up. */
function middleFigures(runs: readonly PlainFigures[]): PlainFigures {
  const sum = (key: 'requests' | 'failures'): number =>
    runs.reduce((total, figures) => total + (figures[key] ?? 0), 0);
  const [requests, failures] = [sum('requests'), sum('failures')];
  const keys = ['averageMs', 'medianMs', 'p95Ms', 'p99Ms', 'requestsPerSecond'] as const;
  const middles = keys.map((key) => [key, middle(runs.map((figures) => figures[key]))] as const);
  return {
    ...Object.fromEntries(middles.filter(([, value]) => value !== undefined)),
    requests,
    failures,
    ...defined({ errorShare: requests === 0 ? undefined : failures / requests }),
  };
}

function middle(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)];
}
