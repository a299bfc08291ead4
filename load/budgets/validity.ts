/**
 * Whether the instrument can be trusted in this run. What is found here is this machine's doing and is
 * never charged to the target: an invalid run says nothing about it.
 */
import { formatMs } from '../platform/duration.ts';
import { saturatedUtilisation } from '../metrics/result/generator-totals.ts';
import { beatMs } from '../metrics/record/loop-watch.ts';
import { quantileInterval, statisticOf } from '../metrics/percentile.ts';
import type { Histogram } from '../metrics/histogram.ts';
import { isJudged, type Result } from '../metrics/result/result.ts';
import { errorsIn } from '../metrics/result/select.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { accountingFindings, brokenOffFinding } from './accounting.ts';
import { tightestLatencyMs } from './defaults.ts';
import { momentText, shareText } from '../metrics/figure-text.ts';
import { noFindings, only, type Finding, type Findings, type ValidityRule } from './finding.ts';
import { littlesLaw, requestsPerUserNeeded, type LittlesLaw } from './littles-law.ts';

export interface InstrumentCheck extends Findings {
  /** Shown always, where it can be computed. */
  readonly littlesLaw: LittlesLaw | undefined;
}

type GeneratorResult = Pick<Result, 'plan' | 'generator' | 'timeline'>;

const relief = 'run fewer users, spread them over several machines, or use a faster, quieter one';
const maxFlaggedStalls = 5;

/** Applies every rule of `invalid` to the judged phases. Without findings the verdict is the budgets'. */
export function checkInstrument(result: Result): InstrumentCheck {
  const law = littlesLaw(result);
  const checks: readonly Findings[] = [
    brokenOffFinding(result),
    sliceFindings(result) ?? checkGenerator(result),
    checkGeneratorErrors(result),
    accountingFindings(result),
    checkLittlesLaw(law),
  ];
  return {
    invalid: checks.flatMap(({ invalid }) => invalid),
    flags: checks.flatMap(({ flags }) => flags),
    littlesLaw: law,
  };
}

/** The rules on one process that sends load: its event loop, and whether it starts requests in time. */
export function checkGenerator(result: GeneratorResult): Findings {
  const checks = [checkUtilisation, checkLoopDelay, checkLoopStalls, checkScheduleLag];
  const found = checks.map((check) => check(result));
  return {
    invalid: found.flatMap(({ invalid }) => invalid),
    flags: found.flatMap(({ flags }) => flags),
  };
}

/** In a merged log each slice was judged by itself, as each has a loop of its own. */
function sliceFindings({ end }: Result): Findings | undefined {
  if (end?.slices === undefined) return undefined;
  const { invalid, flags } = end.slices;
  const asFinding = (one: SliceFinding): Finding => ({ ...one, rule: one.rule as ValidityRule });
  return { invalid: invalid.map(asFinding), flags: flags.map(asFinding) };
}

/** How much later than asked the loop may turn, at p99: min(100 ms, max(2 ms, 20 % of the limit)). */
export function loopDelayLimitMs(tightestMs: number): number {
  return Math.min(100, Math.max(2, tightestMs / 5));
}

/** How much later than due a request may start, at p99: min(50 ms, max(2 ms, 10 % of the limit)). */
export function scheduleLagLimitMs(tightestMs: number): number {
  return Math.min(50, Math.max(2, tightestMs / 10));
}

function checkUtilisation({ plan, generator, timeline }: GeneratorResult): Findings {
  const { intervals, saturatedIntervals } = generator;
  if (saturatedIntervals === 0) return noFindings;
  const observed = saturatedIntervals / intervals;
  const first = timeline.find(
    (point) =>
      isJudged(plan, 0, point.phases[0]) && point.generator.utilisation >= saturatedUtilisation,
  );
  const finding: Finding = {
    rule: 'utilisation',
    observed,
    limit: 0.1,
    atMs: first?.startMs,
    text:
      `the event loop was busy for ${shareText(saturatedUtilisation)} or more of the time in ` +
      `${saturatedIntervals} of ${intervals} intervals (${shareText(observed)}; at most 10 %), ` +
      `first at ${momentText(first?.startMs ?? 0)}: ${relief}`,
  };
  return observed > 0.1 ? only('invalid', finding) : only('flags', finding);
}

function checkLoopDelay({ plan, generator }: GeneratorResult): Findings {
  const limit = loopDelayLimitMs(tightestLatencyMs(plan.budgets));
  const observed = p99Ms(generator.loopDelay);
  if (generator.intervals > 0 && generator.loopDelay.count === 0) {
    const text = 'the delay of the event loop was not recorded: nothing vouches for this machine';
    return only('flags', { rule: 'loopDelay', observed: NaN, limit, text });
  }
  if (!(observed > limit)) return noFindings;
  const text =
    `the event loop turned up to ${formatMs(observed)} late (p99; at most ${formatMs(limit)}, ` +
    `from the tightest latency limit): ${relief}`;
  const finding: Finding = { rule: 'loopDelay', observed, limit, text };
  return only(isCertainlyLate(generator.loopDelay, limit) ? 'invalid' : 'flags', finding);
}

