/**
 * What shards ran: whole tests, and whole loads in them. None may be missing or come twice, and the logs go
 * into the folder of the run under their own names.
 */
import type { TestResult } from '@playwright/test/reporter';
import { copyFileSync } from 'node:fs';
import { comparisonOfRun, leaveComparison, parseComparison } from '../baselines/comparison-file.ts';
import { shortCommit } from '../settings/commit.ts';
import { comparisonAttachment, isLog } from '../report/playwright/attachments.ts';
import { logsIn } from '../report/files/rebuild.ts';
import type { Plan } from '../metrics/log/schema.ts';
import { logPathOf, nextLoad } from '../settings/run-folder.ts';
import type { AttachedLog, LogProblem } from './attached-logs.ts';
import { planIn } from './slice-log.ts';
import { turnRed, type Folders } from './merged-loads.ts';

export interface ShardOfBlob {
  readonly current: number;
  readonly total: number;
  /** Path of the blob. */
  readonly blob: string;
}

/** What is missing or doubled, in words; nothing where the run was not spread over shards. */
export function missingShards(shards: readonly ShardOfBlob[]): LogProblem[] {
  const total = Math.max(0, ...shards.map((shard) => shard.total));
  const problems: LogProblem[] = [];
  const complain = (log: string, wrong: string): void => {
    problems.push({ log, reason: `${log} is ${wrong}` });
  };
  for (let current = 1; current <= total; current++) {
    const blobs = shards.filter((shard) => shard.current === current).map(({ blob }) => blob);
    const name = `shard ${current} of ${total}`;
    if (blobs.length === 0) complain(name, 'missing: no blob of it is here');
    else if (blobs.length > 1) complain(name, `doubled: ${blobs.join(', ')}`);
  }
  for (const { current, total: own, blob } of shards) {
    if (own === total) continue;
    complain(`shard ${current} of ${own}`, `foreign: the others are of ${total} (${blob})`);
  }
  return problems;
}

/** Copies the logs that are not there yet; returns loads that came twice, and those of another suite. */
export function collectWholeLoads(
  logs: readonly AttachedLog[],
  { run: folder, runId }: Pick<Folders, 'run' | 'runId'>,
): LogProblem[] {
  const problems: LogProblem[] = [];
  const seen = new Set<string>();
  const known = new Map(logsIn(folder).map((path) => [planIn(path)?.planText, path]));
  const suite = logs[0] && suiteOf(logs[0].log.plan);
  for (const { log, result, test } of logs) {
    const { plan, planText } = log;
    const own = suiteOf(plan);
    if (seen.has(test) || own !== suite) {
      const reason =
        own === suite
          ? `${plan.testId} is doubled: "${test}" is in several blobs`
          : `${plan.testId} is foreign: of suite ${own}, and others of ${suite}`;
      problems.push({ log: plan.testId, reason });
      if (result !== undefined) turnRed([result], reason);
    }
    seen.add(test);
    const { testId } = plan;
    const path =
      known.get(planText) ?? logPathOf(folder, { testId, load: nextLoad(folder, { testId }) });
    if (!known.has(planText)) copyFileSync(log.path, path);
    known.set(planText, path);
    // The blob's copies bear no name that tells anything.
    const copies = result?.attachments.filter((one) => isLog(one) && one.path === log.path);
    for (const copy of copies ?? []) copy.path = path;
  }
  const results = new Set(logs.flatMap(({ result }) => result ?? []));
  for (const result of results) leaveComparisons(result, folder, runId);
  return problems;
}

/** Version and commit of the suite that ran it. */
function suiteOf({ versions: { loadwright = 'unknown', commit } }: Plan): string {
  return commit === undefined ? loadwright : `${loadwright} (commit ${shortCommit(commit)})`;
}

/**
 * What the test found beside its baseline, unless it is there already: as of the run that is merged,
 * since shards that nobody gave a common name have one each.
 */
function leaveComparisons({ attachments }: TestResult, folder: string, runId: string): void {
  const { name, contentType } = comparisonAttachment;
  for (const one of attachments) {
    if (one.name !== name || one.contentType !== contentType) continue;
    const found = parseComparison(String(one.body), name);
    const test = found.tests[0]?.test ?? 'unknown';
    const there = comparisonOfRun(folder)?.tests.some((known) => known.test === test) ?? false;
    if (!there) leaveComparison(folder, test, { ...found, runId });
  }
}
