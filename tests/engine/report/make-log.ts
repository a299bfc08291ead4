/** Interval logs made by hand, line by line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { judgedLoad, type JudgedLoad } from '../../../load/budgets/judged-load.ts';
import type { End, Interval, Plan, SeriesRecord } from '../../../load/metrics/log/schema.ts';
import { ResultFold, type Result } from '../../../load/metrics/result/result.ts';
import { defined } from '../../../load/platform/defined.ts';
import { histogram, makeResult, secondOf, type MadeResult } from '../budgets/make-result.ts';

export interface MadeLog {
  readonly plan?: MadeResult;
  /** The series of each second of the steady state. */
  readonly seconds: readonly (readonly SeriesRecord[])[];
  readonly interval?: Partial<Interval>;
  /** `false`: the log breaks off. */
  readonly end?: Partial<End> | false;
}

type Line = Plan | Interval | End;

/** Requests of one series with the given durations, and others that did not end ok. */
export function requests(
  okMs: readonly number[],
  more: Partial<Omit<SeriesRecord, 'outcomes'>> & { others?: SeriesRecord['outcomes'] } = {},
): SeriesRecord {
  const { others = {}, trends = {}, ...rest } = more;
  const recorded =
    okMs.length > 0 ? { responseTime: histogram(okMs), service: histogram(okMs) } : {};
  return {
    stream: 0,
    task: 'query',
    request: 'query',
    phase: 'steady state',
    ...rest,
    outcomes: defined({ ok: okMs.length > 0 ? okMs.length : undefined, ...others }),
    trends: { ...recorded, ...trends },
  };
}

export function logLines({ plan = {}, seconds, interval = {}, end = {} }: MadeLog): Line[] {
  const intervals = seconds.map((series, i) => secondOf(series, i, interval));
  const scheduled = intervals.reduce((sum, one) => sum + one.scheduled, 0);
  const lines: Line[] = [makeResult(plan).plan, ...intervals];
  if (end === false) return lines;
  return [
    ...lines,
    {
      type: 'end',
      atMs: seconds.length * 1000,
      cause: 'completed',
      detail: '',
      scheduled,
      sent: scheduled,
      notes: [],
      ...end,
    },
  ];
}

export function logText(made: MadeLog): string {
  return logLines(made)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

export function writeLog(path: string, made: MadeLog): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, logText(made));
}

export function resultOf(made: MadeLog): Result {
  const [plan, ...rest] = logLines(made);
  const fold = new ResultFold(plan as Plan);
  for (const line of rest) {
    if (line.type === 'interval') fold.addInterval(line);
    else if (line.type === 'end') fold.addEnd(line);
  }
  return fold.result();
}

export function loadOf(made: MadeLog): JudgedLoad {
  return judgedLoad(resultOf(made));
}