/**
 * Whether the loop is later than the limit for more than 1 % of the time beyond chance: in a few seconds
 * a handful of late turns is 1 %. Each turn has the weight of the time until it (ms); as a compound
 * Poisson sum their weight W above the limit has the variance Σ w², and the 95 % interval of W must lie
 * above 1 % (Feller, "Probability Theory" I, XII.2).
 */
function isCertainlyLate(loopDelay: Histogram, limitMs: number): boolean {
  let weight = 0;
  let variance = 0;
  for (const [delayUs, count] of loopDelay.buckets()) {
    if (delayUs / 1000 <= limitMs) continue;
    weight += count;
    variance += count * (delayUs / 1000 + beatMs);
  }
  return weight - 1.96 * Math.sqrt(variance) > loopDelay.count / 100;
}

function checkLoopStalls({ generator }: GeneratorResult): Findings {
  const { loopStalls, durationMs } = generator;
  const invalid: Finding[] = [];
  const [longest] = [...loopStalls].sort((a, b) => b.durationMs - a.durationMs);
  if (longest === undefined) return noFindings;
  if (longest.durationMs > 1000) {
    const text =
      `the event loop stood still for ${formatMs(longest.durationMs)} ` +
      `at ${momentText(longest.atMs)} (at most 1 s): ${relief}`;
    const { atMs, durationMs: observed } = longest;
    invalid.push({ rule: 'loopStall', observed, limit: 1000, text, atMs });
  }
  const stoodMs = loopStalls.reduce((sum, stall) => sum + stall.durationMs, 0);
  if (stoodMs > durationMs / 100) {
    const observed = stoodMs / durationMs;
    const text =
      `the event loop stood still for ${formatMs(stoodMs)} in all (spans of more than 100 ms: ` +
      `${loopStalls.length}): ${shareText(observed)} of the time (at most 1 %): ${relief}`;
    invalid.push({ rule: 'loopStalls', observed, limit: 0.01, text, atMs: loopStalls[0]?.atMs });
  }
  const smaller = loopStalls.filter((stall) => stall.durationMs <= 1000);
  const flags = smaller
    .slice(0, maxFlaggedStalls)
    .map((stall, i) => flaggedStall(stall, i, smaller));
  return { invalid, flags };
}

function flaggedStall(
  { atMs, durationMs }: { atMs: number; durationMs: number },
  index: number,
  all: readonly unknown[],
): Finding {
  const more = all.length - maxFlaggedStalls;
  const isLast = index === maxFlaggedStalls - 1 && more > 0;
  const text =
    `the event loop stood still for ${formatMs(durationMs)} at ${momentText(atMs)}; latencies ` +
    `count from when a request was due${isLast ? ` (and ${more} more such spans)` : ''}`;
  return { rule: 'loopStall', observed: durationMs, limit: 100, text, atMs };
}

function checkScheduleLag({ plan, generator }: GeneratorResult): Findings {
  const limit = scheduleLagLimitMs(tightestLatencyMs(plan.budgets));
  const observed = p99Ms(generator.lag);
  if (!(observed > limit)) return noFindings;
  // The p99 of a few hundred requests is the tail of five: invalid is what can be no accident.
  const [atLeast] = quantileInterval(generator.lag, 0.99, generator.lag.count);
  const text =
    `this machine started requests up to ${formatMs(observed)} after they were due (p99; at most ` +
    `${formatMs(limit)}, from the tightest latency limit): ${relief}`;
  const finding: Finding = { rule: 'scheduleLag', observed, limit, text };
  return only(atLeast / 1000 > limit ? 'invalid' : 'flags', finding);
}

function checkGeneratorErrors({ series }: Result): Findings {
  const error = errorsIn(series).find(({ kind }) => kind === 'generator');
  if (error === undefined) return noFindings;
  const text =
    `this machine could not open ${error.count} of its connections, first at ` +
    `${momentText(error.firstMs)} (${error.sample}): raise the limit of descriptors (ulimit -n) ` +
    `or of local ports, share connections, or spread the load over slices`;
  const { count: observed, firstMs: atMs } = error;
  return only('invalid', { rule: 'generatorErrors', observed, limit: 0, text, atMs });
}

function checkLittlesLaw(law: LittlesLaw | undefined): Findings {
  if (law === undefined || !(law.requestsPerUser >= requestsPerUserNeeded)) {
    return noFindings;
  }
  // Beyond what sampling explains: at 0.1 requests in flight even a perfect instrument is 15 % off now
  // and then, and a healthy one must not be called invalid.
  const observed = law.deviation;
  const proven = observed - law.samplingError;
  if (!(proven > 0.05)) return noFindings;
  const limit = proven > 0.15 ? 0.15 : 0.05;
  const text =
    `Little's law is off by ${shareText(observed)} (at most ${shareText(limit)}): ` +
    `${law.sampledInFlight.toFixed(2)} requests in flight as sampled, ` +
    `${law.computedInFlight.toFixed(2)} by throughput × time: times or counts are wrong; ` +
    `rerun on another machine, and report it if it stays`;
  return only(proven > 0.15 ? 'invalid' : 'flags', { rule: 'littlesLaw', observed, limit, text });
}

function p99Ms(histogram: Histogram): number {
  return statisticOf(histogram, 'p99', histogram.count) / 1000;
}
