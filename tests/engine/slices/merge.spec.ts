import { expect, test } from '@playwright/test';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { judge, judgeOnTop } from '../../../load/budgets/judge.ts';
import { readResult } from '../../../load/metrics/log/reader.ts';
import type { SliceLoss } from '../../../load/metrics/log/slices-in-log.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { mergeSlices } from '../../../load/slices/merge.ts';
import { SliceLog } from '../../../load/slices/slice-log.ts';
import { between, noThinkTime } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { budget } from '../budgets/make-result.ts';
import {
  answersAfter,
  background,
  runVirtually,
  stopAt,
  type System,
  type VirtualLoad,
} from '../virtual-load.ts';

/** From 20 to 520 ms as drawn, one in fifty fails: whoever asks, and with whomever. */
const system: System = async ({ atMs, draws: [first, second] }, clock) => {
  await clock.until(atMs + 20 + 500 * first);
  if (second < 0.02) throw new Error('drawn to fail');
};

type Load = Omit<VirtualLoad, 'slice' | 'logPath'>;

const closed: Load = {
  system,
  shortened: true,
  user: { thinkTime: between(100, 900) },
  workload: users({ count: 30, spawnRate: 3, duration: '60s' }),
};
const open: Load = {
  system,
  shortened: true,
  workload: arrivals({ rate: 40, duration: '30s', process: 'poisson' }),
};

/** Runs the slices one after another; returns the paths of their logs. */
async function logsOfSlices(load: Load, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 1; index <= count; index++) {
    const logPath = test.info().outputPath(`slice-${index}-of-${count}.ndjson`);
    await runVirtually({ ...load, slice: { index, count }, logPath });
    paths.push(logPath);
  }
  return paths;
}

async function mergedFrom(paths: readonly string[], extra = {}): Promise<Result> {
  const path = test.info().outputPath('merged.ndjson');
  const logs = paths.map((one) => new SliceLog(one));
  mergeSlices(logs, path, extra);
  for (const log of logs) log.close();
  return readResult(path);
}

function figuresOf({ series }: Result): unknown {
  const rows = series.map(({ phase, outcomes, trends, errors }) => ({
    phase,
    outcomes,
    errors: errors.map(({ kind, count, firstMs, lastMs }) => ({ kind, count, firstMs, lastMs })),
    trends: [...trends]
      .map(([name, own]) => ({ name, ...own.toData() }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  }));
  return rows.sort((a, b) => a.phase.localeCompare(b.phase));
}

for (const [name, load] of Object.entries({ closed, open })) {
  for (const count of [1, 4, 7]) {
    test(`${name}: the log of 1 and the merged one of ${count} say the same`, async () => {
      const whole = (await runVirtually(load)).result;
      const merged = await mergedFrom(await logsOfSlices(load, count));
      expect(figuresOf(merged)).toEqual(figuresOf(whole));
      expect(merged.scheduled).toBe(whole.scheduled);
      expect(merged.end).toMatchObject({
        cause: 'completed',
        scheduled: whole.end!.scheduled,
        sent: whole.end!.sent,
        slices: { areWhole: true, invalid: [] },
      });
      // Second by second: users, what was sent, and every percentile.
      const points = ({ timeline }: Result): unknown =>
        timeline
          .filter(({ phases }) => phases[0] !== 'drain')
          .map(({ startMs, endMs, phases, users: n, scheduled, sent, inFlight, tasks }) => ({
            startMs,
            endMs,
            phases,
            n,
            scheduled,
            sent,
            inFlight,
            tasks,
          }));
      // In the open model each slice takes on users of its own.
      const without = (all: unknown): unknown =>
        name === 'closed' ? all : (all as { n: number }[]).map((one) => ({ ...one, n: 0 }));
      expect(without(points(merged))).toEqual(without(points(whole)));
      const [a, b] = [merged, whole].map((result) => judge(result).littlesLaw);
      expect(a!.computedInFlight).toBeCloseTo(b!.computedInFlight, 6);
      expect(a!.sampledInFlight).toBeCloseTo(b!.sampledInFlight, 6);
    });
  }
}

test('the verdict is over the merged slices: p90 of all, not of each, and no mean', async () => {
  // Every fourth arrival is slow: one slice of four has them all.
  let sent = 0;
  const uneven: System = async ({ atMs, userNumber }, clock) => {
    sent += 1;
    await clock.until(atMs + (userNumber % 4 === 3 ? 400 : 10));
  };
  const load: Load = {
    system: uneven,
    shortened: true,
    user: { thinkTime: between(100, 101) },
    workload: users({ count: 20, spawnRate: 20, duration: '60s' }),
  };
  const paths = await logsOfSlices(load, 4);
  const alone = await Promise.all(paths.map((path) => readResult(path)));
  const p90 = (result: Result): unknown =>
    judgeOnTop(result, judge(result), [budget('p90', '< 300 ms')]).judgements.at(-1);
  expect(sent).toBeGreaterThan(1000);
  // Each alone: three pass, the fourth has nothing but slow ones.
  const fails = alone.map((result) => (p90(result) as { status: string }).status === 'fail');
  expect(fails).toEqual([false, false, false, true]);
  // Fewer than a tenth of all requests are slow: in 500 ms a slow user sends one, a fast one five.
  expect(p90(await mergedFrom(paths))).toMatchObject({ status: 'pass' });
});

test('budgets that were asked for on top are in the merged plan', async () => {
  const merged = await mergedFrom(await logsOfSlices(open, 2), {
    budgets: [budget('p50', '< 1 ms')],
  });
  expect(judge(merged).judgements.map(({ name, status }) => [name, status])).toEqual([
    ['p50', 'fail'],
  ]);
});

test('a slice that breaks off: invalid, named, and its data up to there is in', async () => {
  const paths = await logsOfSlices(open, 4);
  const lines = readFileSync(paths[2]!, 'utf8').split('\n');
  // Ten whole lines, and one that was being written.
  writeFileSync(paths[2]!, [...lines.slice(0, 11), lines[11]!.slice(0, 200)].join('\n'));
  const merged = await mergedFrom(paths);
  const { verdict, invalid } = judge(merged);
  expect(verdict).toBe('invalid');
  expect(invalid.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^slice 3 of 4 \(.*\): its log breaks off at 10 s of 30 s: its process/),
  ]);
  expect(merged.notes).toEqual(['slice 3: last line (12) was torn and is left out']);
  const sent = await Promise.all(paths.map(async (path) => (await readResult(path)).sent));
  expect(sent[2]).toBeGreaterThan(50);
  expect(merged.sent).toBe(sent.reduce((sum, own) => sum + own, 0));
});

