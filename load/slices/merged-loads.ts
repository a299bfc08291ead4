/** Merges the slices of each load, and shows the result in the tests that ran them. */
import type { TestResult } from '@playwright/test/reporter';
import { mkdirSync, rmSync } from 'node:fs';
import { readJudgedLoad, type JudgedLoad } from '../budgets/judged-load.ts';
import {
  attachAnalysis,
  attachBaseline,
  attachLog,
  attachResult,
  attachUnjudged,
  isLog,
  retellLoad,
} from '../report/playwright/attachments.ts';
import { compareWithBaseline } from '../baselines/compare-with-baseline.ts';
import { keepHistory, knownHistory } from '../baselines/history-file.ts';
import { removeComparisons } from '../baselines/comparison-file.ts';
import { isUpdate } from '../baselines/snapshot.ts';
import { groupedBy } from '../platform/lists.ts';
import { attachPictures } from '../report/charts/pictures.ts';
import { logsIn } from '../report/files/rebuild.ts';
import { deferredExpectations } from '../report/playwright/deferred-expectations.ts';
import type { ReportSection } from '../report/text/report-section.ts';
import { baselineHeadline } from '../report/text/comparison-text.ts';
import { headlineLines, verdictTable } from '../report/text/verdict-table.ts';
import { logPathOf, nextLoad } from '../settings/run-folder.ts';
import type { AttachedLog } from './attached-logs.ts';
import { mergeSlices } from './merge.ts';
import { planIn } from './slice-log.ts';

export interface Folders {
  readonly runId: string;
  readonly run: string;
  readonly baselines: string;
}

/** One load and the logs of its slices. */
export interface SlicedLoad {
  readonly testId: string;
  readonly load: number;
  readonly parts: readonly AttachedLog[];
}

export function slicedLoads(logs: readonly AttachedLog[]): SlicedLoad[] {
  const loads = groupedBy(logs, ({ log: { plan } }) => JSON.stringify([plan.testId, plan.load]));
  return [...loads.values()].map((parts) => {
    const { testId, load } = parts[0]!.log.plan;
    return { testId, load, parts };
  });
}

/** The files of an earlier merge of the same run, which had fewer blobs. */
export function clearEarlierMerge(folder: string, loads: readonly SlicedLoad[]): void {
  const ids = new Set(loads.map(({ testId }) => testId));
  for (const path of logsIn(folder)) {
    const plan = planIn(path)?.plan;
    if (plan?.merged !== undefined && ids.has(plan.testId)) rmSync(path);
  }
  removeComparisons(folder, ids);
}

export function turnTestsRed(sliced: SlicedLoad, message: string): void {
  turnRed(resultsOf(sliced), message);
}

/** One for each test that ran a slice of the load. */
function resultsOf({ parts }: SlicedLoad): TestResult[] {
  return [...new Set(parts.flatMap(({ result }) => result ?? []))];
}

/** The expectations of the slice whose test came farthest. */
function expectationsOf(sliced: SlicedLoad) {
  return resultsOf(sliced)
    .map(({ attachments }) => deferredExpectations(attachments))
    .map((all) => all.filter((one) => one.testId === sliced.testId && one.load === sliced.load))
    .reduce((most, own) => (own.length > most.length ? own : most), []);
}

/**
 * Merges, judges (adding the load to `judged`) and compares; a red verdict fails the tests. Returns a red
 * verdict, in words, that has no test: killed processes leave logs but no blob.
 */
export async function judgeMergedLoad(
  sliced: SlicedLoad,
  folders: Folders,
  judged: JudgedLoad[] = [],
  sections: readonly ReportSection[] = [],
): Promise<string | undefined> {
  const { testId, parts } = sliced;
  const results = resultsOf(sliced);
  const expectations = expectationsOf(sliced);
  mkdirSync(folders.run, { recursive: true });
  const path = logPathOf(folders.run, { testId, load: nextLoad(folders.run, { testId }) });
  const budgets = expectations.flatMap((one) => one.budgets ?? []);
  const logs = parts.map(({ log }) => log);
  mergeSlices(logs, path, { budgets });
  const merged = await readJudgedLoad(path);
  judged.push(merged);
  const { verdict } = merged;
  for (const one of results) renameLogs(one);
  const asked = expectations.flatMap(({ baseline }) => baseline ?? []);
  const isAccepted = asked.some(({ mode }) => isUpdate(mode));
  keepHistory(merged, { baselines: folders.baselines, isUpdate: isAccepted });
  const [shown] = results;
  if (shown !== undefined) await show(shown, path, merged, { ...folders, sections });
  const isAsked = expectations.some((one) => one.budgets !== undefined);
  if (isAsked || merged.end?.cause !== 'completed') {
    if (verdict.verdict !== 'pass') {
      turnRed(results, verdictTable(verdict, merged), headlineLines(verdict).join('\n'));
    }
  } else if (shown !== undefined) attachUnjudged(shown, path);
  if (shown === undefined && verdict.verdict !== 'pass') {
    return `${testId}: ${verdict.verdict}, and no blob contains it: only its logs are here`;
  }
  for (const baseline of asked) {
    const where = { baselines: folders.baselines, runFolder: folders.run };
    const { snapshot, found } = compareWithBaseline(merged, { ...baseline, ...where });
    const text = shown === undefined ? snapshot.headline : attachBaseline(shown, snapshot);
    if (shown !== undefined && found !== undefined) attachAnalysis(shown, found);
    if (!snapshot.pass) turnRed(results, text, baselineHeadline(snapshot));
  }
  return undefined;
}

/** Other reporters show the figures in the first slice's test. */
async function show(
  shown: TestResult,
  path: string,
  merged: JudgedLoad,
  { baselines, sections }: Folders & { readonly sections: readonly ReportSection[] },
): Promise<void> {
  attachLog(shown, path);
  retellLoad(shown, merged.plan);
  attachResult(shown, merged, sections);
  await attachPictures(shown, [merged], { historyOf: (one) => knownHistory(one, baselines) });
}

/** The slices' logs stay under another name, since the load's log is the merged one. */
function renameLogs(result: TestResult): void {
  for (const attachment of result.attachments) {
    if (isLog(attachment)) Object.assign(attachment, { name: 'interval log of a slice' });
  }
}

/**
 * Fails the tests as if they had found it themselves, so that every report shows it. The first gets the
 * message, and all others its headline, which is the whole message unless it is stated.
 */
export function turnRed(results: readonly TestResult[], message: string, headline = message): void {
  for (const [i, result] of results.entries()) {
    if (result.status === 'passed') result.status = 'failed';
    const error = { message: i === 0 ? message : headline };
    result.errors.push(error);
    result.error ??= error;
  }
}
