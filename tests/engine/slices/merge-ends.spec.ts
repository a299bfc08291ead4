import { expect, test } from '@playwright/test';
import { judge } from '../../../load/budgets/judge.ts';
import type { End, Plan } from '../../../load/metrics/log/schema.ts';
import { LabelBounds } from '../../../load/metrics/record/label-bounds.ts';
import { readResult } from '../../../load/metrics/log/reader.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { mergeSlices } from '../../../load/slices/merge.ts';
import { SliceLog } from '../../../load/slices/slice-log.ts';
import { budget, repeat } from '../budgets/make-result.ts';
import { requests, writeLog } from '../report/make-log.ts';

/** Merges hand-made slices, three seconds each, with these ends. */
async function mergedFrom(
  ends: readonly Partial<End>[],
  key = 'p95',
  more: Partial<Plan> = {},
): Promise<Result> {
  const logs = ends.map((end, i) => {
    const path = test.info().outputPath(`${i + 1}.ndjson`);
    const slice = { index: i + 1, count: ends.length };
    const plan = { plan: { slice, ...more }, budgets: [budget(key, '< 1 s')] };
    const series = requests(repeat(100, 100), { labels: { tenant: 'a' } });
    writeLog(path, { seconds: repeat([series], 3), plan, end });
    return new SliceLog(path);
  });
  const path = test.info().outputPath('merged.ndjson');
  mergeSlices(logs, path);
  for (const log of logs) log.close();
  return readResult(path);
}

const down = { ok: false, detail: 'http://127.0.0.1:1/health: 503' };
const well = { ok: true, detail: 'http://127.0.0.1:1/health: 200' };

test('after the load is after the last slice: what an earlier one was told counts no more', async () => {
  const ends = [
    { atMs: 1000, healthAfter: down },
    { atMs: 3000, healthAfter: well },
  ];
  expect((await mergedFrom(ends)).end?.healthAfter).toEqual(well);
  expect((await mergedFrom([...ends].reverse())).end?.healthAfter).toEqual(well);
  const last = [
    { atMs: 1000, healthAfter: well },
    { atMs: 3000, healthAfter: down },
  ];
  expect((await mergedFrom(last)).end?.healthAfter).toEqual(down);
  expect((await mergedFrom([{ atMs: 1000, healthAfter: well }, { atMs: 3000 }])).end?.healthAfter) //
    .toEqual(well);
});

test('a label with more values than a slice keeps apart: a budget on one of them is not judged', async () => {
  const bounds = new LabelBounds(2);
  for (const tenant of ['a', 'b', 'c']) bounds.bound({ tenant });
  const ends = [{ overflowedLabels: [...bounds.overflowed] }, {}];
  const asked = judge(await mergedFrom(ends, 'p95{tenant=a}'));
  expect(asked.verdict).toBe('invalid');
  expect(asked.invalid.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^label tenant has more values than a slice keeps apart/),
  ]);
  // Nobody asks for one, or the label is another.
  const verdicts = [await mergedFrom(ends), await mergedFrom([{}, {}], 'p95{tenant=a}')].map(
    (result) => judge(result).invalid,
  );
  expect(verdicts).toEqual([[], []]);
});

test('a clock that is known less well than slices must begin together is told', async () => {
  const flagsAt = async (roundTripMs: number): Promise<unknown[]> => {
    const merged = await mergedFrom([{}, {}], 'p95', { clock: { offsetMs: 0, roundTripMs } });
    return judge(merged).flags.map(({ text }) => text);
  };
  expect(await flagsAt(100)).toEqual([]);
  expect(await flagsAt(120)).toEqual([
    expect.stringMatching(/^slice 1 of 2 \(h\): its clock is known to ± 60 ms only/),
    expect.stringContaining('slice 2 of 2'),
  ]);
});
