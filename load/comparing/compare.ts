/**
 * The command `compare` compares existing results of any tool with a baseline of plain figures, in four
 * steps: extract, baseline, compare, issue. Start reading here, at `compareFigures`; each kind of file has
 * its own reader.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { comparisonSchema, type RunComparison } from '../baselines/comparison-file.ts';
import { redVerdicts } from '../baselines/comparison.ts';
import { readThresholds, thresholdsName } from '../baselines/thresholds-file.ts';
import {
  isSameSystem,
  systemKey,
  type ComparisonOptions,
  type Thresholds,
} from '../baselines/tolerances.ts';
import { givenPath, type Caller } from '../platform/caller.ts';
import { commandCall } from '../platform/command-call.ts';
import { figuresJson, jsonOf, readTextFile } from '../platform/json-file.ts';
import { leftOut, mostRows } from '../report/text/bounds.ts';
import { sortedWorstFirst, verdictCounts } from '../report/text/comparison-text.ts';
import {
  comparisonColumns,
  comparisonRow,
  regressionAnalysisMarkdown,
} from '../report/files/regression-analysis.ts';
import { appendStepSummary } from '../report/files/step-summary.ts';
import { textTable } from '../report/text/text-table.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { refuseForeignJson, refuseForeignText } from './foreign-files.ts';
import { locustFigures } from './locust-csv.ts';
import { comparePlain, testsText } from './plain-comparison.ts';
import { plainFigures, type FiguresEntry, type FiguresFile } from './plain-figures.ts';
import { isResults, resultsFigures } from './results-figures.ts';

/** Name of the file with an environment's plain figures, in its folder of baselines. */
export const figuresBaselineName = 'figures.json';

/** The first is the default. */
const modes = ['off', 'on'] as const;

const outputName = 'figures-compared.md';

const usage = `${commandCall('compare')} <baseline> <results>… [options]

  <baseline>   plain figures by system (JSON, as the command "baselines" writes), or a file as for <results>
  <results>    results.json of a run (reports/latest/results.json), a Locust _stats.csv, or a CSV with a
               row per service

  --output <folder>      folder for ${outputName} and .json; default: the current folder. A name that
                         ends in .md is the name of the analysis itself
  --system <name>        compares only this system. It is also the system of a CSV; default: the name of
                         the file without _stats.csv
  --allow-missing        reports what the baseline has and the results lack, without exit code 2
  --thresholds <file>    tolerances by system and metric; default: ${thresholdsName}, if there is one
  --significance <mode>  off (default): a figure beyond its threshold is critical, and so is any error if
                         there was none before.
                         on: a red verdict needs evidence, which plain figures have for errors only; a
                         latency or throughput beyond its threshold is inconclusive
  --help

Exit code: 0 all that the baseline has was compared, and nothing regressed; 1 something regressed (also if
something else is missing); 2 something is missing, or nothing could be compared.
`;

const options = {
  output: { type: 'string', default: '.' },
  system: { type: 'string' },
  'allow-missing': { type: 'boolean', default: false },
  thresholds: { type: 'string' },
  significance: { type: 'string', default: modes[0] },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Returns the exit code, as described in `--help`. Throws, in words for the user, if nothing can be
 * compared.
 */
export function compareFigures(words: readonly string[], caller: Caller): number {
  const step = (name: string, text: string): void => {
    caller.print(`${name.padEnd(9)} ${text}\n`);
  };
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    caller.print(usage);
    return 0;
  }
  const here = (path: string): string => givenPath(path, caller.environment);
  const [baselinePath, ...paths] = positionals.map(here);
  if (baselinePath === undefined || paths.length === 0) {
    throw new Error(`takes a baseline and results\n\n${usage}`);
  }
  const significance = modes.find((mode) => mode === values.significance);
  if (significance === undefined) {
    throw new Error(`--significance ${values.significance}: accepted are ${modes.join(', ')}`);
  }
  const itself = paths.find((path) => resolve(path) === resolve(baselinePath));
  if (itself !== undefined) {
    throw new Error(`${itself}: is the baseline and the results; accepted are two files`);
  }
  const files = outputFiles(here(values.output), [baselinePath, ...paths]);
  const read = (path: string): FiguresFile =>
    ofSystem(readFigures(path, values.system), values.system);
  const runs = paths.map(read);
  step('results', runs.map(contentText).join('; '));
  const baseline = read(baselinePath);
  step('baseline', contentText(baseline));
  const thresholds = givenThresholds(values.thresholds && here(values.thresholds));
  const comparison = compareRuns(baseline, runs, { significance, ...thresholds });
  step('compare', verdictCounts(comparison.comparisons));
  const analysis = regressionAnalysisMarkdown(comparison);
  mkdirSync(dirname(files.analysis), { recursive: true });
  writeWhole(files.analysis, analysis);
  writeWhole(files.machine, figuresJson(comparison));
  const verdicts = new Set(comparison.comparisons.map(({ verdict }) => verdict));
  const isGrave = verdicts.has('critical') || verdicts.has('saturated');
  const command = `${commandCall('regression-issue')} ${files.machine} --confirmed-by <the same of a rerun>`;
  step('issue', isGrave ? `when a rerun has confirmed it: ${command}` : 'none to open');
  const { missing = [], notes } = comparison;
  for (const text of [...missing.slice(0, mostRows), ...leftOut(missing)]) step('missing', text);
  for (const note of [...notes.slice(0, mostRows), ...leftOut(notes)]) step('note', note);
  caller.print(`\n${comparisonTable(comparison, caller)}\n\nAnalysis: ${files.analysis}\n`);
  appendStepSummary(caller.environment, analysis);
  return exitCode(comparison, values['allow-missing']);
}

