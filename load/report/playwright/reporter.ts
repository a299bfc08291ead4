/**
 * The reports. Start reading here: text/ has tables and sentences, charts/ the pictures, html/ the load report,
 * files/ the files of a run, allure/ what Allure shows. This reporter shows the loads while they run, prints
 * the figures and verdict of each, a table of all at the end of the run, and failures if no other reporter
 * does; then it writes the reports. It owns no data: a run without it loses no result.
 */
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { dirname, join, relative } from 'node:path';
import type { RunComparison } from '../../baselines/comparison-file.ts';
import { isGreen } from '../../budgets/judge.ts';
import { backgroundClock } from '../../platform/clock.ts';
import { reasonOf } from '../../platform/words.ts';
import { scenarioOf } from '../../settings/load-project.ts';
import { settings } from '../../settings/settings.ts';
import { attachedLoads, isLoadTest, type AttachedLoad } from './attachments.ts';
import { areToldElsewhere, errorTexts, failureTitle, isFailed } from './failures.ts';
import { verdictCounts } from '../text/comparison-text.ts';
import { Dashboard } from './dashboard.ts';
import { LiveView } from './live-view.ts';
import { concurrentText } from './concurrent-tests.ts';
import { emptyProjectText, untaggedText } from './untagged-loads.ts';
import { printed, type ConsoleLine } from '../text/console-line.ts';
import { consoleLines, consoleLoad, type ToldLoad } from '../text/console-load.ts';
import { textsOf } from '../text/load-texts.ts';
import { headlineLines } from '../text/verdict-table.ts';
import { nameOfLog } from '../../settings/run-folder.ts';
import { notBuilt } from '../html/write-page.ts';
import { rebuild, truePath } from '../files/rebuild.ts';
import { analysisName, regressionAnalysisMarkdown } from '../files/regression-analysis.ts';
import { findingLines } from '../text/finding-text.ts';
import { runTable } from '../text/run-table.ts';
import { totalsLine } from '../text/run-totals.ts';
import { pairComment } from '../files/pair-comment.ts';
import { pairSentence } from '../text/pair-text.ts';
import { appendStepSummary } from '../files/step-summary.ts';
import { pairsBegun, pairTexts } from './pair-attachments.ts';
import type { LoadReporterOptions } from './reporter-options.ts';
import { Screen } from './screen.ts';
import { TestStates } from './test-states.ts';

export type { LoadReporterOptions } from './reporter-options.ts';

/**
 * `loadwright/reporter`, for `reporter` in playwright.config.ts. Playwright loads it by its default export.
 * @example
 * export default defineConfig({
 *   reporter: [['list', { omitFailures: true }], ['loadwright/reporter'], ['html', { open: 'never' }]],
 * });
 */
export default class LoadReporter implements Reporter {
  private readonly options: LoadReporterOptions;
  /** All tests that began. A second Ctrl-C ends the run before they end. */
  private readonly results = new Map<TestResult, TestCase>();
  /** Tests that have not ended. */
  private readonly open = new Set<TestResult>();
  private readonly printed = new Set<string>();
  /** Verdicts and comparisons that are already on the console, so that no error repeats them. */
  private readonly told = new Set<string>();
  private isToldElsewhere: boolean;
  private failures = 0;
  private readonly screen: Screen;
  private live: LiveView | undefined;
  private config: Parameters<LoadReporter['onBegin']>[0] | undefined;
  private dashboard: Dashboard | undefined;
  private readonly runFolder = (): string => this.options.runFolder ?? settings().LOAD_RUN_DIR;
  private readonly tests = new TestStates(this.runFolder);

  constructor(options: LoadReporterOptions = {}) {
    this.options = options;
    this.isToldElsewhere = options.isToldElsewhere ?? true;
    this.screen = new Screen(process.stdout, process.stderr, process.env, () => {
      this.live?.showAgain();
    });
  }

  /** It prints in addition to the tests' outcomes. If it is the only reporter, Playwright adds its own. */
  printsToStdio(): boolean {
    return false;
  }

  onBegin(
    config: Pick<FullConfig, 'reporter' | 'projects' | 'filteredProjects' | 'configFile'>,
    suite?: Pick<Suite, 'allTests'>,
  ): void {
    this.config = config;
    this.results.clear();
    this.open.clear();
    this.printed.clear();
    this.told.clear();
    this.failures = 0;
    this.isToldElsewhere = this.options.isToldElsewhere ?? areToldElsewhere(config);
    this.live = undefined;
    // A merge has run no tests.
    if (suite !== undefined && this.options.print === undefined) this.tests.begin(suite);
  }

