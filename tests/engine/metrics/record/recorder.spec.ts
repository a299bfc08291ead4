import { expect, test } from '@playwright/test';
import type { SeriesRecord } from '../../../../load/metrics/log/schema.ts';
import { scheduledOf } from '../../../../load/metrics/outcome.ts';
import type { ClosedInterval } from '../../../../load/metrics/record/recorder.ts';
import { Recorder } from '../../../../load/metrics/record/recorder.ts';
import type { Sample } from '../../../../load/metrics/record/sample.ts';
import { fault } from '../../../faults/fault-matrix.ts';
import { VirtualClock } from '../../virtual-clock.ts';

const phases = [
  { name: 'ramp-up', startMs: 0 },
  { name: 'steady state', startMs: 1000 },
] as const;

function makeRecorder(slowMs?: number): { clock: VirtualClock; recorder: Recorder } {
  const clock = new VirtualClock();
  const stream = { phases, maxLabelValues: 2, slowMs };
  return { clock, recorder: new Recorder(clock, [stream, stream]) };
}

function recordsOf(cut: ClosedInterval): SeriesRecord[] {
  return cut.buffers.map((buffer) => buffer.toRecord());
}

/** A request of task `chat`, due and sent now. */
function send(recorder: Recorder, clock: VirtualClock, dueMs = clock.now()): Sample {
  const sample = recorder.schedule(recorder.ref(0, 'chat', 'chat'), dueMs, dueMs);
  recorder.start(sample);
  return sample;
}

function answer(recorder: Recorder, sample: Sample): void {
  recorder.finish(sample);
  sample.judge('ok');
  recorder.commit(sample);
}

test('a request counts in the phase in which it was due, and in the interval in which it ended', async () => {
  const { clock, recorder } = makeRecorder();
  await clock.run(900);
  const late = send(recorder, clock);
  const first = recorder.closeInterval(1000, false);
  expect([recordsOf(first), first.counts.scheduled]).toEqual([[], 1]);
  await clock.run(1500);
  answer(recorder, late);
  answer(recorder, send(recorder, clock));
  const second = recorder.closeInterval(2000, false);
  expect(recordsOf(second).map(({ phase, outcomes }) => [phase, outcomes])).toEqual([
    ['ramp-up', { ok: 1 }],
    ['steady state', { ok: 1 }],
  ]);
  expect(second.counts.scheduled).toBe(1);
});

test('times are from due (response), from sending (service), and between the two (lag)', async () => {
  const { clock, recorder } = makeRecorder();
  await clock.run(30);
  const sample = send(recorder, clock, 10);
  await clock.run(130);
  answer(recorder, sample);
  const cut = recorder.closeInterval(1000, false);
  const trends = recordsOf(cut)[0]?.trends ?? {};
  expect(Object.entries(trends).map(([name, { sum }]) => [name, sum])).toEqual([
    ['responseTime', 120_000],
    ['service', 100_000],
    ['scheduleLag', 20_000],
  ]);
  expect(cut.lag.sum).toBe(20_000);
});

test('waiting for a free user is no lag of this machine', async () => {
  const { clock, recorder } = makeRecorder();
  await clock.run(50);
  recorder.start(recorder.schedule(recorder.ref(0, 'chat', 'chat'), 10, 50));
  expect(recorder.closeInterval(1000, false).lag.sum).toBe(0);
});

test('only `ok` requests have latencies; the others are counted with kind, moment and sample', async () => {
  const { clock, recorder } = makeRecorder();
  for (const endMs of [100, 300]) {
    const sample = send(recorder, clock);
    await clock.run(endMs);
    recorder.finish(sample);
    sample.judge('failed', 'status 500', `${'x'.repeat(300)} at ${endMs}`);
    recorder.commit(sample);
  }
  const [record] = recordsOf(recorder.closeInterval(1000, false));
  expect(record?.outcomes).toEqual({ failed: 2 });
  expect(Object.keys(record?.trends ?? {})).toEqual(['scheduleLag']);
  expect(record?.errors).toEqual([
    { kind: 'status 500', count: 2, firstMs: 100, lastMs: 300, sample: 'x'.repeat(200) },
  ]);
});