function exitCode({ comparisons, missing = [] }: RunComparison, isMissingAllowed: boolean): number {
  if (comparisons.some(({ verdict }) => redVerdicts.has(verdict))) return 1;
  const isNothing = comparisons.every(({ verdict }) => verdict === 'no-data');
  return isNothing || (missing.length > 0 && !isMissingAllowed) ? 2 : 0;
}

/**
 * Paths of the analysis and of the same data for other programs. Throws if they would overwrite one of
 * `given`.
 */
function outputFiles(output: string, given: readonly string[]) {
  const analysis = /\.md$/i.test(output) ? output : join(output, outputName);
  const machine = analysis.replace(/\.md$/i, '.json');
  const taken = [analysis, machine].find((path) =>
    given.some((one) => resolve(one) === resolve(path)),
  );
  if (taken !== undefined) throw new Error(`--output ${output}: would overwrite ${taken}`);
  return { analysis, machine };
}

/**
 * Reads a CSV, a `results.json` or plain figures, recognised by content, as figures by system. `system`
 * is the system of a CSV. Throws with the path and what is accepted.
 */
export function readFigures(path: string, system?: string): FiguresFile {
  const text = readTextFile(path);
  refuseForeignText(text, path);
  const isJson = /\.json$/i.test(path) || /^\s*[{[]/.test(text);
  if (!isJson) return locustFigures(text, path, system);
  const json = jsonOf(text, path);
  refuseForeignJson(json, path);
  return isResults(json) ? resultsFigures(json, path) : plainFigures(json, path);
}

/**
 * The part of a file about one system, if one is asked for. A baseline may list it only under its tests'
 * names. Throws if the file has nothing of it.
 */
function ofSystem(file: FiguresFile, system: string | undefined): FiguresFile {
  if (system === undefined) return file;
  const { path, entries } = file;
  const own = entries.filter((one) =>
    [one.system, one.test].some((it) => isSameSystem(it, system)),
  );
  const byTest = entries.filter(({ test }) => systemKey(test).startsWith(systemKey(`${system}-`)));
  const chosen = own.length > 0 ? own : byTest;
  if (chosen.length > 0) return { ...file, entries: chosen };
  throw new Error(`${path}: has ${testsText(entries)}; accepted is what --system ${system} names`);
}

/** `baselines/ci/figures.json` → `ci`; for other files their own name. */
function environmentOf(path: string): string {
  const name = basename(path);
  return name === figuresBaselineName
    ? basename(dirname(resolve(path)))
    : name.replace(/\.\w+$/, '');
}

/** A file that was named on the command line must exist. */
function givenThresholds(path: string | undefined): Thresholds {
  if (path === undefined || existsSync(path)) return readThresholds(path ?? thresholdsName);
  throw new Error(`--thresholds ${path}: no such file`);
}

/** Thresholds under a mistyped name would have no effect. */
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
  const { tests, comparisons, missing, notes } = comparePlain(baseline, runs, options);
  const again = `${commandCall('compare')} ${baseline.path} <results of another run>`;
  const from = `${baseline.path} (${baseline.kind})`;
  return {
    schema: comparisonSchema,
    tests: tests.map(({ test, rerun = again }) => ({ test, baseline: from, rerun })),
    comparisons,
    missing,
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
