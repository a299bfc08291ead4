/**
 * The command `compare`: results that are there already, of whatever tool, beside a baseline of plain
 * figures, in four steps: extract, baseline, compare, issue. Start reading at `compareFigures`; each kind
 * of file has a reader of its own.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { comparisonSchema, type RunComparison } from '../baselines/comparison-file.ts';
import { redVerdicts } from '../baselines/comparison.ts';
import { readThresholds, thresholdsName } from '../baselines/thresholds-file.ts';
import { isSameSystem, type ComparisonOptions, type Thresholds } from '../baselines/tolerances.ts';
import type { Caller } from '../platform/caller.ts';
import { commandCall } from '../platform/command-call.ts';
import { figuresJson, readJsonFile, readTextFile } from '../platform/json-file.ts';
import { sortedWorstFirst, verdictCounts } from '../report/text/comparison-text.ts';
import {
  comparisonColumns,
  comparisonRow,
  regressionAnalysisMarkdown,
} from '../report/files/regression-analysis.ts';
import { appendStepSummary } from '../report/files/step-summary.ts';
import { textTable } from '../report/text/text-table.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { locustFigures } from './locust-csv.ts';
import { comparePlain, testsText } from './plain-comparison.ts';
import { plainFigures, type FiguresEntry, type FiguresFile } from './plain-figures.ts';
import { isResults, resultsFigures } from './results-figures.ts';

/** The file of an environment's plain figures, in its folder of baselines. */
export const figuresBaselineName = 'figures.json';

/** The first is the default. */
const modes = ['off', 'on'] as const;

const usage = `${commandCall('compare')} <baseline> <results>… [options]

  <baseline>   plain figures by system (JSON, such as the command baselines writes), or what results may be
  <results>    results.json of a run (reports/latest/results.json), a Locust _stats.csv, or a CSV with a
               row per service

  --output <file>        the analysis; default figures-compared.md beside the results
  --system <name>        the system that a CSV is of; default its file's name without _stats.csv
  --thresholds <file>    what is tolerated, by system and metric; default ${thresholdsName}, where it is
  --significance <mode>  off (default): what passes its threshold is critical, and so are errors where
                         there were none.
                         on: red needs evidence, which plain figures give for errors alone; a latency or
                         throughput beyond its threshold is inconclusive
  --help

Writes the analysis, and the same as JSON beside it. Exit code: 0 no regression, 1 a regression,
2 nothing could be compared.
`;

const options = {
  output: { type: 'string' },
  system: { type: 'string' },
  thresholds: { type: 'string' },
  significance: { type: 'string', default: modes[0] },
  help: { type: 'boolean', default: false },
} as const;

/** Returns the exit code: see `--help`. Throws, in words for the user, where nothing can be compared. */
export function compareFigures(words: readonly string[], caller: Caller): number {
  const step = (name: string, text: string): void => {
    caller.print(`${name.padEnd(9)} ${text}\n`);
  };
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    caller.print(usage);
    return 0;
  }
  const [baselinePath, ...paths] = positionals;
  if (baselinePath === undefined || paths.length === 0) {
    throw new Error(`takes a baseline and results\n\n${usage}`);
  }
  const significance = modes.find((mode) => mode === values.significance);
  if (significance === undefined) {
    throw new Error(`--significance ${values.significance}: accepted are ${modes.join(', ')}`);
  }
  const runs = paths.map((path) => readFigures(path, values.system));
  step('extract', runs.map(contentText).join('; '));
  const baseline = readFigures(baselinePath, values.system);
  step('baseline', contentText(baseline));
  const thresholds = givenThresholds(values.thresholds);
  const comparison = compareRuns(baseline, runs, { significance, ...thresholds });
  step('compare', verdictCounts(comparison.comparisons));
  const output = values.output ?? join(dirname(paths[0]!), 'figures-compared.md');
  // Beside the analysis, for what acts on it.
  const machine = `${output.replace(/\.md$/, '')}.json`;
  const given = [baselinePath, ...paths].map((path) => resolve(path));
  const taken = [output, machine].find((path) => given.includes(resolve(path)));
  if (taken !== undefined) throw new Error(`--output ${output}: would write over ${taken}`);
  const analysis = regressionAnalysisMarkdown(comparison);
  writeWhole(output, analysis);
  writeWhole(machine, figuresJson(comparison));
  const verdicts = new Set(comparison.comparisons.map(({ verdict }) => verdict));
  const isGrave = verdicts.has('critical') || verdicts.has('saturated');
  const command = `${commandCall('regression-issue')} ${machine} --confirmed-by <the same of a rerun>`;
  step('issue', isGrave ? `when a rerun has confirmed it: ${command}` : 'none to open');
  for (const note of comparison.notes) step('note', note);
  caller.print(`\n${comparisonTable(comparison, caller)}\n\nAnalysis: ${output}\n`);
  appendStepSummary(caller.environment, analysis);
  if ([...verdicts].every((verdict) => verdict === 'no-data')) return 2;
  return [...verdicts].some((verdict) => redVerdicts.has(verdict)) ? 1 : 0;
}