test('kinds of errors are bounded: the rest is `other`', { annotation: fault(29) }, () => {
  const { recorder } = makeRecorder();
  const ref = recorder.ref(0, 'chat', 'chat');
  for (let status = 400; status < 500; status++) {
    const sample = recorder.schedule(ref, 0, 0);
    sample.judge('failed', `status ${status}`);
    recorder.commit(sample);
  }
  const errors = recordsOf(recorder.closeInterval(1000, false))[0]?.errors ?? [];
  expect(errors.length).toBeLessThanOrEqual(31);
  expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  expect(errors.at(-1)).toMatchObject({ kind: 'other', count: 70 });
});

test('what is never sent is scheduled and counted, and not sent', () => {
  const { recorder } = makeRecorder();
  recorder.commitUnsent(recorder.ref(0, 'chat', 'chat'), 5, 'dropped', 'dropped', 'no free user');
  const cut = recorder.closeInterval(1000, false);
  expect(cut.counts).toMatchObject({ scheduled: 1, sent: 0, inFlight: 0 });
  expect(recordsOf(cut)[0]).toMatchObject({
    outcomes: { dropped: 1 },
    errors: [{ kind: 'dropped', firstMs: 5, lastMs: 5 }],
    trends: {},
  });
});

test('at the end everything that was sent has an outcome', async () => {
  const { clock, recorder } = makeRecorder();
  for (let i = 0; i < 10; i++) send(recorder, clock);
  const held = send(recorder, clock);
  await clock.run(200);
  recorder.finish(held);
  held.judge('ok');
  await clock.run(500);
  recorder.commitOpen();
  const cut = recorder.closeInterval(500, true);
  expect(recordsOf(cut)[0]?.outcomes).toEqual({ ok: 1, interrupted: 10 });
  expect(cut.counts).toMatchObject({ scheduled: 11, sent: 11, inFlight: 0 });
});

test('scheduled is the sum of the outcomes, over all intervals', async () => {
  const { clock, recorder } = makeRecorder();
  const cuts: ClosedInterval[] = [];
  const open: Sample[] = [];
  for (let atMs = 0; atMs <= 5000; atMs += 10) {
    await clock.run(atMs);
    if (atMs % 1000 === 0) cuts.push(recorder.closeInterval(atMs, false));
    open.push(send(recorder, clock));
    if (atMs % 30 === 0) answer(recorder, open.shift()!);
  }
  recorder.commitOpen();
  cuts.push(recorder.closeInterval(5000, true));
  const ended = cuts.flatMap(recordsOf).reduce((sum, r) => sum + scheduledOf(r.outcomes), 0);
  const scheduled = cuts.reduce((sum, { counts }) => sum + counts.scheduled, 0);
  expect([ended, scheduled, recorder.totals.scheduled]).toEqual([501, 501, 501]);
});

test('the requests in flight are counted with their peak, their age and their time', async () => {
  const { clock, recorder } = makeRecorder();
  const first = send(recorder, clock);
  await clock.run(100);
  const second = send(recorder, clock);
  await clock.run(400);
  answer(recorder, first);
  await clock.run(600);
  const atFirst = { inFlight: 1, inFlightPeak: 2, oldestMs: 500, ageMs: 500, busyMs: 400 };
  expect(recorder.closeInterval(600, false).counts).toMatchObject(atFirst);
  await clock.run(700);
  answer(recorder, second);
  // The peak of an interval begins with what was in flight at its start.
  const later = { inFlight: 0, inFlightPeak: 1, oldestMs: 0, ageMs: 0, busyMs: 600 };
  expect(recorder.closeInterval(800, false).counts).toMatchObject(later);
});

test('an answer ends a stall, a deadline that passes does not', async () => {
  const { clock, recorder } = makeRecorder();
  const [first, second] = Array.from({ length: 7 }, () => send(recorder, clock));
  await clock.run(500);
  recorder.giveUp(first!);
  expect(recorder.closeInterval(600, false).stalls).toEqual([
    { startMs: 0, endMs: 600, inFlight: 6 },
  ]);
  await clock.run(700);
  recorder.finish(second!);
  expect(recorder.closeInterval(800, false).stalls).toEqual([
    { startMs: 0, endMs: 700, inFlight: 6 },
  ]);
});

test('a request that has ended and waits for its verdict has no age', async () => {
  const { clock, recorder } = makeRecorder();
  recorder.finish(send(recorder, clock));
  await clock.run(500);
  expect(recorder.closeInterval(500, false).counts).toMatchObject({
    inFlight: 0,
    ageMs: 0,
    oldestMs: 0,
  });
});

