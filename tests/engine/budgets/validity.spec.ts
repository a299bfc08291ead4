import { expect, test } from '@playwright/test';
import type { Result } from '../../../load/metrics/result/result.ts';
import { checkInstrument } from '../../../load/budgets/validity.ts';
import { budget, histogram, makeResult, repeat, type MadeInterval } from './make-result.ts';

function rules(result: Result): { invalid: string[]; flags: string[] } {
  const { invalid, flags } = checkInstrument(result);
  return { invalid: invalid.map(({ rule }) => rule), flags: flags.map(({ rule }) => rule) };
}

const calm: MadeInterval = { series: [{ okMs: repeat(10, 10) }] };

test('a calm instrument has no findings', () => {
  expect(rules(makeResult({ intervals: repeat(calm, 20) }))).toEqual({ invalid: [], flags: [] });
});

test('a loop that is saturated for more than 10 % of the time is flagged', () => {
  const busy = (utilisation: number): MadeInterval => ({ ...calm, generator: { utilisation } });
  const run = (busyOnes: number, utilisation = 0.9): Result =>
    makeResult({
      intervals: [...repeat(calm, 20 - busyOnes), ...repeat(busy(utilisation), busyOnes)],
    });
  expect(rules(run(2))).toEqual({ invalid: [], flags: [] });
  expect(rules(run(3))).toEqual({ invalid: [], flags: ['utilisation'] });
  expect(rules(run(20, 0.899))).toEqual({ invalid: [], flags: [] });
  expect(checkInstrument(run(3)).flags[0]).toMatchObject({
    observed: 0.15,
    limit: 0.1,
    atMs: 17_000,
    text: expect.stringContaining('in 3 of 20 intervals, first at 0:17'),
  });
});

test('what disturbs the ramp-up or the drain is not held against the steady state', () => {
  const noisy: MadeInterval = {
    generator: {
      utilisation: 1,
      loopDelay: histogram([900], 1000),
      loopStalls: [{ atMs: 0, durationMs: 1500 }],
    },
  };
  const result = makeResult({
    intervals: [
      { ...noisy, phases: ['ramp-up'] },
      ...repeat(calm, 20),
      { ...noisy, startMs: 21_000, phases: ['drain'] },
    ],
  });
  expect(rules(result)).toEqual({ invalid: [], flags: [] });
});

for (const [rule, field, limitMs] of [
  ['loopDelay', 'loopDelay', 10],
  ['generatorLag', 'lag', 5],
] as const) {
  test(`${rule}: p99 beyond ${limitMs} ms is flagged under a p95 of 50 ms, and decides nothing`, () => {
    const run = (value: number, share: number): Result => {
      const made = histogram([...repeat(0.1, 1000 - share), ...repeat(value, share)]);
      const intervals = repeat({ ...calm, generator: { [field]: made } }, 20);
      return makeResult({ budgets: [budget('p95', '< 50 ms')], intervals });
    };
    expect(rules(run(limitMs, 20))).toEqual({ invalid: [], flags: [] });
    expect(rules(run(limitMs * 1.01, 20))).toEqual({ invalid: [], flags: [rule] });
    expect(rules(run(limitMs * 5, 10))).toEqual({ invalid: [], flags: [] });
  });
}

test('a loop delay that nobody recorded is flagged', () => {
  const intervals = [{ ...calm, generator: { loopDelay: histogram([]) } }];
  expect(rules(makeResult({ intervals }))).toEqual({ invalid: [], flags: ['loopDelay'] });
});

const loopStall = (...durations: number[]): Result => {
  const loopStalls = durations.map((durationMs, i) => ({ atMs: 31_000 + i * 1000, durationMs }));
  return makeResult({ intervals: [...repeat(calm, 119), { ...calm, generator: { loopStalls } }] });
};

test('a stall of the loop is flagged with its time', () => {
  const { invalid, flags } = checkInstrument(loopStall(1500));
  expect(invalid).toEqual([]);
  expect(flags[0]).toMatchObject({ rule: 'loopStall', observed: 1500, atMs: 31_000 });
  expect(flags[0]?.text).toContain('the event loop stood still for 1.5 s at 0:31');
});

test('of many stalls the five longest are flagged, in their order', () => {
  const { flags } = checkInstrument(loopStall(...repeat(101, 8), 3000, 102));
  expect(flags.map(({ observed }) => observed)).toEqual([101, 101, 101, 3000, 102]);
  expect(flags[3]?.text).toContain('stood still for 3 s at 0:39');
  expect(flags[4]?.text).toContain('(and 5 shorter ones)');
});

test('a shortage of descriptors or ports on this side is invalid, in whatever phase', () => {
  const error = { kind: 'generator', count: 3, firstMs: 500, lastMs: 900, sample: 'EMFILE' };
  const failing = { phase: 'ramp-up', others: { failed: 3 }, errors: [error] };
  const result = makeResult({ intervals: [{ series: [failing] }, calm] });
  const [finding] = checkInstrument(result).invalid;
  expect(finding).toMatchObject({ rule: 'generatorErrors', observed: 3, limit: 0, atMs: 500 });
  expect(finding?.text).toContain('EMFILE');
  const refused = { ...failing, errors: [{ ...error, kind: 'refused' }] };
  expect(rules(makeResult({ intervals: [{ series: [refused] }, calm] })).invalid).toEqual([]);
});

