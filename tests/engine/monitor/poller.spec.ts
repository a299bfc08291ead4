import { expect, test } from '@playwright/test';
import { Poller } from '../../../load/monitor/poller.ts';
import type { Measured, MonitorSource } from '../../../load/monitor/source.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { VirtualClock } from '../virtual-clock.ts';

const http = { get: () => Promise.reject(new Error('nobody asks')) };

/** A source that counts the seconds of its spans, takes `takesMs` to answer, and fails when told to. */
function secondsSource(
  clock: VirtualClock,
  takesMs = 0,
  fails: (n: number) => boolean = () => false,
) {
  const asked: number[] = [];
  const source: MonitorSource = {
    name: '/metrics',
    open: () => ({
      async read(spanMs): Promise<Measured> {
        asked.push(clock.now());
        await clock.until(clock.now() + takesMs);
        if (fails(asked.length)) return { unknown: { '*': 'status 503' } };
        if (spanMs === undefined) return {};
        return { ratios: { seconds: { part: spanMs / 1000, whole: 1 } } };
      },
    }),
  };
  return { source, asked };
}

function pollerOf(clock: VirtualClock, source: MonitorSource, bordersMs: readonly number[] = []) {
  return new Poller({ clock, http, sources: [source], bordersMs, everyMs: 5000 });
}

test('reads at the start, every 5 s, at each border of a phase, at the end and after the drain', async () => {
  const clock = new VirtualClock();
  const { source, asked } = secondsSource(clock);
  const poller = pollerOf(clock, source, [0, 1700, 15_000]);
  poller.start();
  await clock.run(12_345);
  await clock.runUntil(poller.rest());
  await clock.run(20_000);
  await clock.runUntil(poller.stop());
  expect(asked).toEqual([0, 1700, 5000, 10_000, 12_345, 20_000]);
  await clock.run(60_000);
  expect(asked).toHaveLength(6);
  expect(poller.take().map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [0, 1700],
    [1700, 5000],
    [5000, 10_000],
    [10_000, 12_345],
    [12_345, 20_000],
  ]);
});

test('hands each reading out once', async () => {
  const clock = new VirtualClock();
  const poller = pollerOf(clock, secondsSource(clock).source);
  poller.start();
  await clock.run(5000);
  const [reading] = poller.take();
  expect(reading).toEqual({
    source: '/metrics',
    fromMs: 0,
    toMs: 5000,
    ratios: { seconds: { part: 5, whole: 1 } },
  });
  expect(poller.take()).toEqual([]);
});

test('what fails leaves its span to the next reading, and is counted', async () => {
  const clock = new VirtualClock();
  const poller = pollerOf(clock, secondsSource(clock, 0, (n) => n === 2 || n === 3).source);
  poller.start();
  await clock.run(15_000);
  expect(poller.take()).toEqual([
    { source: '/metrics', fromMs: 0, toMs: 5000, unknown: { '*': 'status 503' } },
    { source: '/metrics', fromMs: 0, toMs: 10_000, unknown: { '*': 'status 503' } },
    { source: '/metrics', fromMs: 0, toMs: 15_000, ratios: { seconds: { part: 15, whole: 1 } } },
  ]);
  expect(poller.notes()).toEqual(['monitor: /metrics was unknown in 2 of 4 readings: status 503']);
});

test('a source that throws is one that could not be read', async () => {
  const clock = new VirtualClock();
  const source = { name: 'own', open: () => ({ read: () => Promise.reject(new Error('bug')) }) };
  const poller = pollerOf(clock, source);
  poller.start();
  await clock.runUntil(poller.rest());
  expect(poller.notes()).toEqual(['monitor: own was unknown in 2 of 2 readings: bug']);
});

test('a slow answer is not overtaken by the next question', { annotation: fault(28) }, async () => {
  const clock = new VirtualClock();
  const { source, asked } = secondsSource(clock, 7000);
  const poller = pollerOf(clock, source);
  poller.start();
  await clock.run(9000);
  await clock.runUntil(poller.rest());
  expect(asked).toEqual([0, 7000, 14_000]);
  expect(poller.notes()).toEqual([]);
});

test('a source that takes longer than the rhythm leaves no queue behind the load', async () => {
  const clock = new VirtualClock();
  const { source, asked } = secondsSource(clock, 17_000);
  const poller = pollerOf(clock, source);
  poller.start();
  await clock.run(60_000);
  await clock.runUntil(poller.rest());
  // At the end one is under way and one waits.
  expect(asked).toEqual([0, 17_000, 34_000, 51_000, 68_000]);
  expect(clock.now()).toBe(85_000);
});

test('told twice that the load is over, it reads once', async () => {
  const clock = new VirtualClock();
  const { source, asked } = secondsSource(clock);
  const poller = pollerOf(clock, source);
  poller.start();
  await clock.run(100);
  await Promise.all([poller.rest(), poller.rest()]);
  expect(asked).toEqual([0, 100]);
});
