/** Compares files of plain figures: finds which test is compared with which. */
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
  systemKey,
  tolerancesOf,
  type ComparedPercentile,
  type ComparisonOptions,
} from '../baselines/tolerances.ts';
import { figureBesideLimit, figureText, pointsText, shareText } from '../metrics/figure-text.ts';
import { NamePatterns } from '../metrics/record/name-patterns.ts';
import { defined } from '../platform/defined.ts';
import { firstRepeated, groupedBy } from '../platform/lists.ts';
import { counted, listed } from '../platform/words.ts';
import type { FiguresEntry, FiguresFile, PipelineFigures } from './plain-figures.ts';
import { pairTasks } from './same-tasks.ts';

interface PlainComparison {
  /** The compared tests of the run, by their names in the comparisons. */
  readonly tests: readonly FiguresEntry[];
  readonly comparisons: readonly MetricComparison[];
  /** The parts of the baseline that were not compared, a sentence each. */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares each test of the runs with the baseline's test of the same name, or else of its system. Throws
 * if no test has a counterpart in the baseline, or a test is given twice.
 */
export function comparePlain(
  baseline: FiguresFile,
  runs: readonly FiguresFile[],
  options: ComparisonOptions = {},
): PlainComparison {
  const entries = runs.flatMap((run) => run.entries);
  refuseTwice(baseline.entries, baseline.path);
  refuseTwice(entries, runs.map(({ path }) => path).join(', '));
  const pairs = entries.map((observed) => ({ observed, known: counterpart(baseline, observed) }));
  const found = pairs.filter((pair): pair is FoundPair => pair.known !== undefined);
  if (found.length === 0) {
    throw new Error(
      `${baseline.path}: has ${testsText(baseline.entries)}, and the run has ${testsText(entries)}; ` +
        'accepted are tests or systems of the same name. A CSV has the name of its file without ' +
        '_stats.csv, unless --system <name> names it',
    );
  }
  const { significance = 'on' } = options;
  const isByHand = baseline.kind === 'plain figures';
  const judged = found.map((pair) => {
    const tolerances = tolerancesOf(pair.observed.system, options);
    const rule = { tolerances, significance };
    return { pair, rule, ...pairCompared(pair, rule, isByHand) };
  });
  const gone = baseline.entries.filter((entry) => !found.some(({ known }) => known === entry));
  const added = pairs
    .filter(({ known }) => known === undefined)
    .map(({ observed }) => observed.test);
  return {
    tests: found.map(({ observed }) => observed),
    // Findings by plain thresholds have no p-value, so none are filtered out.
    comparisons: controlFalseAlarms(judged.flatMap(({ comparisons }) => comparisons)),
    missing: [
      ...gone.map(({ test }) => `${test}: only in the baseline`),
      ...[baseline, ...runs].flatMap(({ unusable = [] }) => unusable),
      ...judged.flatMap(({ missing }) => missing),
    ],
    notes: [
      'plain figures carry no plan: whether both ran the same load was not checked',
      ...judged.flatMap(({ pair, rule }) => unjudgedNotes(pair, rule)),
      ...(added.length === 0 ? [] : [`not in the baseline: ${listed(added)}`]),
      ...judged.flatMap(({ notes }) => notes),
      ...patternNotes([...baseline.entries, ...entries]),
    ],
  };
}

/** A name that is unique per request has no counterpart on the other side. */
function patternNotes(entries: readonly FiguresEntry[]): string[] {
  const patterns = new NamePatterns();
  for (const { tasks } of entries) for (const name of tasks.keys()) patterns.add(name);
  return patterns.notes();
}

interface FoundPair {
  readonly observed: FiguresEntry;
  readonly known: FiguresEntry;
}

function refuseTwice(entries: readonly FiguresEntry[], where: string): void {
  const again = firstRepeated(entries, ({ test }) => systemKey(test));
  if (again === undefined) return;
  throw new Error(`${where}: ${again.test} is given twice; accepted is each test or system once`);
}

function counterpart({ entries }: FiguresFile, wanted: FiguresEntry): FiguresEntry | undefined {
  const byTest = entries.find(({ test }) => isSameSystem(test, wanted.test));
  return byTest ?? entries.find(({ test }) => isSameSystem(test, wanted.system));
}

export function testsText(entries: readonly FiguresEntry[]): string {
  return listed(entries.map(({ test }) => test));
}

/** A table of requests is compared with the requests of the other side, whatever task sent them. */
function namesOf(side: FiguresEntry, other: FiguresEntry): FiguresEntry['tasks'] {
  const { tasks, requests } = side;
  const isByTask = other.requests !== undefined || requests === undefined || requests.size === 0;
  return isByTask ? tasks : requests;
}

type Compared = Pick<PlainComparison, 'comparisons' | 'missing' | 'notes'>;

/**
 * Compares all tasks together, then task by task if both sides have tasks. Figures that a handwritten
 * baseline does not state are left out on purpose.
 */
function pairCompared(pair: FoundPair, options: PlainOptions, isByHand: boolean): Compared {
  const { observed, known } = pair;
  const { test, figures } = observed;
  const over = sidesCompared({ test, baseline: known.figures, observed: figures }, options);
  const { same, gone, added } = pairTasks(namesOf(known, observed), namesOf(observed, known));
  const byTask = same.flatMap(({ task, was, is }) =>
    sidesCompared({ test, task, baseline: was, observed: is }, options),
  );
  const comparisons = [...over, ...byTask];
  const isNew = known.tasks.size > 0 && added.length > 0;
  return {
    comparisons,
    missing: [
      ...gone.map((task) => `${test}: no request of "${task}" in the run`),
      ...missingFigures(comparisons, isByHand),
    ],
    notes: isNew ? [`${test}: not in the baseline: ${listed(added)}`, ...renamed(gone)] : [],
  };
}

/** Tools name a request differently if nothing names it: Locust by its path, this suite by its task. */
function renamed([gone]: readonly string[]): string[] {
  const path = /^[A-Z]+ (\/.*)$/.exec(gone ?? '')?.[1];
  if (path === undefined) return [];
  const option = `name: ${JSON.stringify(path)}`;
  return [
    `a request is found by its method and name; the option ${option} of its call sets the name`,
  ];
}

/** The parts of a side that were not compared: a sentence for each test or task, with the reason. */
function missingFigures(comparisons: readonly MetricComparison[], isByHand: boolean): string[] {
  const open = comparisons.filter(({ verdict, baseline, observed }) => {
    return verdict === 'no-data' && (baseline ?? (isByHand ? undefined : observed)) !== undefined;
  });
  const groups = groupedBy(open, ({ test, task, evidence }) =>
    JSON.stringify([test, task, evidence]),
  );
  return [...groups.values()].map((group) => {
    const { test, task, evidence } = group[0]!;
    const subject = task === undefined ? test : `${test}, ${task}`;
    return `${subject}: ${group.map(({ metric }) => metric).join(', ')}: ${evidence}`;
  });
}

interface Sides {
  readonly test: string;
  readonly task?: string;
  readonly baseline: PipelineFigures;
  readonly observed: PipelineFigures;
}

/** In addition to the general rule: figures of the earlier pipelines, if a side has them. */
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
    const change = `${shareText(was)} became ${figureBesideLimit(is, was, 'share')}: ${pointsText(is - was)}`;
    return reaches(is - was, points / 100)
      ? beyond(options, head, change, noCounts)
      : within(head, change);
  });
}

/** The number accepted does not depend on the baseline. One more is evidence enough. */
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

/** Figures without a threshold are listed, so that they are not overlooked. */
function unjudgedNotes({ observed, known }: FoundPair, { tolerances }: PlainOptions): string[] {
  const names = (Object.keys(latencyFigures) as ComparedPercentile[]).filter(
    (name) => tolerances.latency[name] === undefined,
  );
  const figures = names.flatMap((name) => {
    const key = latencyFigures[name]!;
    const [was, is] = [known.figures[key], observed.figures[key]];
    return was === undefined || is === undefined
      ? []
      : [`${name} ${figureText(was, 'time')} → ${figureBesideLimit(is, was, 'time')}`];
  });
  const notes = figures.length === 0 ? [] : [`${observed.test}, not judged: ${figures.join(', ')}`];
  const [was, is] = [known.figures.users, observed.figures.users];
  if (was === undefined || is === undefined || was === is) return notes;
  return [...notes, `${observed.test}: users: ${was} in the baseline, ${is} in the run`];
}