test('scheduled must be the sum of the outcomes, over all streams and phases', () => {
  const users = makeResult().plan.streams[0]!;
  const all: MadeInterval = {
    series: [
      { phase: 'ramp-up', okMs: [1] },
      { okMs: [1], others: { interrupted: 1, dropped: 1 } },
      { stream: 1, okMs: [1] },
    ],
  };
  const run = (scheduled: number): Result =>
    makeResult({ plan: { streams: [users, users] }, intervals: [{ ...all, scheduled }] });
  expect(rules(run(5)).invalid).toEqual([]);
  expect(rules(run(6)).invalid).toEqual(['accounting']);
  expect(rules(run(4)).invalid).toEqual(['accounting']);
  expect(checkInstrument(run(6)).invalid[0]?.text).toContain('6 requests were scheduled, 5 ended');
});

test('a run that counted more than its intervals hold has lost lines', () => {
  const result = makeResult({ intervals: [calm], end: { scheduled: 20 } });
  expect(rules(result).invalid).toEqual(['accounting']);
  expect(checkInstrument(result).invalid[0]?.text).toContain('lines are missing');
});

test('a crashed run is not asked for the outcomes of what was in flight', () => {
  const result = makeResult({
    intervals: [{ ...calm, scheduled: 12 }],
    end: { cause: 'crashed' },
  });
  expect(rules(result).invalid).toEqual([]);
});

test('a log without an end is invalid and names the gap', () => {
  const intervals = [...repeat(calm, 12), { startMs: 12_000, endMs: 12_300, scheduled: 3 }];
  const { invalid } = checkInstrument(makeResult({ intervals, end: false }));
  expect(invalid).toHaveLength(1);
  expect(invalid[0]).toMatchObject({ rule: 'brokenOff', observed: 12_300, limit: 300_000 });
  expect(invalid[0]?.text).toContain('log breaks off at 12.3 s of 300 s');
});

/** 5 users, 2 in flight by the requests' own times; `sampled` by the samples. */
function inFlight(sampled: number, samples = 100_000, requests = 10): Result {
  const second: MadeInterval = {
    series: [{ okMs: repeat(200, requests) }],
    busyMs: 2000,
    ageMs: 400,
    inFlightSamples: { count: samples, sum: sampled * samples },
  };
  const before: MadeInterval = { phases: ['ramp-up'], ageMs: 400 };
  return makeResult({ intervals: [before, ...repeat(second, 20)] });
}

test("Little's law holds: nothing is found, the figures are shown", () => {
  const { invalid, flags, littlesLaw } = checkInstrument(inFlight(2));
  expect([invalid, flags]).toEqual([[], []]);
  expect(littlesLaw).toMatchObject({
    sampledInFlight: 2,
    computedInFlight: 2,
    requestsPerUser: 40,
  });
});

test("Little's law: off by 5 % is flagged, by 15 % invalid, to either side", () => {
  for (const side of [-1, 1]) {
    expect(rules(inFlight(2 * (1 + side * 0.049)))).toEqual({ invalid: [], flags: [] });
    expect(rules(inFlight(2 * (1 + side * 0.055)))).toEqual({ invalid: [], flags: ['littlesLaw'] });
    expect(rules(inFlight(2 * (1 + side * 0.149)))).toEqual({ invalid: [], flags: ['littlesLaw'] });
    expect(rules(inFlight(2 * (1 + side * 0.155)))).toEqual({ invalid: ['littlesLaw'], flags: [] });
  }
});

test("Little's law: few samples prove nothing", () => {
  expect(rules(inFlight(2.4, 5))).toEqual({ invalid: [], flags: [] });
});

test("Little's law: fewer than 20 requests a user prove nothing, but are shown", () => {
  expect(rules(inFlight(3, 100_000, 4))).toEqual({ invalid: [], flags: [] });
  expect(rules(inFlight(3, 100_000, 5)).invalid).toEqual(['littlesLaw']);
  expect(checkInstrument(inFlight(3, 100_000, 4)).littlesLaw?.deviation).toBeCloseTo(0.5, 9);
});

test("Little's law: the ends of the judged time are corrected", () => {
  // One request of 10 s that began 4 s before the judged second and ended 5 s after it.
  const sampled = { inFlightSamples: { count: 100_000, sum: 100_000 } };
  const result = makeResult({
    intervals: [
      { phases: ['ramp-up'], ageMs: 4000 },
      { ...sampled, ageMs: 5000 },
      { phases: ['drain'], busyMs: 10_000, series: [{ okMs: [10_000] }] },
    ],
  });
  const { littlesLaw } = checkInstrument(result);
  expect(littlesLaw).toMatchObject({ sampledInFlight: 1, computedInFlight: 1 });
});

test('a load of which this machine started nothing is invalid, and one that was cut short is not', () => {
  const unstarted: MadeInterval = { sent: 0, series: [{ others: { interrupted: 12 } }] };
  expect(rules(makeResult({ intervals: [unstarted] })).invalid).toEqual(['notStarted']);
  expect(rules(makeResult({ intervals: [calm, unstarted] })).invalid).toEqual([]);
  const end = { cause: 'interrupted' } as const;
  expect(rules(makeResult({ intervals: [unstarted], end })).invalid).toEqual([]);
});
