/** Disturbances of the generator never count against the target, and never hide the target's faults. */
import { expect, test, type TestInfo } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, judgeBudget, type Judgement, type Verdict } from '../../load/budgets/judge.ts';
import { parseBudget } from '../../load/budgets/parse.ts';
import { momentText } from '../../load/metrics/figure-text.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { verdictTable } from '../../load/report/text/verdict-table.ts';
import { fault } from '../faults/fault-matrix.ts';
import { endChild, messageFrom, startChild } from './child.ts';
import { withServer, withServers } from './local-server.ts';
import { percentileMs, type RealOutcome } from './real-load.ts';
import type { BlockedLoad } from './blocked-generator.ts';
import type { ServerScript } from './scripted-server.ts';
import { smokeOfHealthAgent } from './smoke-run.ts';

interface Generator {
  readonly pid: number;
}

/** Runs the load in a separate process; `meanwhile` may disturb it after the load has begun. */
async function generate(
  testInfo: TestInfo,
  name: string,
  load: Omit<BlockedLoad, 'logPath'>,
  meanwhile: (generator: Generator) => Promise<void> = () => Promise.resolve(),
): Promise<RealOutcome> {
  const logPath = testInfo.outputPath(`${name}.ndjson`);
  const child = startChild('./blocked-generator.ts', { ...load, logPath });
  try {
    await messageFrom(child);
    await meanwhile({ pid: child.pid! });
    const { verdict } = await messageFrom<{ verdict: string }>(child);
    const result = await readResult(logPath);
    const judged = judge(result);
    expect(judged.verdict).toBe(verdict);
    const text = verdictTable(judged, result);
    const { p99Ms, lostShare } = judged.lateness;
    const description = `${name}: ${p99Ms} ms late at p99, ${lostShare} of the load not sent`;
    testInfo.annotations.push({ type: 'lateness', description });
    return { result, verdict: judged, text };
  } finally {
    await endChild(child);
  }
}

/** Stops the process for this long, like a suspended machine. */
function stopAt(atMs: number, forMs: number): (generator: Generator) => Promise<void> {
  return async ({ pid }) => {
    await sleep(atMs);
    process.kill(pid, 'SIGSTOP');
    await sleep(forMs);
    process.kill(pid, 'SIGCONT');
  };
}

function rowOf({ judgements }: Verdict, name: string): Judgement | undefined {
  return judgements.find((one) => one.name === name);
}

function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function flagsOf({ flags }: Verdict): string[] {
  return flags.map(({ rule }) => rule);
}

/** An additional row over the same load. */
function statusOf(result: Result, key: string, limit: string): string {
  return judgeBudget(result, parseBudget({ key, limit }, {})).status;
}

/** Whatever else this machine does: the row is met if that leaves enough room, and is never broken. */
function expectMet({ verdict, text }: RealOutcome, p95LimitMs: number): void {
  const { status, value } = rowOf(verdict, 'p95')!;
  expect(status, text).toBe(value! < p95LimitMs ? 'pass' : 'undecided');
  expect(verdict.verdict, text).toBe(status === 'pass' ? 'pass' : 'invalid');
}

/** If the target may not be the cause, the row is undecided, and never met. */
function expectRed({ verdict, text }: RealOutcome, name: string, isCertain: boolean): void {
  const { status } = rowOf(verdict, name)!;
  expect(isCertain ? ['fail'] : ['fail', 'undecided'], text).toContain(status);
  expect(status === 'fail' ? ['fail'] : ['fail', 'invalid'], text).toContain(verdict.verdict);
}

/**
 * A burst of requests from a late machine may be refused by a good system, so if other work held this
 * machine up, too, many refusals are doubtful.
 */
function expectOutage(outcome: RealOutcome): void {
  const { lag } = outcome.result.generator;
  expectRed(outcome, 'errorRate', lag.countFrom(2000) < 0.45 * lag.count);
}

const arriving = { ratePerSecond: 100, durationMs: 4000 };

