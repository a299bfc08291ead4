import { expect, test } from '@playwright/test';
import { isJudged, judgedMs, ResultFold } from '../../../../load/metrics/result/result.ts';
import { endLine, intervalLine, planLine } from '../lines.ts';

function foldOf(...intervals: Parameters<typeof intervalLine>[0][]): ResultFold {
  const fold = new ResultFold(planLine());
  for (const interval of intervals) fold.addInterval(intervalLine(interval));
  return fold;
}

const second = { startMs: 2000.5, endMs: 3000 };

test('a fold adds up series, counts, stalls and events over the intervals', () => {
  const result = foldOf({}, second).result();
  expect(result).toMatchObject({ scheduled: 8, sent: 8, end: undefined, notes: [] });
  expect(result.series[0]?.outcomes).toEqual({ ok: 6, failed: 2 });
  expect([result.stalls.length, result.events.length, result.timeline.length]).toEqual([2, 2, 2]);
});

test('it may be asked at any time, and goes on', () => {
  const fold = foldOf({});
  expect(fold.result().scheduled).toBe(4);
  fold.addInterval(intervalLine(second));
  expect(fold.result().scheduled).toBe(8);
  expect(fold.reachesMs).toBe(3000);
});

test('the end and its notes are part of it', () => {
  const fold = foldOf({});
  fold.addEnd(endLine());
  expect(fold.result()).toMatchObject({ end: { cause: 'completed' }, notes: ['a note'] });
});

test('the instrument is judged where the load is', () => {
  const { generator } = foldOf({ phases: ['warm-up'] }, second, { phases: ['drain'] }).result();
  expect(generator).toMatchObject({ intervals: 1, durationMs: 999.5 });
  expect(generator.lag.count).toBe(3);
});

test('judged are the phases that the plan says', () => {
  const plan = planLine();
  const judged = ['warm-up', 'steady state', 'drain', undefined].map((p) => isJudged(plan, 0, p));
  expect(judged).toEqual([false, true, false, false]);
  expect(isJudged(plan, 7, 'steady state')).toBe(false);
});

test('the judged time is what it really was', () => {
  const result = foldOf({ phases: ['warm-up'] }, second, { startMs: 3000, endMs: 4000 }).result();
  expect(judgedMs(result)).toBe(1999.5);
});

test('events are bounded', () => {
  const event = { atMs: 1, kind: 'slow', text: 'slow' };
  const events = Array.from({ length: 600 }, () => event);
  expect(foldOf({ events }, { events }, { events }).result().events).toHaveLength(1000);
});
