/**
 * Folds the interval logs of a run's folder into its reports. The reporter does it at the end of a run,
 * and `npm run report` at any later time. The logs of a killed run are enough for it.
 */
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { committedLoads } from '../../baselines/committed-loads.ts';
import { comparisonOfRun, type RunComparison } from '../../baselines/comparison-file.ts';
import { nameOfLog } from '../../settings/run-folder.ts';
import { settings } from '../../settings/settings.ts';
import type { BaselineLoad } from '../../analysis/findings/baseline-load.ts';
import { findingsIn } from '../../analysis/findings/findings.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import { progressionsIn, type Progression } from '../../analysis/findings/progression.ts';
import { drawSvg } from '../charts/pictures.ts';
import { progressionOption } from '../charts/progression-chart.ts';
import { LoadLevel } from '../../analysis/findings/load-level.ts';
import {
  readJudgedLoad,
  readLoadLines,
  unaskedLoad,
  type JudgedLoad,
} from '../../budgets/judged-load.ts';
import { DetailFold } from '../../metrics/result/details.ts';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { figuresJson } from '../../platform/json-file.ts';
import { defined } from '../../platform/defined.ts';
import { reasonOf } from '../../platform/words.ts';
import { bottlenecksMarkdown, bottlenecksName } from './bottlenecks.ts';
import { pairComment, pairCommentName } from './pair-comment.ts';
import { loadEntry, resultsOf, type LoadEntry, type Results, resultsText } from './results-json.ts';
import { analysisName, regressionAnalysisMarkdown } from './regression-analysis.ts';
import { pairEntry, pairsIn } from './run-pairs.ts';
import { monitorCsv, monitorCsvName, monitorMoments, type MonitorMoment } from './monitor-csv.ts';
import { summaryMarkdown } from './summary.ts';
import type { LogLine } from '../../metrics/log/schema.ts';
import { filesOfLoad, loadFiles } from './load-files.ts';
import { StatsHistory } from './stats-history.ts';
import { levelsPage } from '../html/levels-page.ts';
import { loadPage } from '../html/load-page.ts';
import type { LoadPage } from '../html/page-data.ts';
import { pageHtml, pageName, runPage } from '../html/write-page.ts';
import { findingText } from '../text/finding-text.ts';
import type { ReportSection } from '../text/report-section.ts';
import { writeWhole } from '../../platform/whole-file.ts';

interface RebuildOptions {
  /** Additional logs, for a run whose blob reports are merged. */
  readonly logs?: readonly string[];
  /** Playwright's status of a log's test. */
  readonly statusOf?: (logPath: string) => string | undefined;
  /** Logs that are missing, and why. */
  readonly missing?: Results['unreadable'];
  /** Whether the test did not ask for a load's verdict. */
  readonly isUnasked?: (logPath: string) => boolean;
  /** Report sections that only some loads have. */
  readonly sections?: readonly ReportSection[];
  /** Receives each load as it is read. Its result is not kept. */
  readonly onLoad?: (logPath: string, load: JudgedLoad) => void;
  /** The runner's configuration file, beside which the baselines are. Default: one in the working directory. */
  readonly configFile?: string | undefined;
  /** Loads that this process has already read and judged. */
  readonly known?: readonly JudgedLoad[];
}

/** The committed baselines of the loads' systems. */
function committedFor(levels: readonly LoadLevel[], configFile = ''): BaselineLoad[] {
  const systems = new Set(levels.map(({ plan }) => plan.system));
  return committedLoads(
    join(dirname(configFile), 'baselines'),
    settings().LOAD_ENVIRONMENT,
    systems,
  );
}

interface Rebuilt {
  readonly results: Results;
  readonly summaryPath: string;
  /** Undefined if the report's page is not built (`notBuilt` says how to build it). */
  readonly pagePath: string | undefined;
  /** Undefined if nothing was compared with a baseline. */
  readonly comparison: RunComparison | undefined;
  readonly pairs: readonly JudgedPair[];
}

/** Sorts a test's second load after its first, and 50 users before 100. */
const inReadingOrder = new Intl.Collator('en', { numeric: true });

/** The interval logs in the folder, sorted; empty if there is no such folder. */
export function logsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const logs = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  const stems = logs.map(nameOfLog);
  stems.sort((a, b) => inReadingOrder.compare(a, b));
  return stems.map((stem) => join(folder, `${stem}.ndjson`));
}

/** One path per file, whatever links lead to it. */
export function truePath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/**
 * Writes `index.html`, `results.json`, `summary.md`, `bottlenecks.md` and `monitor.csv`, and for each
 * load the files of other tools (load-files.ts). If loads were compared with baselines it also writes
 * `comparison.json` and `regression-analysis.md`, and if the run had pairs `pair-comment.md`. A log that
 * cannot be read is listed in the first three; the others are reported. Throws if the folder cannot be
 * written to.
 */
