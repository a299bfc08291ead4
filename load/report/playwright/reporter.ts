/**
 * Shows the loads while they run, tells each one's figures and verdict at the end of its test, a table of all
 * at the end of the run, and failures where no other reporter does; and writes the reports. It reads what the tests attached and the interval logs, and owns
 * nothing: a run without it loses no result.
 */
import type {
  FullConfig,
  FullResult,
  Reporter,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { basename, dirname, join, relative } from 'node:path';
import type { RunComparison } from '../../baselines/comparison-file.ts';
import { isGreen } from '../../budgets/judge.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { backgroundClock } from '../../platform/clock.ts';
import { reasonOf } from '../../platform/words.ts';
import { scenarioOf } from '../../settings/load-project.ts';
import { settings } from '../../settings/settings.ts';
import { attachedLoads, isLoadTest, type AttachedLoad } from './attachments.ts';
import { areToldElsewhere, errorTexts, failureTitle, isFailed } from './failures.ts';
import { verdictCounts } from '../text/comparison-text.ts';
import { LiveView } from './live-view.ts';
import { besideText } from './ran-beside.ts';
import { printed, type ConsoleLine } from '../text/console-line.ts';
import { consoleLines, consoleLoad, type ToldLoad } from '../text/console-load.ts';
import { textsOf } from '../text/load-texts.ts';
import { notBuilt } from '../html/write-page.ts';
import { rebuild, truePath } from '../files/rebuild.ts';
import { analysisName, regressionAnalysisMarkdown } from '../files/regression-analysis.ts';
import type { ReportSection } from '../text/report-section.ts';
import { findingLines } from '../text/finding-text.ts';
import { runTable } from '../text/run-table.ts';
import { totalsLine } from '../text/run-totals.ts';
import { pairComment } from '../files/pair-comment.ts';
import { pairSentence } from '../text/pair-text.ts';
import { appendStepSummary } from '../files/step-summary.ts';
import type { Results } from '../files/results-json.ts';
import { attachedPairs } from './pair-attachments.ts';
import { Screen } from './screen.ts';

/** For the merge, and for tests, in place of the settings and the standard streams. */
export interface LoadReporterOptions {
  readonly runFolder?: string;
  readonly quiet?: boolean;
  readonly print?: (text: string) => void;
  readonly complain?: (text: string) => void;
  /** What only some loads have, for the console and the files. */
  readonly sections?: readonly ReportSection[];
  /** What is known to be missing, of a run whose blob reports are merged. */
  readonly missing?: Results['unreadable'];
  /** What the merge has read and judged already. */
  readonly known?: readonly JudgedLoad[];
  /** Whether another reporter tells the failures; default: as the run's configuration says. */
  readonly isToldElsewhere?: boolean;
}

// Playwright takes a reporter by its file's default export.
export default class LoadReporter implements Reporter {
  private readonly options: LoadReporterOptions;
  /** Every test that began: a second Ctrl-C ends the run before they do. */
  private readonly results = new Map<TestResult, TestCase>();
  /** Those of them that never ended. */
  private readonly open = new Set<TestResult>();
  private readonly printed = new Set<string>();
  /** Texts of verdicts and comparisons that stand on the console: no error has to repeat them. */
  private readonly told = new Set<string>();
  private isToldElsewhere: boolean;
  private failures = 0;
  private readonly screen: Screen;
  private live: LiveView | undefined;
  private baselines: string | undefined;

  constructor(options: LoadReporterOptions = {}) {
    this.options = options;
    this.isToldElsewhere = options.isToldElsewhere ?? true;
    this.screen = new Screen(process.stdout, process.stderr, process.env, () => {
      this.live?.showAgain();
    });
  }

  /** It prints beside the tests' outcomes, not in place of them: alone, Playwright adds its own. */
  printsToStdio(): boolean {
    return false;
  }

  onBegin(config: Pick<FullConfig, 'reporter'> & { readonly configFile?: string }): void {
    if (config.configFile !== undefined) {
      this.baselines = join(dirname(config.configFile), 'baselines');
    }
    this.results.clear();
    this.open.clear();
    this.printed.clear();
    this.told.clear();
    this.failures = 0;
    this.isToldElsewhere = this.options.isToldElsewhere ?? areToldElsewhere(config);
    this.live = undefined;
  }

  /** From the first load on: other tests alone are no concern of this one, and under `--list` none begins. */
  onTestBegin(test: TestCase, result: TestResult): void {
    this.watch(test);
    this.results.set(result, test);
    this.open.add(result);
  }

  /** At once, as nobody waits for this call: a later print would get into the next test's lines. */
  onTestEnd(test: TestCase, result: TestResult): void {
    this.results.set(result, test);
    this.open.delete(result);
    try {
      const loads = attachedLoads(result.attachments, this.options.sections);
      for (const { logPath } of loads) this.live?.settle(truePath(logPath));
      const isTold = !this.isToldElsewhere && isFailed(test, result);
      if (isTold) this.print(`\n${failureTitle(test, (this.failures += 1))}\n`);
      for (const { logPath, texts, verdict, lines } of loads) {
        // A worker that died, or a load that nobody judged, left none: the log is read at the end of
        // the run.
        if (texts === undefined) continue;
        const told = { name: nameOf(logPath), texts, lines, isGreen: verdict === 'pass' };
        this.tell(told, this.isToldElsewhere);
        this.printed.add(truePath(logPath));
      }
      for (const { text } of attachedPairs(result.attachments)) {
        // The error of a red one says it all.
        if (text !== undefined && !isFailed(test, result)) this.print(`\n${text}\n`);
      }
      if (isTold) this.tellErrors(test, result);
    } catch (error) {
      this.complain(error);
    }
  }

  /** Does nothing where no load ran: under `--list`, and for tests of other kinds. */
  async onEnd(run?: Pick<FullResult, 'status'>): Promise<void> {
    this.live?.stop();
    try {
      const loads = [...this.results.keys()].flatMap((result) => {
        // Playwright calls a test skipped that it did not wait for.
        const isCut = run?.status === 'interrupted' || run?.status === 'timedout';
        const status = isCut && this.open.has(result) ? 'interrupted' : result.status;
        return attachedLoads(result.attachments).map((load) => ({ ...load, status }));
      });
      const areThere = [...this.results].some(([one]) => attachedPairs(one.attachments).length > 0);
      if (loads.length > 0 || areThere) await this.report(loads);
      const beside = besideText([...this.results].map(([result, test]) => ({ result, test })));
      if (beside !== '') this.print(beside);
    } catch (error) {
      this.complain(error);
    } finally {
      this.screen.close();
    }
  }

  private async report(loads: readonly (AttachedLoad & { status: string })[]): Promise<void> {
    const statuses = new Map(loads.map(({ logPath, status }) => [truePath(logPath), status]));
    const unasked = loads.filter(({ isUnasked }) => isUnasked);
    const unaskedPaths = unasked.map(({ logPath }) => truePath(logPath));
    const { missing = [], sections = [], known = [] } = this.options;
    const rebuilt = await rebuild(this.runFolder(), {
      logs: [...statuses.keys()],
      statusOf: (path) => statuses.get(path),
      isUnasked: (path) => unaskedPaths.includes(path),
      missing,
      sections,
      known,
      baselines: this.baselines,
      onLoad: (path, load) => {
        if (this.printed.has(path) || !statuses.has(path)) return;
        const texts = textsOf(load, load.verdict, sections);
        const told = { name: nameOf(path), texts, lines: consoleLines(load, sections) };
        // Its worker died, or nobody asked: no error says it.
        this.tell({ ...told, isGreen: isGreen(load.verdict) }, false);
      },
    });
    const { results, summaryPath, pagePath = summaryPath, comparison, pairs } = rebuilt;
    if (pagePath !== summaryPath) this.linkPage(pagePath);
    for (const { reason } of results.unreadable) this.complain(new Error(reason));
    for (const pair of pairs) this.print(`\n${pair.plan.testId}: ${pairSentence(pair)}\n`);
    const report = `report: ${shortPath(pagePath)}`;
    if (loads.length === 0) this.print(`${report}\n`);
    else {
      const why = findingLines(results.findings);
      this.printLines([{ text: '' }, ...runTable(results.loads), ...why]);
      this.print(`\nLoad: ${totalsLine(results.totals)}; ${report}\n`);
    }
    if (comparison !== undefined) this.print(`${baselinesLine(comparison, summaryPath)}\n`);
    if (pagePath === summaryPath) this.complain(new Error(notBuilt));
    if (this.options.print !== undefined) return;
    if (comparison !== undefined) {
      appendStepSummary(process.env, regressionAnalysisMarkdown(comparison));
    }
    if (pairs.length > 0) appendStepSummary(process.env, pairComment(pairs));
  }

  /** Reporters that write at the end, as Playwright's HTML report, and are listed later have it with each load. */
  private linkPage(path: string): void {
    for (const { attachments } of this.results.keys()) {
      if (attachedLoads(attachments).length === 0) continue;
      attachments.push({ name: 'load report', contentType: 'text/html', path });
    }
  }

  private watch({ parent }: TestCase): void {
    if (this.options.print !== undefined) return;
    if (scenarioOf(parent.project()?.metadata) === undefined) return;
    this.screen.open();
    try {
      if (this.isQuiet()) return;
      this.live ??= new LiveView(this.runFolder(), backgroundClock(), this.screen);
      this.live.start();
    } catch (error) {
      this.complain(error);
    }
  }

  private runFolder(): string {
    return this.options.runFolder ?? settings().LOAD_RUN_DIR;
  }

  private tell(load: ToldLoad, isToldElsewhere: boolean): void {
    this.printLines(consoleLoad(load, { isQuiet: this.isQuiet(), isToldElsewhere }));
    for (const text of [load.texts.budgets, load.texts.baseline]) {
      if (text !== '') this.told.add(text);
    }
  }

  private tellErrors(test: TestCase, { errors, attachments }: TestResult): void {
    const withCode = !isLoadTest(attachments);
    const texts = errorTexts(test, errors, { told: [...this.told], withCode });
    for (const text of texts) this.print(`\n${text.replaceAll(/^(?=.)/gm, '    ')}\n`);
  }

  private printLines(lines: readonly ConsoleLine[]): void {
    const isTerminal = this.options.print === undefined && this.screen.size !== undefined;
    this.print(printed(lines, isTerminal && (process.env['NO_COLOR'] ?? '') === ''));
  }

  private isQuiet(): boolean {
    return this.options.quiet ?? settings().LOAD_QUIET;
  }

  private print(text: string): void {
    if (this.options.print !== undefined) this.options.print(text);
    else this.screen.print(text);
  }

  private complain(error: unknown): void {
    const text = `load report: ${reasonOf(error)}\n`;
    if (this.options.complain !== undefined) this.options.complain(text);
    else process.stderr.write(text);
  }
}

function baselinesLine({ comparisons }: RunComparison, summaryPath: string): string {
  const analysis = join(dirname(summaryPath), analysisName);
  return `Baselines: ${verdictCounts(comparisons)}; analysis: ${shortPath(analysis)}`;
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

function nameOf(logPath: string): string {
  return basename(logPath, '.ndjson');
}