test.describe('a generator that is busy 9 ms in every 20 ms', () => {
  const block = { forMs: 9, everyMs: 20 };
  const busy = (testInfo: TestInfo, server: ServerScript, p95LimitMs: number) =>
    withServer(server, ({ url }) =>
      generate(testInfo, 'busy', { ...arriving, url, p95LimitMs, block }),
    );

  test(
    'does not decide a budget of 5 ms on a server of 1 ms',
    { annotation: fault(7) },
    async ({}, testInfo) => {
      const { verdict, text } = await busy(testInfo, { answerAfterMs: 1 }, 5);
      expect(verdict.verdict, text).toBe('invalid');
      expect(verdict.invalid).toEqual([]);
      expect(rowOf(verdict, 'p95')).toMatchObject({
        status: 'undecided',
        doubt: { cause: 'late' },
      });
      expect(flagsOf(verdict)).toEqual(expect.arrayContaining(['loopDelay', 'generatorLag']));
      expect(unwrapped(text)).toMatch(
        /^Invalid instrument: p95 .*, but this machine was up to .* late, /,
      );
    },
  );

  test('meets a budget of 100 ms on that server', async ({}, testInfo) => {
    expectMet(await busy(testInfo, { answerAfterMs: 1 }, 100), 100);
  });

  test('breaks a budget of 5 ms on a server of 300 ms', async ({}, testInfo) => {
    const outcome = await busy(testInfo, { answerAfterMs: 300 }, 5);
    const { lag, loopDelay } = outcome.result.generator;
    // If this machine was never late enough, at either end of a request, to explain all of it.
    const isCertain = 5 + (2 * Math.max(lag.max, loopDelay.max)) / 1000 < 300;
    expectRed(outcome, 'p95', isCertain);
  });

  test('is red where 503 is all that comes after 20 answers', async ({}, testInfo) => {
    const outage: ServerScript = { answerAfterMs: 1, turnsBad: { after: 20, into: 503 } };
    expectOutage(await busy(testInfo, outage, 100));
  });

  test('is red where 401 is all that comes after 20 answers', async ({}, testInfo) => {
    const refusal: ServerScript = { answerAfterMs: 1, turnsBad: { after: 20, into: 401 } };
    const { verdict, text } = await busy(testInfo, refusal, 100);
    // A verdict that no burst of requests can cause is certain on any machine.
    expect([verdict.verdict, rowOf(verdict, 'errorRate')?.status], text).toEqual(['fail', 'fail']);
  });
});

test('503 on everything after 20 answers is red', async ({}, testInfo) => {
  const outage: ServerScript = { answerAfterMs: 1, turnsBad: { after: 20, into: 503 } };
  const load = { ...arriving, p95LimitMs: 100 };
  expectOutage(
    await withServer(outage, ({ url }) => generate(testInfo, 'outage', { ...load, url })),
  );
});

test(
  'a generator that is held 14 ms in every 30 ms meets a budget with ample room, and says that it was late',
  { annotation: fault(56) },
  async ({}, testInfo) => {
    const load = { ...arriving, p95LimitMs: 100, block: { forMs: 14, everyMs: 30 } };
    const outcome = await withServer({ answerAfterMs: 1 }, ({ url }) =>
      generate(testInfo, 'late', { ...load, url }),
    );
    expectMet(outcome, 100);
    expect(outcome.verdict.lateness.p99Ms).toBeGreaterThan(12);
    expect(flagsOf(outcome.verdict)).toContain('generatorLag');
    expect(unwrapped(outcome.text)).toMatch(/ this machine was up to [\d.]+ m?s late/);
  },
);

test(
  'a generator without a moment to spare does not send the load, and decides no row that it would meet',
  { annotation: fault(7) },
  async ({}, testInfo) => {
    const { verdict, text } = await withServer({ answerAfterMs: 1 }, ({ url }) =>
      generate(testInfo, 'saturated', {
        // The limit is so wide that a delay by a block does not matter.
        url,
        users: 20,
        durationMs: 4000,
        p95LimitMs: 5000,
        block: { forMs: 24, everyMs: 25 },
      }),
    );
    expect(verdict.verdict, text).toBe('invalid');
    expect(rowOf(verdict, 'p95')).toMatchObject({
      status: 'undecided',
      doubt: { cause: 'notOffered' },
    });
    expect(verdict.judgements.map(({ status }) => status)).not.toContain('fail');
    expect(flagsOf(verdict)).toContain('utilisation');
    expect(unwrapped(text)).toMatch(
      /^Invalid instrument: this machine was late, so its users made only [\d.]+ % of the load, /,
    );
    expect(text).toContain('the event loop was busy for 90.0 % or more of the time');
  },
);

