/** Finds the interval logs in the blob reports to be merged: of whole loads, and of slices of one. */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../platform/words.ts';
import type { Results } from '../report/files/results-json.ts';
import { isLog } from '../report/playwright/attachments.ts';
import { SliceLog } from './slice-log.ts';

export interface AttachedLog {
  readonly log: SliceLog;
  /** The test that attached it; undefined for a log that is only in the run's folder. */
  readonly result: TestResult | undefined;
  /** Identifies the load's test; the same in every blob. */
  readonly test: string;
}

/** A log that is missing, comes twice or belongs to another run: its name and the problem. */
export type LogProblem = Results['unreadable'][number];

export interface FoundLogs {
  readonly logs: readonly AttachedLog[];
  /** Files that are not logs. */
  readonly unreadable: readonly LogProblem[];
}

export interface FinishedTest {
  readonly test: TestCase;
  readonly result: TestResult;
}

/** Opens every log. The caller closes them. */
export function attachedLogs(tests: readonly FinishedTest[]): FoundLogs {
  const logs: AttachedLog[] = [];
  const unreadable: LogProblem[] = [];
  for (const { test, result } of tests) {
    const paths = result.attachments.filter(isLog).flatMap(({ path }) => path ?? []);
    for (const [n, path] of paths.entries()) {
      const parts = [...test.titlePath().slice(1), test.repeatEachIndex, result.retry, n];
      const name = parts.join(' › ');
      try {
        logs.push({ log: new SliceLog(path), result, test: name });
      } catch (error) {
        unreadable.push({ log: name, reason: reasonOf(error) });
      }
    }
  }
  return { logs, unreadable };
}

/** Logs of slices in the run's folder that no blob contains: a killed process leaves no blob. Opens them. */
export function logsLeftBehind(folder: string, known: readonly AttachedLog[]): AttachedLog[] {
  if (!existsSync(folder)) return [];
  const texts = new Set(known.map(({ log }) => log.planText));
  const found: AttachedLog[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.ndjson')) continue;
    try {
      const log = new SliceLog(join(folder, name));
      if (texts.has(log.planText) || log.plan.slice.count === 1) log.close();
      else found.push({ log, result: undefined, test: name });
      texts.add(log.planText);
    } catch {
      // A file that is no log cannot belong to a slice.
    }
  }
  return found;
}