export async function rebuild(folder: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const compared = comparisonOfRun(folder);
  const {
    loads,
    levels,
    pages,
    files: ofLoads,
    monitored,
    unreadable,
  } = await readLoads(folder, compared, options);
  const baselines = committedFor(levels, options.configFile);
  const findings = findingsIn(levels, { baselines });
  const progressions = progressionsIn(levels, baselines);
  const { pairs, unreadable: brokenPairs } = pairsIn(folder);
  const runId = loads[0]?.runId ?? pairs[0]?.plan.runId ?? basename(resolve(folder));
  const all = { findings, progressions, pairs: pairs.map(pairEntry) };
  const results = resultsOf(runId, loads, [...unreadable, ...brokenPairs], all);
  mkdirSync(folder, { recursive: true });
  const pictures = await picturesOf(progressions, folder);
  const levelsPages = progressions.map((one) => levelsPage(one, findings, pictures.get(one)?.svg));
  const page = pageHtml({ ...runPage(results, pairs), levels: levelsPages }, pages);
  const comparison = compared && withFindings(compared, findings);
  const files: Readonly<Record<string, string | undefined>> = {
    ...ofLoads,
    'results.json': resultsText(results),
    [summaryName]: summaryMarkdown(results, { pairs, pictures: namesOf(pictures) }),
    [pageName]: page,
    [bottlenecksName]: bottlenecksMarkdown(findings),
    [monitorCsvName]: monitorCsv(monitored),
    [pairCommentName]: pairs.length === 0 ? undefined : pairComment(pairs),
    'comparison.json': comparison && figuresJson(comparison),
    [analysisName]: comparison && regressionAnalysisMarkdown(comparison),
  };
  for (const [name, text] of Object.entries(files)) {
    if (text !== undefined) writeWhole(join(folder, name), text);
  }
  const pagePath = page === undefined ? undefined : join(folder, pageName);
  return { results, summaryPath: join(folder, summaryName), pagePath, comparison, pairs };
}

const summaryName = 'summary.md';

/** Files that cover all loads. */
const runFiles: LoadPage['files'] = [
  { name: 'results.json', what: 'all figures, for machines' },
  { name: summaryName, what: 'the same for people' },
];

/** The facts that the reports need of a run's loads. The results themselves are not kept. */
interface ReadLoads {
  readonly loads: LoadEntry[];
  readonly levels: LoadLevel[];
  readonly pages: LoadPage[];
  /** Files of single loads, by name. */
  readonly files: Record<string, string>;
  /** For `monitor.csv`. */
  readonly monitored: MonitorMoment[];
  readonly unreadable: Results['unreadable'][number][];
}

async function readLoads(
  folder: string,
  comparison: RunComparison | undefined,
  options: RebuildOptions,
): Promise<ReadLoads> {
  const { logs = [], missing = [], sections, statusOf, isUnasked, onLoad, known = [] } = options;
  const judged = new Map(known.map((load) => [truePath(load.logPath ?? ''), load]));
  const read: ReadLoads = {
    loads: [],
    levels: [],
    pages: [],
    files: {},
    monitored: [],
    unreadable: [...missing],
  };
  for (const path of new Set([...logsIn(folder), ...logs].map(truePath))) {
    try {
      const details = new DetailFold();
      const history = new StatsHistory();
      const onLine = (line: LogLine): void => {
        details.add(line);
        history.add(line);
      };
      const before = judged.get(path);
      if (before !== undefined) await readLoadLines(path, onLine);
      const asked = before ?? (await readJudgedLoad(path, onLine));
      const load = isUnasked?.(path) === true ? unaskedLoad(asked) : asked;
      const entry = loadEntry(load, load.verdict, path, statusOf?.(path), sections);
      read.loads.push(entry);
      read.levels.push(new LoadLevel(load));
      read.monitored.push(...monitorMoments(load, details.intervals));
      const comparisons = comparison?.comparisons.filter(({ test }) => test === entry.testId);
      const written = loadFiles(load, entry, history);
      for (const { name, text } of written) read.files[name] = text;
      const files = [...filesOfLoad(entry.log, written), ...runFiles];
      read.pages.push(loadPage(defined({ load, entry, details, comparisons, sections, files })));
      onLoad?.(path, load);
    } catch (error) {
      read.unreadable.push({ log: basename(path), reason: reasonOf(error) });
    }
  }
  return read;
}

/** Adds why a compared test was slow, for the issue of its regression. */
function withFindings(comparison: RunComparison, findings: readonly Finding[]): RunComparison {
  const compared = new Set(comparison.tests.map(({ test }) => test));
  const own = findings.filter(({ testId }) => compared.has(testId));
  const causes = own.map((finding) => ({ test: finding.testId, text: findingText(finding) }));
  return causes.length === 0 ? comparison : { ...comparison, causes };
}

interface Picture {
  readonly name: string;
  readonly svg: string;
}

function namesOf(pictures: ReadonlyMap<Progression, Picture>): Map<Progression, string> {
  return new Map([...pictures].map(([progression, { name }]) => [progression, name]));
}

/** A chart for each, in a file beside the summary. If one cannot be drawn, only the figures are shown. */
async function picturesOf(
  progressions: readonly Progression[],
  folder: string,
): Promise<ReadonlyMap<Progression, Picture>> {
  const pictures = new Map<Progression, Picture>();
  for (const progression of progressions) {
    const svg = await drawSvg(progressionOption(progression)).catch(() => undefined);
    if (svg === undefined) continue;
    const { system } = progression;
    const others = [...pictures.keys()].filter((one) => one.system === system).length;
    const name = `levels-${system}${others === 0 ? '' : `-${others + 1}`}.svg`;
    writeWhole(join(folder, name), svg);
    pictures.set(progression, { name, svg });
  }
  return pictures;
}
