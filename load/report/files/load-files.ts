/** The files written for each load, in the formats of other tools. */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { loadName } from '../text/run-totals.ts';
import { k6Summary } from './k6-summary.ts';
import { exceptionsCsv, failuresCsv, statsCsv } from './locust-files.ts';
import { percentileDistribution } from './percentile-distribution.ts';
import type { LoadEntry } from './results-json.ts';
import type { StatsHistory } from './stats-history.ts';

/** By the ending after the load's name. */
const kinds = {
  '_stats.csv': 'statistics, in the columns of Locust',
  '_stats_history.csv': 'the same over time',
  '_failures.csv': 'requests that did not end ok',
  '_exceptions.csv': "errors of the tasks' own code",
  '.hgrm': 'percentile distribution of the response time, for HdrHistogram',
  '.k6-summary.json': 'summary in the form of k6',
} as const;

interface LoadFile {
  readonly name: string;
  /** A description for readers. */
  readonly what: string;
  readonly text: string;
}

export function loadFiles(load: JudgedLoad, entry: LoadEntry, history: StatsHistory): LoadFile[] {
  const texts: Readonly<Record<keyof typeof kinds, string>> = {
    '_stats.csv': statsCsv(entry),
    '_stats_history.csv': history.csv(),
    '_failures.csv': failuresCsv(load),
    '_exceptions.csv': exceptionsCsv(load),
    '.hgrm': percentileDistribution(load),
    '.k6-summary.json': k6Summary(load, entry),
  };
  const stem = loadName(entry);
  return Object.entries(kinds).map(([end, what]) => {
    return { name: stem + end, what, text: texts[end as keyof typeof kinds] };
  });
}

/** The files with a description each; the load's interval log comes first. */
export function filesOfLoad(
  log: string,
  written: readonly LoadFile[],
): { name: string; what: string }[] {
  return [
    { name: log, what: 'interval log: everything here is computed from it' },
    ...written.map(({ name, what }) => ({ name, what })),
  ];
}
