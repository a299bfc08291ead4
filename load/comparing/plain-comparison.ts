/** Compares files of plain figures: who is compared with whom. */
import type { Judged, MetricComparison } from '../baselines/comparison.ts';
import { controlFalseAlarms } from '../baselines/false-alarms.ts';
import {
  beyond,
  compared,
  latencyFigures,
  noCounts,
  plainRule,
  within,
  type PlainOptions,
} from '../baselines/plain-rule.ts';
import {
  isSameSystem,
  reaches,
  tolerancesOf,
  type ComparedPercentile,
  type ComparisonOptions,
} from '../baselines/tolerances.ts';
import { figureText, pointsText, shareText } from '../metrics/figure-text.ts';
import { defined } from '../platform/defined.ts';
import { counted } from '../platform/words.ts';
import type { FiguresEntry, FiguresFile, PipelineFigures } from './plain-figures.ts';

interface PlainComparison {
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
      `${baseline.path}: has ${testsText(baseline.entries)}, and the run has ${testsText(entries)}; ` +
        'accepted are tests or systems of the same name (--system names that of a CSV)',
    );
  }
  const { significance = 'on' } = options;
  const judged = found.map((pair) => {
    const tolerances = tolerancesOf(pair.observed.system, options);
    return { pair, rule: { tolerances, significance } };
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
  const byTest = entries.find(({ test }) => isSameSystem(test, wanted.test));
  return byTest ?? entries.find(({ test }) => isSameSystem(test, wanted.system));
}

export function testsText(entries: readonly FiguresEntry[]): string {
  return entries.map(({ test }) => test).join(', ');
}

/** Over all tasks, then task by task where both sides tell them apart. */
function pairComparisons(pair: FoundPair, options: PlainOptions): MetricComparison[] {
  const { observed, known } = pair;
  const { test, figures } = observed;
  const over = sidesCompared({ test, baseline: known.figures, observed: figures }, options);
  if (known.tasks.size === 0 || observed.tasks.size === 0) return over;
  const tasks = new Set([...known.tasks.keys(), ...observed.tasks.keys()]);
  const byTask = [...tasks].flatMap((task) => {
    const [was = {}, is = {}] = [known.tasks.get(task), observed.tasks.get(task)];
    return sidesCompared({ test, task, baseline: was, observed: is }, options);
  });
  return [...over, ...byTask];
}

interface Sides {
  readonly test: string;
  readonly task?: string;
  readonly baseline: PipelineFigures;
  readonly observed: PipelineFigures;
}

/** Beside the rule for all: what the older pipelines counted, where a side has it. */
function sidesCompared(sides: Sides, options: PlainOptions): MetricComparison[] {
  const { test, task, baseline, observed } = sides;
  const has = (key: 'vectorTimeoutShare' | 'sandboxViolations'): boolean =>
    baseline[key] !== undefined || observed[key] !== undefined;
  const others = [
    ...(has('vectorTimeoutShare') ? [vectorTimeouts(sides, options)] : []),
    ...(has('sandboxViolations') ? [sandboxViolations(sides, options)] : []),
  ];
  const named = others.map((one) => ({ test, ...defined({ task }), ...one }));
  return [...plainRule(sides, options), ...named];
}

function vectorTimeouts({ baseline, observed }: Sides, options: PlainOptions): Judged {
  const { vectorTimeoutPoints: points } = options.tolerances;
  const tolerance = `+${points} points`;
  const head = { metric: 'vectorTimeoutRate', unit: 'share', tolerance } as const;
  return compared(baseline.vectorTimeoutShare, observed.vectorTimeoutShare, head, (was, is) => {
    const change = `${shareText(was)} became ${shareText(is)}: ${pointsText(is - was)}`;
    return reaches(is - was, points / 100)
      ? beyond(options, head, change, noCounts)
      : within(head, change);
  });
}

/** So many are accepted, whatever the baseline had: one more is evidence enough. */
function sandboxViolations({ baseline, observed }: Sides, { tolerances }: PlainOptions): Judged {
  const most = tolerances.sandboxViolations;
  const tolerance = most === 0 ? 'none' : `at most ${most}`;
  const head = { metric: 'sandboxViolations', unit: 'count', tolerance } as const;
  const count = observed.sandboxViolations ?? 0;
  const told = count === 0 ? 'no violation' : `${counted(count, 'violation')} of the sandbox`;
  const judged = compared(baseline.sandboxViolations, observed.sandboxViolations, head, () => {
    return { verdict: 'pass', evidence: told };
  });
  if (count <= most) return judged;
  const evidence = `${told}, and ${most === 0 ? 'none is' : `${tolerance} are`} accepted`;
  return { ...judged, verdict: 'critical', evidence };
}

/** Figures without a threshold are told, so that nobody misses them. */
function unjudgedNotes({ observed, known }: FoundPair, { tolerances }: PlainOptions): string[] {
  const names = (Object.keys(latencyFigures) as ComparedPercentile[]).filter(
    (name) => tolerances.latency[name] === undefined,
  );
  const figures = names.flatMap((name) => {
    const key = latencyFigures[name]!;
    const [was, is] = [known.figures[key], observed.figures[key]];
    return was === undefined || is === undefined
      ? []
      : [`${name} ${figureText(was, 'time')} → ${figureText(is, 'time')}`];
  });
  const notes = figures.length === 0 ? [] : [`${observed.test}, not judged: ${figures.join(', ')}`];
  const [was, is] = [known.figures.users, observed.figures.users];
  if (was === undefined || is === undefined || was === is) return notes;
  return [...notes, `${observed.test}: users: ${was} in the baseline, ${is} in the run`];
}
