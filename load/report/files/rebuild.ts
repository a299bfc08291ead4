/**
 * Folds the interval logs of a run's folder into its reports. The reporter does it at the end of a run,
 * `npm run report` at any time after: a run that was killed has its logs, and they are enough.
 */
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { comparisonOfRun, type RunComparison } from '../../baselines/comparison-file.ts';
import {
  readJudgedLoad,
  readLoadLines,
  unaskedLoad,
  type JudgedLoad,
} from '../../budgets/judged-load.ts';
import { DetailFold } from '../../metrics/result/details.ts';
import { figuresJson } from '../../platform/json-file.ts';
import { defined } from '../../platform/defined.ts';
import { reasonOf } from '../../platform/words.ts';
import { loadEntry, resultsOf, type LoadEntry, type Results, resultsText } from './results-json.ts';
import { analysisName, regressionAnalysisMarkdown } from './regression-analysis.ts';
import { summaryMarkdown } from './summary.ts';
import { loadPage } from '../html/load-page.ts';
import type { LoadPage } from '../html/page-data.ts';
import { pageHtml, pageName, runPage } from '../html/write-page.ts';
import type { ReportSection } from '../text/report-section.ts';
import { writeWhole } from '../../platform/whole-file.ts';

interface RebuildOptions {
  /** Further logs, of a run whose blob reports are merged. */
  readonly logs?: readonly string[];
  /** What Playwright says of a log's test. */
  readonly statusOf?: (logPath: string) => string | undefined;
  /** Logs that should be there and are not, and why. */
  readonly missing?: Results['unreadable'];
  /** Whether nobody asked for a load's verdict. */
  readonly isUnasked?: (logPath: string) => boolean;
  /** What only some loads have. */
  readonly sections?: readonly ReportSection[];
  /** Sees each load as it is read; its result is not kept. */
  readonly onLoad?: (logPath: string, load: JudgedLoad) => void;
  /** Loads that this process has read and judged already. */
  readonly known?: readonly JudgedLoad[];
}

interface Rebuilt {
  readonly results: Results;
  readonly summaryPath: string;
  /** Undefined where the page of the report is not built (`notBuilt` says how). */
  readonly pagePath: string | undefined;
  /** Undefined where nothing was compared with a baseline. */
  readonly comparison: RunComparison | undefined;
}

/** A test's second load after its first, and 50 users before 100. */
const inReadingOrder = new Intl.Collator('en', { numeric: true });

/** The interval logs in the folder, sorted; none where there is no such folder. */
export function logsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const logs = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  const stems = logs.map((name) => basename(name, '.ndjson'));
  stems.sort((a, b) => inReadingOrder.compare(a, b));
  return stems.map((stem) => join(folder, `${stem}.ndjson`));
}

/** One path for one file, whatever links lead to it. */
export function truePath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/**
 * Writes `index.html`, `results.json` and `summary.md`, and where loads were compared with baselines
 * `comparison.json` and `regression-analysis.md`. A log that can't be read is named in all; the others are
 * reported. Throws where the folder can't be written to.
 */
export async function rebuild(folder: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const { logs = [], missing = [], sections, statusOf, isUnasked, onLoad, known = [] } = options;
  const judged = new Map(known.map((load) => [truePath(load.logPath ?? ''), load]));
  const loads: LoadEntry[] = [];
  const pages: LoadPage[] = [];
  const unreadable = [...missing];
  const comparison = comparisonOfRun(folder);
  for (const path of new Set([...logsIn(folder), ...logs].map(truePath))) {
    try {
      const details = new DetailFold();
      const before = judged.get(path);
      if (before !== undefined) await readLoadLines(path, details.add);
      const asked = before ?? (await readJudgedLoad(path, details.add));
      const load = isUnasked?.(path) === true ? unaskedLoad(asked) : asked;
      const entry = loadEntry(load, load.verdict, path, statusOf?.(path), sections);
      loads.push(entry);
      const comparisons = comparison?.comparisons.filter(({ test }) => test === entry.testId);
      pages.push(loadPage(defined({ load, entry, details, comparisons, sections })));
      onLoad?.(path, load);
    } catch (error) {
      unreadable.push({ log: basename(path), reason: reasonOf(error) });
    }
  }
  const results = resultsOf(loads[0]?.runId ?? basename(resolve(folder)), loads, unreadable);
  mkdirSync(folder, { recursive: true });
  const summaryPath = join(folder, 'summary.md');
  writeWhole(join(folder, 'results.json'), resultsText(results));
  writeWhole(summaryPath, summaryMarkdown(results));
  const page = pageHtml(runPage(results), pages);
  const pagePath = page === undefined ? undefined : join(folder, pageName);
  if (page !== undefined) writeWhole(join(folder, pageName), page);
  if (comparison !== undefined) {
    writeWhole(join(folder, 'comparison.json'), figuresJson(comparison));
    writeWhole(join(folder, analysisName), regressionAnalysisMarkdown(comparison));
  }
  return { results, summaryPath, pagePath, comparison };
}
