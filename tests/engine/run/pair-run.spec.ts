import { expect, test } from '@playwright/test';
import { startOf, type RoundStart } from '../../../load/run/pair-run.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import type { System } from '../virtual-load.ts';
import { runPairVirtually, type PairOutcome } from '../virtual-pair.ts';

/** Service times that vary by a fifth either way, the same for twins. */
function takes(meanMs: number): System {
  return ({ atMs, draws: [draw] }, clock) => clock.until(atMs + meanMs * (0.8 + 0.4 * draw));
}

const oneRound = { mostRounds: 2, roundMs: 5000 } as const;

test('a head that is a tenth slower is found at the first look', async () => {
  const { pair } = await runPairVirtually({ base: takes(20), head: takes(22), mostRounds: 16 });
  const { verdict, rounds, controls, metrics } = pair.verdict;
  expect({ verdict, rounds, controls }).toEqual({ verdict: 'slower', rounds: 8, controls: 1 });
  const p50 = metrics.find(({ metric }) => metric === 'p50')!;
  expect(p50.finding).toBe('worse');
  expect(Math.expm1(p50.difference!)).toBeCloseTo(0.1, 1);
  expect(p50.figures[0]).toBeCloseTo(20, 0);
  expect(pair.end?.cause).toBe('decided');
});

test('one build on both sides is no slower', async () => {
  const { pair } = await runPairVirtually({ base: takes(20), head: takes(20), mostRounds: 16 });
  expect(pair.verdict.verdict).toBe('no difference');
});

test('a head that is a tenth faster is told so', async () => {
  const { pair } = await runPairVirtually({ base: takes(22), head: takes(20) });
  expect(pair.verdict.verdict).toBe('faster');
});

test('a head that fails more often is worse by its errors', async () => {
  const head: System = async (request, clock) => {
    await takes(20)(request, clock);
    if (request.draws[1] < 0.03) throw new Error('no luck');
  };
  const { pair } = await runPairVirtually({ base: takes(20), head });
  expect(pair.verdict.verdict).toBe('slower');
  const errors = pair.verdict.metrics.find(({ metric }) => metric === 'errorRate')!;
  expect(errors.finding).toBe('worse');
});

test('no request of a side is sent while the other has one under way', async () => {
  const { sent } = await runPairVirtually({ base: takes(40), head: takes(40), ...oneRound });
  const changes = sent.filter(({ side }, i) => i > 0 && sent[i - 1]!.side !== side);
  expect(changes.length).toBeGreaterThan(5);
  for (const change of changes) {
    const i = sent.indexOf(change);
    const before = sent[i - 1]!;
    const endedMs = before.atMs + 40 * (0.8 + 0.4 * before.draws[0]);
    if (change.atMs > before.atMs) expect(change.atMs).toBeGreaterThanOrEqual(endedMs - 1e-6);
  }
});

test('turns are A B B A, and which side begins is drawn', async () => {
  const { sent } = await runPairVirtually({ base: takes(20), head: takes(20), ...oneRound });
  const blocks = turnsOf(sent).map(({ side }) => side[0]);
  const text = blocks.join('');
  // Two turns of one side after each other are one run of its requests.
  expect(text).toMatch(/^(bh|hb)+[bh]?$/);
  const seeds = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((seed) =>
      runPairVirtually({ base: takes(20), head: takes(20), ...oneRound, seed }),
    ),
  );
  expect(new Set(seeds.map((one) => one.sent[0]!.side))).toEqual(new Set(['base', 'head']));
});

test('twins have the same data, and rounds have data of their own', async () => {
  const outcome = await runPairVirtually({ base: takes(20), head: takes(25), ...oneRound });
  const [base, head] = (['base', 'head'] as const).map((side) => firstDraws(outcome, side));
  expect(base!.slice(0, 40)).toEqual(head!.slice(0, 40));
  expect(new Set(base).size).toBe(base!.length);
});

test('a response time counts no time for which the side stood still', async () => {
  const { pair } = await runPairVirtually({ base: takes(20), head: takes(20), ...oneRound });
  for (const side of pair.rounds.flatMap(({ sides }) => sides)) {
    expect(side.first.responseTime.max).toBeLessThanOrEqual(24_100);
    expect(side.second.responseTime.max).toBeLessThanOrEqual(24_100);
    expect(side.lagMs).toBe(0);
  }
});

