import { expect, test } from '@playwright/test';
import { arrivals } from '../../../load/workload/arrivals.ts';
import type { SentRequest, System } from '../virtual-load.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { runPairVirtually, type VirtualPair } from '../virtual-pair.ts';

function takes(meanMs: number): System {
  return ({ atMs, draws: [draw] }, clock) => clock.until(atMs + meanMs * (0.8 + 0.4 * draw));
}

/** As soon as a packet has come and gone: at once, users who never think would ask without end. */
const refuses: System = async ({ atMs }, clock) => {
  await clock.until(atMs + 5);
  throw new Error('connect ECONNREFUSED');
};

/** Runs the pair, which must be invalid, and gives why. */
async function faultsOf(pair: VirtualPair): Promise<readonly string[]> {
  const { pair: judged } = await runPairVirtually(pair);
  expect(judged.verdict.verdict).toBe('invalid');
  expect(judged.verdict.isFinal).toBe(true);
  return judged.verdict.faults;
}

test('a side that goes down in the middle is told, with its round and what it said', async () => {
  let sent = 0;
  const head: System = async (request, clock) => {
    sent += 1;
    if (sent > 1500) await refuses(request, clock);
    await takes(20)(request, clock);
  };
  const [first] = await faultsOf({ base: takes(20), head });
  expect(first).toMatch(
    /^head is down or gives wrong answers: .* % of its requests did not end ok/,
  );
  expect(first).toContain('ECONNREFUSED');
});

test('a side whose process has ended is told', async () => {
  const faults = await faultsOf({
    base: takes(20),
    head: takes(20),
    open: ({ number }) =>
      Promise.resolve({
        lost: () => (number === 3 ? 'head ended with exit code 1 during round 3' : undefined),
      }),
  });
  expect(faults).toEqual(['head ended with exit code 1 during round 3']);
});

test('a side that does not come up is told, and ends it', async () => {
  const faults = await faultsOf({
    base: takes(20),
    head: takes(20),
    open: () => Promise.reject(new Error('head: was not up within 60 s')),
  });
  expect(faults).toEqual(['head: was not up within 60 s']);
});

/** Requests that were sent before, by either side, are answered at once. */
function cached(own: System, known: Set<string>): System {
  return async (request: SentRequest, clock: VirtualClock) => {
    const text = request.draws.join(' ');
    if (known.has(text)) return clock.until(request.atMs + 2);
    known.add(text);
    return own(request, clock);
  };
}

// Few iterations per turn, since with hundreds users would get out of step with their twins.
const manyUsers = arrivals({ rate: '60/s', duration: '15s' });

test('a cache that both sides share is told', async () => {
  const known = new Set<string>();
  const [first] = await faultsOf({
    base: cached(takes(20), known),
    head: cached(takes(24), known),
    workload: manyUsers,
    mostRounds: 16,
  });
  expect(first).toMatch(/^the side that is asked second is always faster, .*: they share a cache$/);
});

/** As `cached`, with few different requests, so the cache soon has all of them. */
function cachedKeys(own: System, known: Set<number>, hitMs: number): System {
  return async (request, clock) => {
    const key = Math.floor(request.draws[1] * 1000);
    if (known.has(key)) return takes(hitMs)(request, clock);
    known.add(key);
    return own(request, clock);
  };
}

for (const hitMs of [2, 15]) {
  test(`a shared cache that knows all requests after a round, with hits of ${hitMs} ms, is told`, async () => {
    const known = new Set<number>();
    const { pair } = await runPairVirtually({
      base: cachedKeys(takes(20), known, hitMs),
      head: cachedKeys(takes(24), known, hitMs),
      roundMs: 15_000,
      mostRounds: 16,
    });
    expect(pair.verdict.verdict).not.toBe('no difference');
    expect([...pair.verdict.faults, pair.verdict.doubt].join()).toContain('cache');
  });
}

test('a cache of its own that each side has is none', async () => {
  const { pair } = await runPairVirtually({
    base: cached(takes(20), new Set()),
    head: cached(takes(20), new Set()),
    workload: manyUsers,
    // In a control the scripted base would be one process for both places.
    areRestarted: false,
  });
  expect(pair.verdict.faults).toEqual([]);
});

test('a side that does not get through what it is sent is told', async () => {
  const queued = (serviceMs: number): System => {
    let freeAtMs = 0;
    return ({ atMs }, clock) => {
      freeAtMs = Math.max(freeAtMs, atMs) + serviceMs;
      return clock.until(freeAtMs);
    };
  };
  const workload = arrivals({ rate: '60/s', duration: '15s', process: 'constant' });
  const faults = await faultsOf({ base: queued(8), head: queued(60), workload });
  expect(faults[0]).toMatch(/^head does not keep up with its load/);
});

test('two sides that are down are no two that are alike', async () => {
  const faults = await faultsOf({ base: refuses, head: refuses });
  expect(faults[0]).toMatch(/^base is down/);
  expect(faults[1]).toMatch(/^head is down/);
});