test.describe('held up once', () => {
  const load = { ratePerSecond: 50, p95LimitMs: 2000 };
  const outage: ServerScript = { answerAfterMs: 5, turnsBad: { after: 20, into: 503 } };
  let outcomes: Promise<readonly [RealOutcome, RealOutcome, RealOutcome, RealOutcome]>;

  // All at once, since they wait for most of their half a minute.
  test.beforeAll(async ({}, testInfo) => {
    testInfo.setTimeout(120_000);
    outcomes = withServers([{ answerAfterMs: 5 }, outage], ([good, bad]) => {
      const url = good!.url;
      const blocked = (name: string, forMs: number) =>
        generate(testInfo, name, {
          ...load,
          url,
          durationMs: 25_000,
          block: { atMs: 2500, forMs },
        });
      const stopped = { ...load, url, durationMs: 30_000 };
      const held = { ...stopped, url: bad!.url, block: { forMs: 9, everyMs: 20 } };
      return Promise.all([
        blocked('short', 200),
        blocked('long', 1200),
        generate(testInfo, 'stopped', stopped, stopAt(12_000, 3000)),
        generate(testInfo, 'outage', held, stopAt(12_000, 3000)),
      ]);
    });
    await outcomes;
  });

  test(
    'for 200 ms, for 1.2 s, or stopped for 3 s: flagged, and only rows that it may have broken are open',
    {
      annotation: [fault(8), fault(13)],
    },
    async () => {
      const [short, long, gap] = await outcomes;
      expectStall(short, 200);
      expectStall(long, 1200);
      expectStall(gap, 3000);
      for (const outcome of [short, long, gap]) expectMet(outcome, load.p95LimitMs);
      // 5 % and 10 % of its time; anything above these limits is not the server's doing.
      expect(statusOf(long.result, 'p99', '< 100 ms')).toBe('undecided');
      expect(statusOf(gap.result, 'p95', '< 100 ms')).toBe('undecided');
    },
  );

  test(
    'stopped for 3 s, and held 9 of every 20 ms: an outage is red all the same',
    {
      annotation: [fault(13), fault(55)],
    },
    async () => {
      const [, , , outcome] = await outcomes;
      expectOutage(outcome);
      expectStallFlag(outcome, 3000);
    },
  );
});

/** Reported with its time, and included in latencies. */
function expectStall(outcome: RealOutcome, forMs: number): void {
  const { result, verdict } = outcome;
  expect(verdict.invalid).toEqual([]);
  expectStallFlag(outcome, forMs);
  // Requests were due while the loop stood still. The first waited through most of it, which is part of
  // the response time but not of the service time.
  expect(percentileMs(result, 'responseTime', 100)).toBeGreaterThan(0.6 * forMs);
  expect(percentileMs(result, 'scheduleLag', 100)).toBeGreaterThan(0.6 * forMs);
}

/** The caused stall is the longest, or a longer one is reported, too. */
function expectStallFlag({ verdict, text }: RealOutcome, forMs: number): void {
  const flag = verdict.flags.find(
    ({ rule, observed = 0 }) => rule === 'loopStall' && observed > 0.9 * forMs,
  );
  expect(flag, text).toBeDefined();
  expect(unwrapped(text)).toContain(` at ${momentText(flag!.atMs!)}`);
}

// Scaled: 2 s each where a smoke takes 8 s.
test('the smoke of a healthy system: no row with ample room is open by lateness', async ({}, testInfo) => {
  for (let i = 0; i < 3; i++) {
    const { verdict, text } = await smokeOfHealthAgent(0.25);
    const { p99Ms, lostShare } = verdict.lateness;
    const description = `${p99Ms} ms late at p99, ${lostShare} of the load not sent`;
    testInfo.annotations.push({ type: 'lateness', description });
    expect(verdict.invalid, text).toEqual([]);
    for (const { name, status, doubt } of verdict.judgements) {
      // A machine without any CPU time has shown nothing about the target.
      const isOpen = doubt?.cause === 'notOffered' && lostShare > doubt.limit;
      const expected = isOpen ? ['undecided'] : ['pass', 'not-judged'];
      expect(expected, `${name}: ${text}`).toContain(status);
    }
  }
});
