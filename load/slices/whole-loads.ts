/** Loads that one process ran whole: their logs go into the run's folder, under their own names. */
import type { TestResult } from '@playwright/test/reporter';
import { copyFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { comparisonOfRun, leaveComparison, parseComparison } from '../baselines/comparison-file.ts';
import { shortCommit } from '../settings/commit.ts';
import { comparisonAttachment } from '../report/playwright/attachments.ts';
import { logsIn } from '../report/files/rebuild.ts';
import type { Plan } from '../metrics/log/schema.ts';
import { freeLogPath, tryLogPath } from '../settings/run-folder.ts';
import { wholeLoad } from '../workload/slice.ts';
import { isLog, type AttachedLog } from './attached-logs.ts';
import type { Missing } from './missing-shards.ts';
import { SliceLog } from './slice-log.ts';
import { turnRed, type Folders } from './merged-loads.ts';

/** Copies those that are not there yet; returns loads that came twice, and those of another suite. */
export function collectWhole(
  logs: readonly AttachedLog[],
  { run: folder, runId }: Pick<Folders, 'run' | 'runId'>,
): Missing[] {
  const problems: Missing[] = [];
  const seen = new Set<string>();
  /** The path of the load before: its further tries come next, and are named after it. */
  let last = '';
  const known = new Map(logsIn(folder).map((path) => [planTextOf(path), path]));
  const version = versionOf(logs[0]);
  for (const { log, result, test } of logs) {
    const { testId } = log.plan;
    const isForeign = versionOf({ log }) !== version;
    if (seen.has(test) || isForeign) {
      const reason = isForeign
        ? `${testId} is foreign: of suite ${versionOf({ log })}, and others of ${version}`
        : `${testId} is doubled: "${test}" is in several blobs`;
      problems.push({ log: testId, reason });
      if (result !== undefined) turnRed([result], reason);
    }
    seen.add(test);
    const path = known.get(log.planText) ?? newPath(log.plan, folder, last);
    if (log.plan.replaces === undefined) last = path;
    if (!known.has(log.planText)) copyFileSync(log.path, path);
    known.set(log.planText, path);
    if (result !== undefined) pointTo(result, log.path, path);
  }
  const results = new Set(logs.flatMap(({ result }) => result ?? []));
  for (const result of results) leaveComparisons(result, folder, runId);
  return problems;
}

function newPath({ testId, replaces = [] }: Plan, folder: string, last: string): string {
  const isTry = replaces.length > 0 && basename(last).startsWith(testId);
  if (isTry) return tryLogPath(last, replaces.length + 1);
  return freeLogPath(folder, testId, wholeLoad);
}

function versionOf(one: Pick<AttachedLog, 'log'> | undefined): string {
  const { loadwright = 'unknown', commit } = one?.log.plan.versions ?? {};
  return commit === undefined ? loadwright : `${loadwright} (commit ${shortCommit(commit)})`;
}

/** The blob's copies bear no name that tells anything. */
function pointTo({ attachments }: TestResult, before: string, now: string): void {
  for (const attachment of attachments) {
    if (isLog(attachment) && attachment.path === before) attachment.path = now;
  }
}

/**
 * What the test found beside its baseline, unless it is there already: as of the run that is merged,
 * since shards that nobody gave a common name have one each.
 */
function leaveComparisons({ attachments }: TestResult, folder: string, runId: string): void {
  for (const { name, contentType, body } of attachments) {
    if (name !== comparisonAttachment.name || contentType !== comparisonAttachment.contentType) {
      continue;
    }
    const found = parseComparison(String(body), comparisonAttachment.name);
    const test = found.tests[0]?.test ?? 'unknown';
    const there = comparisonOfRun(folder)?.tests.some((one) => one.test === test) ?? false;
    if (!there) leaveComparison(folder, test, { ...found, runId });
  }
}

function planTextOf(path: string): string {
  try {
    const log = new SliceLog(path);
    log.close();
    return log.planText;
  } catch {
    return relative('.', path);
  }
}