test('arrivals come at their rate in the time of each side', async () => {
  const workload = arrivals({ rate: '50/s', duration: '15s', process: 'constant' });
  const { pair } = await runPairVirtually({
    base: takes(20),
    head: takes(20),
    workload,
    ...oneRound,
  });
  for (const { sides, measuredMs } of pair.rounds) {
    for (const { first, second } of sides) {
      const ok = (first.outcomes.ok ?? 0) + (second.outcomes.ok ?? 0);
      expect((ok * 1000) / measuredMs).toBeCloseTo(50, -0.5);
    }
  }
});

test('a round goes on until each side has what its percentiles need', async () => {
  const workload = arrivals({ rate: '2/s', duration: '15s', process: 'constant' });
  const { pair } = await runPairVirtually({
    base: takes(20),
    head: takes(20),
    workload,
    mostRounds: 2,
    roundMs: 10_000,
  });
  for (const { sides } of pair.rounds) {
    for (const { first, second } of sides) {
      expect((first.outcomes.ok ?? 0) + (second.outcomes.ok ?? 0)).toBeGreaterThanOrEqual(72);
    }
  }
});

test('a turn is five times as long as 95 % of the iterations', async () => {
  const { sent } = await runPairVirtually({
    base: takes(600),
    head: takes(600),
    mostRounds: 2,
    roundMs: 60_000,
  });
  const later = turnsOf(sent).filter(({ sinceMs }) => sinceMs > 20_000 && sinceMs < 50_000);
  // The last request of a turn is sent up to one answer before its end.
  expect(later.length).toBeGreaterThan(2);
  for (const { lastedMs } of later) expect(lastedMs).toBeGreaterThan(2000);
});

test('sides on machines of their own work at once, and one leads by turns', async () => {
  const { sent, pair } = await runPairVirtually({
    base: takes(20),
    head: takes(22),
    mostRounds: 8,
    roundMs: 5000,
    areAtOnce: true,
    areRestarted: false,
  });
  const early = sent.slice(0, 400);
  const changes = early.filter(({ side }, i) => i > 0 && early[i - 1]!.side !== side);
  expect(changes.length).toBeGreaterThan(100);
  expect(pair.verdict.verdict).toBe('slower');
  expect(pair.verdict.controls).toBe(0);
});

test('every fifth round is a control, and the order of the starts alternates', async () => {
  const starts: RoundStart[] = [];
  await runPairVirtually({
    base: takes(20),
    head: takes(20),
    mostRounds: 9,
    roundMs: 2500,
    open: (start) => {
      starts.push(start);
      return Promise.resolve({ lost: () => undefined });
    },
  });
  expect(starts.map(({ builds }) => builds.join('')).slice(0, 10)).toEqual(
    ['AB', 'AB', 'AB', 'AB', 'AA', 'AB', 'AB', 'AB', 'AB', 'BB'].slice(0, starts.length),
  );
  expect(starts.slice(0, 4).map(({ startsFirst }) => startsFirst)).toEqual([0, 1, 0, 1]);
  expect(startOf(5, false).builds).toEqual(['A', 'B']);
});

test('a pair that is ended before a look is undecided, and tells what it has', async () => {
  const { pair } = await runPairVirtually({
    base: takes(20),
    head: takes(40),
    during: (run, clock) => {
      clock.at(20_000, () => {
        run.stop();
      });
    },
  });
  expect(pair.end?.cause).toBe('interrupted');
  expect(pair.verdict.verdict).toBe('undecided');
  expect(pair.verdict.rounds).toBeGreaterThan(1);
  expect(pair.verdict.metrics[0]!.difference).toBeGreaterThan(0.5);
});

interface SideTurn {
  readonly side: string;
  readonly sinceMs: number;
  readonly lastedMs: number;
}

/** Runs of requests of one side, in the first round. */
function turnsOf(sent: PairOutcome['sent']): SideTurn[] {
  const turns: { side: string; sinceMs: number; lastedMs: number }[] = [];
  for (const { side, atMs } of sent) {
    const last = turns.at(-1);
    if (last?.side === side) last.lastedMs = atMs - last.sinceMs;
    else turns.push({ side, sinceMs: atMs, lastedMs: 0 });
  }
  return turns;
}

function firstDraws({ sent }: PairOutcome, side: 'base' | 'head'): string[] {
  return sent
    .filter((request) => request.side === side && request.userNumber === 0)
    .map(({ draws }) => draws.join(' '));
}
