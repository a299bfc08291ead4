/**
 * The reporter for `merge-reports`, listed before all others. It merges what slices and shards measured,
 * judges it, fails the tests of a red verdict, writes the run's reports, and sets the exit code.
 * Playwright ignores a merge's failed tests and a reporter's status, but not what a reporter throws.
 */
import type { FullConfig, FullResult, TestCase, TestResult } from '@playwright/test/reporter';
import { dirname, join, resolve } from 'node:path';
import type { JudgedLoad } from '../budgets/judged-load.ts';
import { counted, reasonOf } from '../platform/words.ts';
import { areToldElsewhere } from '../report/playwright/failures.ts';
import LoadReporter, { type LoadReporterOptions } from '../report/playwright/reporter.ts';
import type { ReportSection } from '../report/text/report-section.ts';
import { openRunFolder, refuseUnusableFolder, slicesFolder } from '../settings/run-folder.ts';
import {
  attachedLogs,
  logsLeftBehind,
  type FinishedTest,
  type FoundLogs,
  type LogProblem,
} from './attached-logs.ts';
import {
  clearEarlierMerge,
  judgeMergedLoad,
  slicedLoads,
  turnTestsRed,
  type Folders,
} from './merged-loads.ts';
import { collectWholeLoads, missingShards, type ShardOfBlob } from './shards.ts';

type OpenShard = ShardOfBlob & { readonly tests: string[] };

// Playwright loads a reporter by its file's default export.
export default class MergeReporter {
  private readonly tests: FinishedTest[] = [];
  private readonly shards: OpenShard[] = [];
  /** The shard of the blob whose tests are being reported. */
  private shard: OpenShard | undefined;
  private configFile: string | undefined;
  private red: string | undefined;
  private isToldElsewhere = true;
  private readonly sections: readonly ReportSection[];

  constructor({ sections = [] }: { readonly sections?: readonly ReportSection[] } = {}) {
    this.sections = sections;
  }

  /** Selects the second interface of reporters; only that one is informed of each blob. */
  version(): string {
    return 'v2';
  }

  printsToStdio(): boolean {
    return false;
  }

  onConfigure(config: FullConfig): void {
    this.configFile = config.configFile;
    this.isToldElsewhere = areToldElsewhere(config);
  }

  onReportConfigure({ config, reportPath }: { config?: FullConfig; reportPath: string }): void {
    this.shard = config?.shard ? { ...config.shard, blob: reportPath, tests: [] } : undefined;
    if (this.shard !== undefined) this.shards.push(this.shard);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.tests.push({ test, result });
    const { repeatEachIndex } = test;
    this.shard?.tests.push([...test.titlePath(), repeatEachIndex, result.retry].join(' › '));
  }

  async onEnd(run: FullResult): Promise<Pick<FullResult, 'status'>> {
    const found = attachedLogs(this.tests);
    const missing = [...found.unreadable, ...missingShards(this.shards)];
    try {
      const folders = this.foldersOf(found);
      refuseUnusableFolder(folders.run);
      openRunFolder(folders.run);
      const sliced = found.logs.filter(({ log }) => log.plan.slice.count > 1);
      const whole = found.logs.filter(({ log }) => log.plan.slice.count === 1);
      missing.push(...collectWholeLoads(whole, folders));
      const left = logsLeftBehind(slicesFolder(folders.run), sliced);
      const loads = slicedLoads([...sliced, ...left]);
      clearEarlierMerge(folders.run, loads);
      const judged: JudgedLoad[] = [];
      const { sections } = this;
      for (const load of loads) missing.push(...(await mergeLoad(load, folders, judged, sections)));
      const { isToldElsewhere } = this;
      const options = { runFolder: folders.run, missing, known: judged, sections, isToldElsewhere };
      await this.report(options, run);
    } finally {
      for (const { log } of found.logs) log.close();
    }
    const failed = this.tests.filter(({ test }) => test.outcome() === 'unexpected').length;
    const isCut = run.status === 'interrupted' || run.status === 'timedout';
    if (failed > 0) this.red = `${failed} of ${counted(this.tests.length, 'test')} red`;
    else if (missing.length > 0) this.red = missing.map(({ reason }) => reason).join('\n');
    else if (isCut || run.status === 'failed') this.red = `the run was ${run.status}`;
    return { status: this.red === undefined ? run.status : isCut ? run.status : 'failed' };
  }

  onExit(): void {
    if (this.red === undefined) return;
    const error = new Error(this.red);
    // The stack trace has no use for readers.
    error.stack = error.message;
    throw error;
  }

  private async report(options: LoadReporterOptions, run: FullResult): Promise<void> {
    const reporter = new LoadReporter(options);
    for (const { test, result } of this.tests) reporter.onTestEnd(test, result);
    await reporter.onEnd(run);
  }

  /** The folder that the process was told to use, or that of the run. */
  private foldersOf({ logs }: FoundLogs): Folders {
    const root = this.configFile === undefined ? process.cwd() : dirname(this.configFile);
    const runIds = logs.map(({ log }) => log.plan.runId);
    const runId = process.env['LOAD_RUN_ID'] ?? runIds[0] ?? 'unnamed';
    // Later reporters find the run's reports by it.
    const run = (process.env['LOAD_RUN_DIR'] ??= join(root, 'reports', runId));
    return { runId, run: resolve(run), baselines: join(root, 'baselines') };
  }
}

/** An error that keeps one load from being merged. The others are judged, and all is reported. */
async function mergeLoad(...asked: Parameters<typeof judgeMergedLoad>): Promise<LogProblem[]> {
  const [load] = asked;
  try {
    const reason = await judgeMergedLoad(...asked);
    return reason === undefined ? [] : [{ log: load.testId, reason }];
  } catch (error) {
    const reason = `${load.testId}: not merged: ${reasonOf(error)}`;
    turnTestsRed(load, reason);
    return [{ log: load.testId, reason }];
  }
}
