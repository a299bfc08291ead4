import { expect, test } from '@playwright/test';
import { findingsIn } from '../../../../load/analysis/findings/findings.ts';
import { descriptorLeak, memoryLeak } from '../../../../load/analysis/findings/leak.ts';
import { LoadLevel } from '../../../../load/analysis/findings/load-level.ts';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { drawKey, normal, purpose, uniform } from '../../../../load/platform/random.ts';
import { makeResult } from '../../budgets/make-result.ts';

const minuteMs = 60_000;
const noise = purpose('noise');
const shape = purpose('shape');

/** Memory (MB) and descriptors from minute to minute, without and with a leak. */
type Course = (minute: number, seed: number) => number;

/** Share of each value's noise that carries over to the next. */
function noisy(phi: number, deviation: number): Course {
  const known = new Map<number, number[]>();
  return (minute, seed) => {
    let series = known.get(seed);
    if (series === undefined) {
      known.clear();
      series = [];
      const key = drawKey(seed, `noise ${phi}`);
      let value = 0;
      for (let i = 0; i < 60; i++) {
        value = phi * value + Math.sqrt(1 - phi ** 2) * deviation * normal(key, i, noise, 0);
        series.push(value);
      }
      known.set(seed, series);
    }
    return series[minute]!;
  };
}

const white = noisy(0, 6);
const sticky = noisy(0.6, 6);
const draw = (seed: number): number => uniform(drawKey(seed, 'course'), 0, shape);

const steady: Readonly<Record<string, Course>> = {
  'white noise': white,
  'noise that sticks (φ = 0.6)': sticky,
  'a saw of garbage collection': (i, seed) =>
    25 * ((i * (0.05 + draw(seed) / 3)) % 1) + white(i, seed),
  'a heap that fills and levels off': (i, seed) =>
    40 * (1 - Math.exp(-i / (2 + 8 * draw(seed)))) + sticky(i, seed),
};

function hour(course: Course, seed: number) {
  const readings = (minute: number): Reading[] => {
    const value = course(minute, seed);
    const toMs = minute * minuteMs + 30_000;
    const gauges = { targetMemory: (150 + value) * 1e6, targetDescriptors: Math.round(80 + value) };
    return [{ source: 'process', fromMs: toMs - 5000, toMs, gauges }];
  };
  return makeResult({
    bare: true,
    plan: { intervalMs: minuteMs, scenario: 'endurance' },
    stream: {
      phases: [{ name: 'steady state', startMs: 0, endMs: 60 * minuteMs, judged: true }],
    },
    intervals: Array.from({ length: 60 }, (_, i) => ({
      startMs: i * minuteMs,
      endMs: (i + 1) * minuteMs,
      monitor: { readings: readings(i) },
      series: [{ okMs: [100] }],
    })),
  });
}

function leaksIn(course: Course, seed: number): string[] {
  const rules = [memoryLeak, descriptorLeak];
  return findingsIn([new LoadLevel(hour(course, seed))], { rules }).map(({ rule }) => rule);
}

/** The claims are made for the larger number of hours, which is tried every night. */
for (const { hours, leaks, tag } of [
  { hours: 25, leaks: 25, tag: [] },
  { hours: 300, leaks: 100, tag: ['@soak'] },
]) {
  const all = hours * Object.keys(steady).length;
  const falseAlarms = `${all} hours without a leak: memory and descriptors give at most 1 % false alarms each`;
  test(falseAlarms, { tag }, () => {
    const alarms = { 'memory-leak': 0, 'descriptor-leak': 0 };
    for (const course of Object.values(steady)) {
      for (let seed = 1; seed <= hours; seed++) {
        for (const rule of leaksIn(course, seed)) alarms[rule as keyof typeof alarms] += 1;
      }
    }
    const description = JSON.stringify(alarms);
    test.info().annotations.push({ type: `false alarms of ${all}`, description });
    expect(alarms['memory-leak']).toBeLessThanOrEqual(all / 100);
    expect(alarms['descriptor-leak']).toBeLessThanOrEqual(all / 100);
  });

  const power = `a leak of 90 MB an hour is found in at least 95 % of ${leaks} hours, for all that noise`;
  test(power, { tag }, () => {
    for (const [name, course] of Object.entries(steady)) {
      let missed = 0;
      for (let seed = 1; seed <= leaks; seed++) {
        const leaking: Course = (i, s) => course(i, s) + 1.5 * i;
        if (!leaksIn(leaking, seed).includes('memory-leak')) missed += 1;
      }
      expect(missed, name).toBeLessThanOrEqual(leaks / 20);
    }
  });
}

test('a rise that a growing load explains is suspected alone', () => {
  const result = hour((i, seed) => 60 * (i / 60) + white(i, seed), 1);
  const growing = {
    ...result,
    timeline: result.timeline.map((point, i) => ({ ...point, users: 10 + i })),
  };
  const [finding] = findingsIn([new LoadLevel(growing)], { rules: [memoryLeak] });
  expect(finding).toMatchObject({ rule: 'memory-leak', confidence: 'suspected' });
  expect(finding!.checks).toContainEqual(expect.objectContaining({ outcome: 'speaks against it' }));
});