test('what is due after the stream was closed is in the drain', async () => {
  const { clock, recorder } = makeRecorder();
  await clock.run(500);
  recorder.enter(0, 'drain');
  await clock.run(1500);
  answer(recorder, send(recorder, clock));
  expect(recordsOf(recorder.closeInterval(1500, true))[0]?.phase).toBe('drain');
  expect(recorder.phaseName(0, 499)).toBe('ramp-up');
  expect(recorder.phaseName(0, 1500)).toBe('drain');
  expect(recorder.phaseName(1, 1500)).toBe('steady state');
});

test('labels make series of their own, bounded, with a note', () => {
  const { recorder } = makeRecorder();
  const ref = recorder.ref(0, 'chat', 'chat');
  for (const model of ['a', 'b', 'c', 'd', 'a']) {
    const sample = recorder.schedule(ref, 0, 0);
    sample.labels = { model };
    sample.judge('ok');
    recorder.commit(sample);
  }
  const records = recordsOf(recorder.closeInterval(1000, false));
  expect(records.map(({ labels, outcomes }) => [labels?.['model'], outcomes.ok])).toEqual([
    ['a', 2],
    ['b', 1],
    ['other', 2],
  ]);
  expect(recorder.notes()).toHaveLength(1);
});

test(
  'names of requests are bounded: the rest is `other`, with a note',
  { annotation: fault(29) },
  () => {
    const { recorder } = makeRecorder();
    for (let i = 0; i < 2000; i++) {
      recorder.commitUnsent(recorder.ref(0, 'chat', `/users/${i}`), 0, 'failed', 'task');
    }
    const records = recordsOf(recorder.closeInterval(1000, false));
    expect(records.length).toBeLessThanOrEqual(501);
    expect(records.find(({ request }) => request === 'other')?.outcomes).toEqual({ failed: 1500 });
    expect(recorder.notes()).toEqual([
      'more than 500 names of requests; the rest counts as "other": give them a \`name\` without ids',
      expect.stringContaining('2000 names of requests look like one: "/users/{id}"'),
    ]);
  },
);

test('a request slower than stated is named as it happens, 20 an interval, the rest counted', async () => {
  const { clock, recorder } = makeRecorder(100);
  const samples = Array.from({ length: 30 }, () => send(recorder, clock));
  answer(recorder, samples.pop()!);
  await clock.run(250);
  for (const sample of samples) answer(recorder, sample);
  const { events } = recorder.closeInterval(1000, false);
  expect(events).toHaveLength(21);
  expect(events[0]).toEqual({ atMs: 250, kind: 'slow', text: 'chat took 250 ms (ok)' });
  const rest = { atMs: 1000, kind: 'slow', text: '9 more slow requests', count: 9 };
  expect(events.at(-1)).toEqual(rest);
  expect(recorder.closeInterval(2000, false).events).toEqual([]);
  expect(recorder.notes()).toEqual(['29 requests took longer than 100 ms (events of the log)']);
});

test('one slow request is one', async () => {
  const { clock, recorder } = makeRecorder(100);
  const sample = send(recorder, clock);
  await clock.run(250);
  answer(recorder, sample);
  recorder.closeInterval(1000, false);
  expect(recorder.notes()).toEqual(['1 request took longer than 100 ms (events of the log)']);
});

test('what answers in one load stream ends no stall of another', async () => {
  const { clock, recorder } = makeRecorder();
  const of = (stream: number): Sample => {
    const ref = recorder.ref(stream, 'chat', 'chat');
    const sample = recorder.schedule(ref, clock.now(), clock.now());
    recorder.start(sample);
    return sample;
  };
  const frozen = Array.from({ length: 5 }, () => of(0));
  const streaming = Array.from({ length: 5 }, () => of(1));
  for (let atMs = 100; atMs <= 1000; atMs += 100) {
    await clock.run(atMs);
    recorder.progress(streaming[0]!, recorder.arrival());
  }
  expect(recorder.closeInterval(1000, false).stalls).toEqual([
    { startMs: 0, endMs: 1000, inFlight: 5 },
  ]);
  await clock.run(1500);
  answer(recorder, frozen[0]!);
  expect(recorder.closeInterval(1500, false).stalls).toEqual([
    { startMs: 0, endMs: 1500, inFlight: 5 },
    { startMs: 1000, endMs: 1500, inFlight: 5, stream: 1 },
  ]);
});