test('slices that were ended early are no load: invalid, with the reason', async () => {
  const detail = 'slice 1 of 2 was lost: its connection ended';
  const sliceLoss: SliceLoss = { kind: 'lost', slices: [1], reason: detail };
  const early: Load = {
    ...open,
    during: (run, clock) => {
      clock.at(5000, () => {
        run.stop({ cause: 'slice-lost', detail, sliceLoss });
      });
    },
  };
  const logPath = test.info().outputPath('early.ndjson');
  await runVirtually({ ...early, slice: { index: 2, count: 2 }, logPath });
  const merged = await mergedFrom([logPath]);
  const { verdict, invalid } = judge(merged);
  expect(verdict).toBe('invalid');
  const texts = invalid.map(({ text }) => text).join('\n');
  expect(texts).toContain('slice 1 of 2 is missing');
  expect(texts).toMatch(/slice 2 ended early, at 5\S* s: slice 1 of 2 was lost/);
  // As fields, too: which are meant, and which of them was lost.
  expect(merged.end?.slices?.invalid.map(({ slices, loss }) => ({ slices, loss }))).toEqual([
    { slices: [1], loss: undefined },
    { slices: [2], loss: sliceLoss },
  ]);
});

test('a slice that began late is named: these were no load together', async () => {
  const paths = await logsOfSlices(open, 2);
  const text = readFileSync(paths[1]!, 'utf8');
  writeFileSync(paths[1]!, text.replace('{"type":"end",', '{"type":"end","begunLateMs":3000,'));
  const { verdict, invalid } = judge(await mergedFrom(paths));
  expect(verdict).toBe('invalid');
  expect(invalid.map((one) => one.text)).toEqual([
    expect.stringMatching(/^slice 2 of 2 \(.*\) began 3\S* s after the first \(at most 50 ms\)/),
  ]);
});

test('an interrupted load is marked so, and nothing else is wrong with it', async () => {
  const merged = await mergedFrom(await logsOfSlices({ ...open, during: stopAt(12_300) }, 3));
  const { interrupted, invalid } = judge(merged);
  expect({ interrupted, invalid }).toEqual({ interrupted: true, invalid: [] });
  expect(merged.end).toMatchObject({ cause: 'interrupted', detail: 'Ctrl-C' });
});

