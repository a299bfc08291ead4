import { expect, test } from '@playwright/test';
import { mergedTasks, type JudgedPiece } from '../../../../load/metrics/result/judged-pieces.ts';
import { makeResult, repeat, type MadeInterval } from '../../budgets/make-result.ts';

const phase = { name: 'steady state', startMs: 0, endMs: 80_000, judged: true } as const;

function second(index: number, more: MadeInterval = {}): MadeInterval {
  return { startMs: index * 1000, series: [{ okMs: repeat(index, 2) }], ...more };
}

function piecesOf(intervals: readonly MadeInterval[]): readonly JudgedPiece[] {
  return makeResult({ stream: { phases: [phase] }, intervals }).pieces;
}

function seconds(count: number): MadeInterval[] {
  return Array.from({ length: count }, (_, index) => second(index));
}

test('the planned length has 40 pieces, and nothing is lost in them', () => {
  const pieces = piecesOf(seconds(80));
  expect(pieces).toHaveLength(40);
  expect(pieces[3]).toMatchObject({ startMs: 6000, endMs: 8000 });
  expect(pieces[3]?.tasks.get('query')?.outcomes).toEqual({ ok: 4 });
  expect(pieces[3]?.tasks.get('query')?.responseTime.max).toBe(7000);
  expect(mergedTasks(pieces).get('query')?.outcomes).toEqual({ ok: 160 });
});

test('a run that goes on has more pieces of the same length, at most twice as many', () => {
  expect(piecesOf(seconds(100))).toHaveLength(50);
  const pieces = piecesOf(seconds(200));
  expect(pieces).toHaveLength(80);
  expect(pieces.at(-1)).toMatchObject({ startMs: 158_000, endMs: 200_000 });
});

test('an interval that is cut a little early or late stays in its piece', () => {
  const late = seconds(80).map((one, index) => ({ ...one, startMs: index * 1000 - 20 }));
  expect(piecesOf(late).map(({ startMs }) => startMs)).toEqual(
    Array.from({ length: 40 }, (_, piece) => piece * 2000 - 20),
  );
});

test('a request of a judged phase that ends in the drain is in the last piece', () => {
  const drain = second(80, { phases: ['drain'], series: [{ okMs: [9000] }] });
  const further = second(84, { phases: ['drain'], series: [{ okMs: [9500] }] });
  const last = piecesOf([...seconds(80), drain, further]).at(-1);
  expect(last).toMatchObject({ startMs: 78_000, endMs: 80_000 });
  expect(last?.tasks.get('query')?.outcomes).toEqual({ ok: 6 });
});

test('requests of other phases and of other streams are not in it', () => {
  const series = [{ okMs: [1], phase: 'ramp-up' }, { okMs: [2], stream: 1 }, { okMs: [3, 4] }];
  const [piece] = piecesOf([second(0, { series })]);
  expect(piece?.tasks.get('query')?.outcomes).toEqual({ ok: 2 });
});
