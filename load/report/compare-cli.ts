/**
 * `npm run compare`: results that are there already against a baseline of plain figures, in four steps:
 * extract, baseline, compare, issue. Ends with 1 where something regressed, with 2 where it can't tell.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  comparisonSchema,
  comparisonText,
  type ComparedTest,
  type RunComparison,
} from '../baselines/comparison-file.ts';
import { redVerdicts } from '../baselines/comparison.ts';
import { comparePlain } from '../baselines/plain-comparison.ts';
import type { FiguresFile } from '../baselines/plain-figures.ts';
import { readFigures } from '../baselines/read-figures.ts';
import { sortedWorstFirst, verdictCounts } from './comparison-text.ts';
import {
  comparisonColumns,
  comparisonRow,
  regressionAnalysisMarkdown,
} from './regression-analysis-markdown.ts';
import { appendStepSummary } from './step-summary.ts';
import { textTable } from './text-table.ts';
import { writeWhole } from '../whole-file.ts';

/** The first is the default. */
const modes = ['off', 'on'] as const;
type Significance = (typeof modes)[number];

const usage = `npm run compare -- <baseline> <results>… [options]

  <baseline>   plain figures by system (JSON), a results.json, or a Locust _stats.csv
  <results>    results.json of a run (reports/latest/results.json), or a Locust _stats.csv

  --output <file>        the analysis; default figures-compared.md beside the results
  --system <name>        the system that a CSV is of; default its file's name without _stats.csv
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
  significance: { type: 'string', default: modes[0] },
  help: { type: 'boolean', default: false },
} as const;

function compare(words: readonly string[]): number {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
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
  const comparison = compareRuns(baseline, runs, significance);
  step('compare', verdictCounts(comparison.comparisons));
  const output = values.output ?? join(dirname(paths[0]!), 'figures-compared.md');
  const given = [baselinePath, ...paths].map((path) => resolve(path));
  const taken = [output, machineOf(output)].find((path) => given.includes(resolve(path)));
  if (taken !== undefined) throw new Error(`--output ${output}: would write over ${taken}`);
  return leave(comparison, output);
}

function compareRuns(
  baseline: FiguresFile,
  runs: readonly FiguresFile[],
  significance: Significance,
): RunComparison {
  const { tests, comparisons, notes } = comparePlain(baseline, runs, { significance });
  const again = `npm run compare -- ${baseline.path} <results of another run>`;
  const compared = tests.map(({ test, rerun }): ComparedTest => {
    return { test, baseline: `${baseline.path} (${baseline.kind})`, rerun: rerun ?? again };
  });
  return {
    ...{ schema: comparisonSchema, tests: compared, comparisons, significance },
    runId: runs.map((run) => run.runId ?? run.path).join(', '),
    environment: basename(baseline.path).replace(/\.\w+$/, ''),
    notes: [...notes, ...[baseline, ...runs].flatMap((file) => file.notes)],
  };
}

/** Prints the table, writes the files; the exit code. */
function leave(comparison: RunComparison, output: string): number {
  const machine = machineOf(output);
  const markdown = regressionAnalysisMarkdown(comparison);
  writeWhole(output, markdown);
  writeWhole(machine, comparisonText(comparison));
  const sorted = sortedWorstFirst(comparison.comparisons);
  const isRed = sorted.some(({ verdict }) => redVerdicts.has(verdict));
  const isGrave = sorted.some(({ verdict }) => ['critical', 'saturated'].includes(verdict));
  const command = `npm run regression-issue -- ${machine} --confirmed-by <the same of a rerun>`;
  step('issue', isGrave ? `when a rerun has confirmed it: ${command}` : 'none to open');
  const columns = comparisonColumns.map((column) =>
    column.title === 'test' ? { ...column, elastic: 'cut' as const } : column,
  );
  const table = textTable(
    columns,
    sorted.map(comparisonRow),
    process.stdout.isTTY ? process.stdout.columns : 120,
  );
  process.stdout.write(`\n${table.join('\n')}\n\nAnalysis: ${output}\n`);
  appendStepSummary(process.env, markdown);
  if (sorted.every(({ verdict }) => verdict === 'no-data')) return 2;
  return isRed ? 1 : 0;
}

/** Beside the analysis, for what acts on it. */
function machineOf(output: string): string {
  return `${output.replace(/\.md$/, '')}.json`;
}

function contentText({ path, kind, entries }: FiguresFile): string {
  const tests = entries.map(({ test }) => test).join(', ');
  return `${path}: ${kind} of ${tests}`;
}

function step(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(9)} ${text}\n`);
}

try {
  process.exitCode = compare(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
