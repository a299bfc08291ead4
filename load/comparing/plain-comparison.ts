/** Compares files of plain figures: who is compared with whom. */
import type { MetricComparison } from '../baselines/comparison.ts';
import { controlFalseAlarms } from '../baselines/false-alarms.ts';
import type { FiguresEntry, FiguresFile, PlainFigures } from '../baselines/plain-figures.ts';
import { latencyFigures, plainRule, type PlainOptions } from '../baselines/plain-rule.ts';
import {
  tolerancesOf,
  type ComparedPercentile,
  type ComparisonOptions,
} from '../baselines/tolerances.ts';

export interface PlainComparison {
  /** The tests of the run that were compared, by the names in the comparisons. */
  readonly tests: readonly FiguresEntry[];
  readonly comparisons: readonly MetricComparison[];
  readonly notes: readonly string[];
}

/**
 * Each test of the runs beside the baseline's of the same name, or else of its system. Throws where no
 * test has its like in the baseline.
 */
export function comparePlain(
  baseline: FiguresFile,
  runs: readonly FiguresFile[],
  options: ComparisonOptions = {},
): PlainComparison {
  const entries = runs.flatMap((run) => run.entries);
  const pairs = entries.map((observed) => ({ observed, known: counterpart(baseline, observed) }));
  const found = pairs.filter((pair): pair is FoundPair => pair.known !== undefined);
  if (found.length === 0) {
    throw new Error(
      `${baseline.path}: has ${namesOf(baseline.entries)}, and the run has ${namesOf(entries)}; ` +
        'accepted are tests or systems of the same name (--system names that of a CSV)',
    );
  }
  const { significance = 'on' } = options;
  const judged = found.map((pair) => {
    return {
      pair,
      rule: { tolerances: tolerancesOf(pair.observed.system, options), significance },
    };
  });
  return {
    tests: found.map(({ observed }) => observed),
    // Findings by plain thresholds have no p-value, and all stand.
    comparisons: controlFalseAlarms(
      judged.flatMap(({ pair, rule }) => pairComparisons(pair, rule)),
    ),
    notes: [
      'plain figures carry no plan: whether both ran the same load was not checked',
      ...judged.flatMap(({ pair, rule }) => unjudgedNotes(pair, rule)),
      ...pairs.flatMap(({ observed, known }) =>
        known === undefined ? [`${observed.test}: not in the baseline`] : [],
      ),
      ...baseline.entries
        .filter((entry) => !found.some(({ known }) => known === entry))
        .map(({ test }) => `${test}: only in the baseline`),
    ],
  };
}

interface FoundPair {
  readonly observed: FiguresEntry;
  readonly known: FiguresEntry;
}

function counterpart({ entries }: FiguresFile, wanted: FiguresEntry): FiguresEntry | undefined {
  const byTest = entries.find(({ test }) => sameName(test, wanted.test));
  return byTest ?? entries.find(({ test }) => sameName(test, wanted.system));
}

/** Others write `web_shop` for what is `web-shop` here. */
function sameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]+/g, '-');
  return plain(a) === plain(b);
}

function namesOf(entries: readonly FiguresEntry[]): string {
  return entries.map(({ test }) => test).join(', ');
}

/** Over all tasks, then task by task where both sides tell them apart. */
function pairComparisons(
  { observed, known }: FoundPair,
  options: PlainOptions,
): MetricComparison[] {
  const { test } = observed;
  const over = plainRule({ test, baseline: known.figures, observed: observed.figures }, options);
  if (known.tasks.size === 0 || observed.tasks.size === 0) return over;
  const tasks = new Set([...known.tasks.keys(), ...observed.tasks.keys()]);
  const byTask = [...tasks].flatMap((task) => {
    const [was = {}, is = {}] = [known.tasks.get(task), observed.tasks.get(task)];
    return plainRule({ test, task, baseline: was, observed: is }, options);
  });
  return [...over, ...byTask];
}

/** Figures without a threshold are told, so that nobody misses them. */
function unjudgedNotes({ observed, known }: FoundPair, { tolerances }: PlainOptions): string[] {
  const names = (Object.keys(latencyFigures) as ComparedPercentile[]).filter(
    (name) => tolerances.latency[name] === undefined,
  );
  const figures = names.flatMap((name) => {
    const key = latencyFigures[name]!;
    const [was, is] = [known.figures[key], observed.figures[key]];
    return was === undefined || is === undefined ? [] : [`${name} ${msText(was)} → ${msText(is)}`];
  });
  const users = usersNote(known.figures, observed.figures);
  return [
    ...(figures.length === 0 ? [] : [`${observed.test}, not judged: ${figures.join(', ')}`]),
    ...(users === undefined ? [] : [`${observed.test}: ${users}`]),
  ];
}

function usersNote(was: PlainFigures, is: PlainFigures): string | undefined {
  if (was.users === undefined || is.users === undefined || was.users === is.users) return undefined;
  return `users: ${was.users} in the baseline, ${is.users} in the run`;
}

function msText(ms: number): string {
  return ms === Infinity ? '∞' : `${Number(ms.toPrecision(4))} ms`;
}
