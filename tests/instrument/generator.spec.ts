/** What happens to the generator is never charged to the target, and a healthy one is never accused. */
import { expect, test, type TestInfo } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Verdict } from '../../load/budgets/judge.ts';
import { momentText } from '../../load/metrics/figure-text.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { verdictTable } from '../../load/report/text/verdict-table.ts';
import { endChild, messageFrom, startChild } from './child.ts';
import { withServer } from './local-server.ts';
import { percentileMs, type RealOutcome } from './real-load.ts';
import type { BlockedLoad } from './blocked-generator.ts';
import { undisturbedRun } from './undisturbed.ts';

interface Generator {
  readonly pid: number;
}

/** Runs the load in a process of its own; `meanwhile` may do something to it once the load has begun. */
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
    return { result, verdict: judged, text: verdictTable(judged, result) };
  } finally {
    await endChild(child);
  }
}

function textOf({ text }: { readonly text: string }): string {
  return text;
}

function rulesOf({ invalid }: Verdict): string[] {
  return invalid.map(({ rule }) => rule);
}

function longestLoopStall({ generator }: Result) {
  return [...generator.loopStalls].sort((a, b) => b.durationMs - a.durationMs)[0]!;
}

test(
  'a generator busy 9 ms in every 20 ms turns a 5 ms budget invalid',
  { annotation: { type: 'fault', description: '7' } },
  async ({}, testInfo) => {
    const { verdict, text } = await withServer({ answerAfterMs: 1 }, ({ url }) =>
      generate(testInfo, 'busy', {
        url,
        ratePerSecond: 100,
        durationMs: 4000,
        p95LimitMs: 5,
        block: { forMs: 9, everyMs: 20 },
      }),
    );
    expect(verdict.verdict).toBe('invalid');
    expect(rulesOf(verdict)).toContain('loopDelay');
    expect(rulesOf(verdict)).toContain('scheduleLag');
    expect(text).toMatch(/^Invalid instrument: the event loop turned up to /);
    expect(text).toContain('Invalid, no verdict on the target:');
    testInfo.annotations.push({ type: 'busy', description: verdict.invalid.map(textOf).join(' ') });
  },
);

test(
  'a generator without a moment to spare is invalid',
  { annotation: { type: 'fault', description: '7' } },
  async ({}, testInfo) => {
    const { verdict, text } = await withServer({ answerAfterMs: 1 }, ({ url }) =>
      generate(testInfo, 'saturated', {
        // So wide a limit that being late by a block is none of the other rules' business.
        url,
        ratePerSecond: 20,
        durationMs: 4000,
        p95LimitMs: 5000,
        block: { forMs: 24, everyMs: 25 },
      }),
    );
    expect(verdict.verdict).toBe('invalid');
    expect(rulesOf(verdict)).toContain('utilisation');
    expect(verdict.judgements.map(({ status }) => status)).not.toContain('fail');
    expect(text).toContain('the event loop was busy for 90.0 % or more of the time');
  },
);

test(
  'blocked once: 200 ms are flagged, 1.2 s and a stopped process are invalid',
  {
    annotation: [
      { type: 'fault', description: '8' },
      { type: 'fault', description: '13' },
    ],
  },
  async ({}, testInfo) => {
    const load = { ratePerSecond: 50, p95LimitMs: 2000 };
    await withServer({ answerAfterMs: 5 }, async ({ url }) => {
      const blocked = (name: string, durationMs: number, forMs: number) =>
        generate(testInfo, name, { ...load, url, durationMs, block: { atMs: 2500, forMs } });
      const stopped = generate(
        testInfo,
        'stopped',
        { ...load, url, durationMs: 6000 },
        async ({ pid }) => {
          await sleep(1500);
          process.kill(pid, 'SIGSTOP');
          await sleep(3000);
          process.kill(pid, 'SIGCONT');
        },
      );
      const [short, long, gap] = await Promise.all([
        // 200 ms are less than 1 % of 25 s.
        blocked('short', 25_000, 200),
        blocked('long', 5000, 1200),
        stopped,
      ]);
      expectFlagged(short);
      expectInvalid(long, 1200);
      expectInvalid(gap, 3000);
    });
  },
);

function expectFlagged({ result, verdict, text }: RealOutcome): void {
  expect(rulesOf(verdict)).toEqual([]);
  expect(verdict.verdict).toBe('pass');
  const { atMs, durationMs } = longestLoopStall(result);
  expect(Math.abs(durationMs / 200 - 1)).toBeLessThan(0.1);
  expect(verdict.flags.map(({ rule }) => rule)).toContain('loopStall');
  expect(text).toContain(`ms at ${momentText(atMs)}; latencies count from when a request was due`);
  // Some 10 requests fell due while the loop stood still: the first of them waited through most of it,
  // which is in the response time, not in the service time.
  const [response, service] = ['responseTime', 'service'].map((trend) =>
    percentileMs(result, trend, 100),
  ) as [number, number];
  expect(response).toBeGreaterThan(0.6 * durationMs);
  expect(percentileMs(result, 'scheduleLag', 100)).toBeGreaterThan(0.6 * durationMs);
  expect(service).toBeLessThan(response);
}

function expectInvalid({ result, verdict, text }: RealOutcome, forMs: number): void {
  expect(verdict.verdict).toBe('invalid');
  expect(rulesOf(verdict)).toContain('loopStall');
  const { atMs, durationMs } = longestLoopStall(result);
  expect(Math.abs(durationMs / forMs - 1)).toBeLessThan(0.1);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(` at ${momentText(atMs)} (at most 1 s)`);
}

// Scaled: 2 s each where a smoke takes 8 s. bench/undisturbed.ts runs 20 at full length.
test('undisturbed runs of the size of a smoke are not invalid', async ({}, testInfo) => {
  const rules: string[][] = [];
  for (let i = 0; i < 3; i++) rules.push(rulesOf((await undisturbedRun(0.25)).verdict));
  testInfo.annotations.push({ type: 'rules', description: JSON.stringify(rules) });
  expect(rules).toEqual([[], [], []]);
});