/**
 * A CSV, a `results.json`, or plain figures by system, told apart by ending and content.
 * `system` names the one that a CSV is of. Throws with the path and what is accepted.
 */
export function readFigures(path: string, system?: string): FiguresFile {
  if (/\.csv$/i.test(path)) return locustFigures(readTextFile(path), path, system);
  const json = readJsonFile(path);
  return isResults(json) ? resultsFigures(json, path) : plainFigures(json, path);
}

/** `baselines/ci/figures.json` → `ci`; another file stands for itself. */
function environmentOf(path: string): string {
  const name = basename(path);
  return name === figuresBaselineName
    ? basename(dirname(resolve(path)))
    : name.replace(/\.\w+$/, '');
}

/** A file that was named must be there. */
function givenThresholds(path: string | undefined): Thresholds {
  if (path === undefined || existsSync(path)) return readThresholds(path ?? thresholdsName);
  throw new Error(`--thresholds ${path}: no such file`);
}

/** A name that is mistyped tolerates nothing. */
function unusedThresholds({ systems = {} }: Thresholds, tests: readonly FiguresEntry[]): string[] {
  return Object.keys(systems)
    .filter((name) => !tests.some(({ system }) => isSameSystem(system, name)))
    .map((name) => `thresholds of ${name}: no such system was compared`);
}

function compareRuns(
  baseline: FiguresFile,
  runs: readonly FiguresFile[],
  options: ComparisonOptions & { readonly significance: (typeof modes)[number] },
): RunComparison {
  const { tests, comparisons, notes } = comparePlain(baseline, runs, options);
  const again = `${commandCall('compare')} ${baseline.path} <results of another run>`;
  const from = `${baseline.path} (${baseline.kind})`;
  return {
    schema: comparisonSchema,
    tests: tests.map(({ test, rerun = again }) => ({ test, baseline: from, rerun })),
    comparisons,
    significance: options.significance,
    runId: runs.map((run) => run.runId ?? run.path).join(', '),
    environment: environmentOf(baseline.path),
    notes: [
      ...notes,
      ...unusedThresholds(options, tests),
      ...[baseline, ...runs].flatMap((file) => file.notes),
    ],
  };
}

function comparisonTable({ comparisons }: RunComparison, { columns = 120 }: Caller): string {
  const cut = comparisonColumns.map((column) =>
    column.title === 'test' ? { ...column, elastic: 'cut' as const } : column,
  );
  return textTable(cut, sortedWorstFirst(comparisons).map(comparisonRow), columns).join('\n');
}

function contentText({ path, kind, entries }: FiguresFile): string {
  return `${path}: ${kind} of ${testsText(entries)}`;
}
