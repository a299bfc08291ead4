import { expect, test } from '@playwright/test';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import { loadEntry } from '../../../../load/report/files/results-json.ts';
import { busyHostNotes } from '../../../../load/report/text/busy-host.ts';
import { trustIn } from '../../../../load/report/text/trust.ts';
import { invalid } from '../../budgets/failing-results.ts';
import { makeResult } from '../../budgets/make-result.ts';
import { requests, resultOf } from '../make-log.ts';

/** Two judged seconds, in which the processors were busy for these shares. */
function readBy(shares: readonly number[]) {
  const readings = shares.map((part, i): Reading => {
    const ratios = { hostCpu: { part, whole: 1 } };
    return { source: 'host', fromMs: i * 1000, toMs: (i + 1) * 1000, ratios };
  });
  const seconds = [[requests([10])], [requests([10])]];
  return resultOf({ seconds, interval: { monitor: { readings } } });
}

test('a machine that was busy all the time is a note of the load', () => {
  const busy = readBy([1, 0.98]);
  const [note] = busyHostNotes(busy);
  expect(note).toContain('the processors of this machine were busy for 99');
  expect(loadEntry(busy, judge(busy), 'a.ndjson').notes).toContain(note);
  expect(busyHostNotes(readBy([1, 0.8]))).toEqual([]);
  expect(busyHostNotes(readBy([]))).toEqual([]);
});

test('the sentence on trust names the load generator', () => {
  expect(trustIn(judge(makeResult())).text).toMatch(/^The load generator can be trusted: /);
  expect(trustIn(judge(invalid())).text).toMatch(/^The load generator cannot be trusted: /);
});