test('a slice without a user is there to the end, and has nothing before the start', async () => {
  const load: Load = { ...closed, workload: users({ count: 2, spawnRate: 2, duration: '20s' }) };
  const whole = (await runVirtually(load)).result;
  const paths = await logsOfSlices(load, 4);
  const empty = await readResult(paths[3]!);
  expect(empty.timeline.every(({ endMs }) => endMs > 0)).toBe(true);
  expect([empty.scheduled, empty.end?.atMs]).toEqual([0, 20_000]);
  const merged = await mergedFrom(paths);
  expect([merged.scheduled, merged.end?.cause]).toEqual([whole.scheduled, 'completed']);
  expect(merged.end?.slices?.invalid).toEqual([]);
});

test('a slow system that answers one slice after the other never stands still', async () => {
  // Each slice hears of it every 1 and 2 seconds, the whole load every second.
  const load: Load = {
    system: answersAfter(3000),
    shortened: true,
    user: { thinkTime: noThinkTime },
    workload: users({ count: 8, spawnRate: 1, duration: '30s' }),
    budgets: [budget('longestStall', '< 2 s')],
  };
  const whole = judge((await runVirtually(load)).result).judgements[0];
  const merged = judge(await mergedFrom(await logsOfSlices(load, 4))).judgements[0];
  expect(whole).toMatchObject({ status: 'pass' });
  // A span begins a hair after the answer before it.
  expect([merged?.status, merged?.value]).toEqual([
    whole?.status,
    expect.closeTo(whole!.value!, 1),
  ]);
});

test('a system that stands still is seen by all, however few each has in flight', async () => {
  // Eight users: two in flight in each slice are no crowd, all together are.
  const frozen: System = ({ atMs }, clock) =>
    clock.until(atMs >= 10_000 && atMs < 15_000 ? 15_000 + (atMs - 10_000) / 100 : atMs + 50);
  const load: Load = {
    system: frozen,
    shortened: true,
    user: { thinkTime: between(100, 900) },
    workload: users({ count: 8, spawnRate: 8, duration: '30s' }),
    budgets: [budget('longestStall', '< 2 s')],
  };
  const whole = judge((await runVirtually(load)).result).judgements[0];
  const paths = await logsOfSlices(load, 4);
  const alone = judge(await readResult(paths[0]!)).judgements[0];
  const merged = judge(await mergedFrom(paths)).judgements[0];
  expect(alone).toMatchObject({ status: 'pass', value: 0 });
  expect(merged).toMatchObject({ status: 'fail', worst: whole!.worst });
  expect(whole).toMatchObject({ status: 'fail' });
});

test('a load stream that stands still in all slices is seen beside one that does not', async () => {
  const frozen: System = ({ atMs }, clock) =>
    clock.until(atMs >= 10_000 && atMs < 15_000 ? 15_000 + (atMs - 10_000) / 100 : atMs + 50);
  const load: Load = {
    system: frozen,
    shortened: true,
    user: { thinkTime: between(100, 900) },
    workload: users({ count: 8, spawnRate: 8, duration: '30s' }),
    budgets: [budget('longestStall', '< 2 s')],
    moreStreams: (clock) => [
      background(clock, {
        workload: arrivals({ rate: 20, duration: '30s' }),
        system: answersAfter(5),
      }),
      background(clock, {
        name: 'frozen probes',
        workload: arrivals({ rate: 20, duration: '30s' }),
        system: frozen,
      }),
    ],
  };
  const whole = (await runVirtually(load)).result;
  const merged = await mergedFrom(await logsOfSlices(load, 4));
  const [wanted, got] = [whole, merged].map((result) => judge(result).judgements[0]!);
  expect(got).toMatchObject({ status: 'fail', worst: wanted!.worst });
  const streams = ({ stalls }: Result): unknown[] => [
    ...new Set(stalls.filter(({ endMs }) => endMs >= 15_000).map(({ stream }) => stream)),
  ];
  expect(streams(merged)).toEqual([undefined, 2]);
  expect(streams(whole).sort()).toEqual([2, undefined]);
});

test('a slice whose log sorts nothing by lateness leaves the whole load unsorted', async () => {
  const paths = await logsOfSlices(open, 2);
  expect((await mergedFrom(paths)).generator.isLatenessKnown).toBe(true);
  const lines = readFileSync(paths[1]!, 'utf8');
  writeFileSync(paths[1]!, lines.replaceAll(/"lateMs":\[[^\]]*\],/g, ''));
  rmSync(test.info().outputPath('merged.ndjson'));
  expect((await mergedFrom(paths)).generator.isLatenessKnown).toBe(false);
});
