/**
 * Shards run whole tests with whole loads. Checks that none is missing or doubled, and copies their logs
 * to the run's folder under their own names.
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
  /** Names of the tests in it. */
  readonly tests: readonly string[];
}

/**
 * Missing or doubled shards, in words; empty if the run was not sharded. A pipeline may shard each
 * project separately: each shard then comes once per project, each time with other tests.
 */
export function missingShards(shards: readonly ShardOfBlob[]): LogProblem[] {
  const totals = new Set(shards.map(({ total }) => total));
  return [...totals].flatMap((total) => missingOf(total, shards));
}

function missingOf(total: number, all: readonly ShardOfBlob[]): LogProblem[] {
  const byShard = Array.from({ length: total }, (_, i) =>
    all.filter((shard) => shard.total === total && shard.current === i + 1),
  );
  const own = byShard.map((blobs) =>
    blobs.filter((blob, i) => !isDoubled(blob, blobs.slice(0, i))),
  );
  const most = Math.max(...own.map(({ length }) => length));
  return byShard.flatMap((blobs, i) => {
    const log = `shard ${i + 1} of ${total}`;
    const count = own[i]!.length;
    const found =
      count === 0 ? 'no blob of it is here' : `${count} of ${most} blobs of it are here`;
    const wrong = [
      count < most && `missing: ${found}`,
      count < blobs.length && `doubled: ${blobs.map(({ blob }) => blob).join(', ')}`,
    ];
    return wrong.flatMap((what) => (what === false ? [] : { log, reason: `${log} is ${what}` }));
  });
}

/** Whether it has the same tests. Blobs of two projects have no test in common. */
function isDoubled({ tests }: ShardOfBlob, earlier: readonly ShardOfBlob[]): boolean {
  const known = new Set(earlier.flatMap((shard) => shard.tests));
  return tests.some((test) => known.has(test));
}

/** Copies the missing logs. Returns loads that came twice, and those of another suite. */
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
    // The file names in a blob have no meaning.
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
 * Adds the test's comparison with its baseline, if it is missing. It is assigned to the merged run, since
 * shards without a common name have separate ones.
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