  /** Starts with the first load. Without loads, and under `--list`, it shows nothing. */
  onTestBegin(test: TestCase, result: TestResult): void {
    this.watch(test);
    this.results.set(result, test);
    this.open.add(result);
    this.tellState(test, 'running');
  }

  /** Synchronous, since Playwright does not wait for this call: later output would mix with that of the next test. */
  onTestEnd(test: TestCase, result: TestResult): void {
    this.results.set(result, test);
    this.open.delete(result);
    this.tellState(test, result.status);
    try {
      const loads = attachedLoads(result.attachments, this.options.sections);
      for (const { logPath } of loads) this.live?.settle(truePath(logPath));
      const isTold = !this.isToldElsewhere && isFailed(test, result);
      if (isTold) this.print(`\n${failureTitle(test, (this.failures += 1))}\n`);
      for (const { logPath, texts, headline, verdict, lines } of loads) {
        // A worker that died, or a load that was not judged, left none; the end of the run reads the log.
        if (texts === undefined) continue;
        const told = { name: nameOfLog(logPath), texts, headline, lines };
        this.tell({ ...told, isGreen: verdict === 'pass' }, this.isToldElsewhere);
        this.printed.add(truePath(logPath));
      }
      for (const text of pairTexts(result.attachments)) {
        // For a red test the error contains everything.
        if (!isFailed(test, result)) this.print(`\n${text}\n`);
      }
      if (isTold) this.tellErrors(test, result);
    } catch (error) {
      this.complain(error);
    }
  }

  /** Does nothing if no load ran, as under `--list` and for other tests. */
  async onEnd(run?: Pick<FullResult, 'status'>): Promise<void> {
    this.live?.stop();
    try {
      const loads = [...this.results.keys()].flatMap((result) => {
        // Playwright reports a test that it did not wait for as skipped.
        const isCut = run?.status === 'interrupted' || run?.status === 'timedout';
        const status = isCut && this.open.has(result) ? 'interrupted' : result.status;
        return attachedLoads(result.attachments).map((load) => ({ ...load, status }));
      });
      const areThere = [...this.results].some(([one]) => pairsBegun(one.attachments) > 0);
      if (loads.length > 0 || areThere) await this.report(loads);
      const text = concurrentText([...this.results].map(([result, test]) => ({ result, test })));
      if (text !== '') this.print(text);
      await this.tellUntagged(run);
    } catch (error) {
      this.complain(error);
    } finally {
      this.tests.end();
      this.dashboard?.end();
      this.screen.close();
    }
  }

  /** Also if no test was found, since that may be the missing one. Not under `--list`, nor for other runs. */
  private async tellUntagged(run: Pick<FullResult, 'status'> | undefined): Promise<void> {
    const isListing = this.results.size === 0 && run?.status === 'passed';
    if (this.config === undefined || this.options.known !== undefined || isListing) return;
    const needed = this.results.size === 0 ? emptyProjectText(this.config) : '';
    const text = needed + (await untaggedText(this.config));
    if (text !== '') this.print(text);
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
      configFile: this.config?.configFile,
      onLoad: (path, load) => {
        if (this.printed.has(path) || !statuses.has(path)) return;
        const texts = textsOf(load, load.verdict, sections);
        const [headline = ''] = headlineLines(load.verdict);
        const lines = consoleLines(load, sections);
        const told = { name: nameOfLog(path), texts, headline, lines };
        // Its worker died, or the verdict was not asked for: no error says so.
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

  /** Later reporters that write at the end, such as Playwright's HTML report, then show the link. */
  private linkPage(path: string): void {
    for (const { attachments } of this.results.keys()) {
      if (attachedLoads(attachments).length + pairsBegun(attachments) === 0) continue;
      attachments.push({ name: 'load report', contentType: 'text/html', path });
    }
  }

  private watch({ parent }: TestCase): void {
    if (this.options.print !== undefined) return;
    if (scenarioOf(parent.project()?.metadata) === undefined) return;
    this.screen.open();
    try {
      const { LOAD_DASHBOARD: port } = settings();
      if (port > 0) this.dashboard ??= this.newDashboard(port === 1 ? 0 : port);
      if (this.isQuiet()) return;
      this.live ??= new LiveView(this.runFolder(), backgroundClock(), this.screen);
      this.live.start();
    } catch (error) {
      this.complain(error);
    }
  }

  private tellState(test: TestCase, state: Parameters<TestStates['set']>[1]): void {
    try {
      this.tests.set(test, state);
    } catch (error) {
      this.complain(error);
    }
  }

  private newDashboard(port: number): Dashboard {
    return new Dashboard(this.runFolder(), port, {
      onUrl: (url) => {
        this.print(`Live view: ${url}\n`);
      },
      onFailure: (reason) => {
        this.complain(new Error(`LOAD_DASHBOARD: ${reason}`));
      },
    });
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
