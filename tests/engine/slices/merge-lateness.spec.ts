import { expect, test } from '@playwright/test';
import type { Interval, SeriesRecord } from '../../../load/metrics/log/schema.ts';
import { neverClean } from '../../../load/metrics/record/lateness.ts';
import { MergedLateness } from '../../../load/slices/merge-lateness.ts';
import { defined } from '../../../load/platform/defined.ts';
import { histogram, makeResult, secondOf } from '../budgets/make-result.ts';

const { plan } = makeResult();

function okOf(ms: number, late?: number): SeriesRecord {
  const record = { stream: 0, task: 'query', request: 'query', phase: 'steady state' };
  const made = { ...record, outcomes: { ok: 1 }, trends: { responseTime: histogram([ms]) } };
  return late === undefined ? made : { ...made, late };
}

const failed: SeriesRecord = { ...okOf(1), outcomes: { failed: 1 }, trends: {} };

/** Second `index` of a slice, in which so much of the time was late beyond each step. */
function second(
  slice: number,
  index: number,
  series: readonly SeriesRecord[],
  lateMs?: readonly number[],
) {
  const interval = secondOf(series, index);
  const generator = defined({ ...interval.generator, lateMs: lateMs && [...lateMs] });
  return { slice, interval: { ...interval, generator } satisfies Interval };
}

/** The classes of each slice's records after the seconds, a list of parts for each. */
function classes(seconds: readonly (readonly ReturnType<typeof second>[])[]): number[][] {
  const lateness = new MergedLateness(plan);
  const raised = seconds.map((parts) => lateness.raise(parts));
  return raised.at(-1)!.map(({ interval }) => interval.series.map(({ late = 0 }) => late));
}

const beyond4 = [50, 50, 0, 0, 0];
const beyondAll = [900, 900, 900, 900, 900];

test('the requests of other slices are of the class of the one that was late', () => {
  const parts = [second(1, 0, [okOf(100)], beyond4), second(2, 0, [okOf(100)])];
  expect(classes([parts])).toEqual([[0], [2]]);
});

test('its own requests are as its own log has them', () => {
  const parts = [second(1, 0, [okOf(100), okOf(100, 1)], beyondAll), second(2, 0, [])];
  expect(classes([parts])).toEqual([[0, 1], []]);
});

test('where they were late themselves, the later class stands', () => {
  const parts = [second(1, 0, [], beyond4), second(2, 0, [okOf(100, 1), okOf(100, 4)])];
  expect(classes([parts])).toEqual([[], [2, 4]]);
});

test('beyond every step it is the class of what is never clean', () => {
  const parts = [second(1, 0, [], beyondAll), second(2, 0, [okOf(100)])];
  expect(classes([parts])[1]).toEqual([neverClean]);
});

test('where no slice was late nothing changes', () => {
  const parts = [second(1, 0, [okOf(100)], [0, 0, 0, 0, 0]), second(2, 0, [okOf(100)])];
  expect(classes([parts])).toEqual([[0], [0]]);
});

test('it reaches as far back as the longest of the record may have lasted', () => {
  const first = [second(1, 0, [], beyond4), second(2, 0, [])];
  const quiet = (index: number, record: SeriesRecord) => [
    second(1, index, []),
    second(2, index, [record]),
  ];
  // One of 100 ms that ended in the second second began in the first, maybe.
  expect(classes([first, quiet(1, okOf(100))])[1]).toEqual([2]);
  const between = [second(1, 1, []), second(2, 1, [])];
  expect(classes([first, between, quiet(2, okOf(100))])[1]).toEqual([0]);
});

test('what did not end ok may have lasted as long as a deadline', () => {
  const seconds = (count: number) => [
    [second(1, 0, [], beyond4), second(2, 0, [])],
    ...Array.from({ length: count }, (_, i) => [
      second(1, i + 1, []),
      second(2, i + 1, i === count - 1 ? [failed, okOf(100)] : []),
    ]),
  ];
  // The deadline is 10 s.
  expect(classes(seconds(10))[1]).toEqual([2, 0]);
  expect(classes(seconds(11))[1]).toEqual([0, 0]);
});

test('one slice alone is as it was', () => {
  expect(classes([[second(1, 0, [okOf(100), okOf(100, 3)], beyondAll)]])).toEqual([[0, 3]]);
});
