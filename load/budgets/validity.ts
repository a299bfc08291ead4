/**
 * Validity of the whole run. The *instrument* is the load generator: the process on this machine that
 * sends the load and measures it. This file finds what makes a run invalid (requests that were lost or invented,
 * sockets that this machine could not open, a missing slice) and disturbances that are only reported,
 * with their times. Neither counts against the target. Whether single rows of the verdict are valid on a
 * late machine is decided in standing/standing.ts.
 */
import { formatMs } from '../platform/duration.ts';
import { stallMs } from '../metrics/record/loop-watch.ts';
import { saturatedUtilisation } from '../metrics/result/generator-totals.ts';
import { statisticOf } from '../metrics/percentile.ts';
import type { Histogram } from '../metrics/histogram.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { isJudged, judgedPoints, type Result } from '../metrics/result/result.ts';
import { errorsIn, outcomesOf, selectSeries } from '../metrics/result/select.ts';
import type { SliceFinding } from '../metrics/log/slices-in-log.ts';
import { accountingFaults, brokenOffFault } from './accounting.ts';
import { tightestLatencyMs } from './defaults.ts';
import { figureBesideLimit, momentText, shareText } from '../metrics/figure-text.ts';
import {
  noFaults,
  only,
  type InstrumentFault,
  type InstrumentFaults,
  type ValidityRule,
} from './instrument-fault.ts';
import { littlesLaw, requestsPerUserNeeded, type LittlesLaw } from './littles-law.ts';
import { counted } from '../platform/words.ts';

export interface InstrumentCheck extends InstrumentFaults {
  /** Shown whenever it can be computed. */
  readonly littlesLaw: LittlesLaw | undefined;
}

type GeneratorResult = Pick<Result, 'plan' | 'generator' | 'timeline'>;

/** Reported above these limits, or invalid where it says so. */
const limits = {
  /** Requests for which this machine could open or use no connection. A single one makes the run invalid. */
  generatorErrors: 0,
  /** A longer delay of the event loop is a stall. */
  stallMs,
  /** Share of the time in which the loop was saturated. */
  saturatedTime: 0.1,
  /** Lag at p99, as a share of the tightest latency limit. */
  lagOfLimit: 0.1,
  /** Delay of the event loop at p99, as a share of the tightest latency limit. */
  delayOfLimit: 0.2,
  /** Deviation from Little's law above its sampling error: from here it is reported, or the run is invalid. */
  littlesLaw: 0.05,
  littlesLawInvalid: 0.15,
} as const;
const maxFlaggedStalls = 5;
const relief = 'run fewer users, use more slices, or a quieter machine';

export function checkInstrument(result: Result): InstrumentCheck {
  const law = littlesLaw(result);
  const checks: readonly InstrumentFaults[] = [
    brokenOffFault(result),
    sliceFaults(result) ?? { ...noFaults, flags: generatorFlags(result) },
    checkGeneratorErrors(result),
    checkStarted(result),
    accountingFaults(result),
    checkLittlesLaw(law),
  ];
  return {
    invalid: checks.flatMap(({ invalid }) => invalid),
    flags: checks.flatMap(({ flags }) => flags),
    littlesLaw: law,
  };
}

/** Disturbances of one process that sends load: its event loop, and how late it started requests. */
export function generatorFlags(result: GeneratorResult): readonly InstrumentFault[] {
  return [utilisationFlag, delayFlag, stallFlags, lagFlag].flatMap((flags) => flags(result) ?? []);
}

/** In a merged log each slice was checked separately, since each has its own event loop. */
function sliceFaults({ end }: Result): InstrumentFaults | undefined {
  if (end?.slices === undefined) return undefined;
  const { invalid, flags } = end.slices;
  const asFault = (one: SliceFinding): InstrumentFault => ({
    ...one,
    rule: one.rule as ValidityRule,
  });
  return { invalid: invalid.map(asFault), flags: flags.map(asFault) };
}

function utilisationFlag({ plan, generator, timeline }: GeneratorResult) {
  const { intervals, saturatedIntervals } = generator;
  const observed = intervals === 0 ? 0 : saturatedIntervals / intervals;
  if (observed <= limits.saturatedTime) return undefined;
  const first = timeline.find(
    (point) =>
      isJudged(plan, 0, point.phases[0]) && point.generator.utilisation >= saturatedUtilisation,
  );
  const text =
    `the event loop was busy for ${shareText(saturatedUtilisation)} or more of the time in ` +
    `${saturatedIntervals} of ${intervals} intervals, first at ${momentText(first?.startMs ?? 0)}`;
  const rule: ValidityRule = 'utilisation';
  return { rule, observed, limit: limits.saturatedTime, atMs: first?.startMs, text };
}

function delayFlag({ plan, generator }: GeneratorResult): InstrumentFault | undefined {
  const limit = limits.delayOfLimit * tightestLatencyMs(plan.budgets);
  const observed = p99Ms(generator.loopDelay);
  if (generator.intervals > 0 && generator.loopDelay.count === 0) {
    const text =
      'the delay of the event loop was not recorded: nothing shows that this machine was in time';
    return { rule: 'loopDelay', limit, text };
  }
  if (observed === undefined || observed <= limit) return undefined;
  const text = `the delay of the event loop was ${formatMs(observed)} at p99`;
  return { rule: 'loopDelay', observed, limit, text };
}

function lagFlag({ plan, generator }: GeneratorResult): InstrumentFault | undefined {
  const limit = limits.lagOfLimit * tightestLatencyMs(plan.budgets);
  const observed = p99Ms(generator.lag);
  if (observed === undefined || observed <= limit) return undefined;
  const text =
    `the lag of requests was ${formatMs(observed)} at p99: this machine sent them so long after they were ` +
    'due and a user was free';
  return { rule: 'generatorLag', observed, limit, text };
}

/** The longest stalls are listed, so that a gap of seconds is seen even after many short ones. */
function stallFlags({ generator: { loopStalls } }: GeneratorResult): InstrumentFault[] {
  const more = loopStalls.length - maxFlaggedStalls;
  const longest = [...loopStalls]
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, maxFlaggedStalls)
    .sort((a, b) => a.atMs - b.atMs);
  return longest.map(({ atMs, durationMs: observed }, i) => {
    const also = i === maxFlaggedStalls - 1 && more > 0 ? ` (and ${more} shorter ones)` : '';
    const text = `the event loop stood still for ${formatMs(observed)} at ${momentText(atMs)}${also}`;
    return { rule: 'loopStall', observed, limit: limits.stallMs, text, atMs };
  });
}

/** If all due requests were cut off with the load and none was sent, the run says nothing of the target. */
function checkStarted(result: Result): InstrumentFaults {
  const outcomes = outcomesOf(selectSeries(result));
  const due = scheduledOf(outcomes);
  const sent = judgedPoints(result).reduce((sum, point) => sum + point.sent, 0);
  const isCutShort = result.end?.cause === 'interrupted';
  if (due === 0 || sent > 0 || isCutShort || outcomes.interrupted !== due) return noFaults;
  const were = due === 1 ? 'was' : 'were';
  const text = `${counted(due, 'request')} ${were} due, and this machine started none: ${relief}`;
  return only('invalid', { rule: 'notStarted', observed: 0, limit: due, text });
}

function checkGeneratorErrors({ series }: Result): InstrumentFaults {
  const error = errorsIn(series).find(({ kind }) => kind === 'generator');
  if (error === undefined) return noFaults;
  const text =
    `this machine could not open ${error.count} of its connections, first at ` +
    `${momentText(error.firstMs)} (${error.sample}): raise the limit of descriptors (ulimit -n) ` +
    `or of local ports, share connections, or spread the load over slices; where a host was refused, ` +
    `allow it by LOAD_ALLOW_HOSTS`;
  const { count: observed, firstMs: atMs } = error;
  return only('invalid', {
    rule: 'generatorErrors',
    observed,
    limit: limits.generatorErrors,
    text,
    atMs,
  });
}

function checkLittlesLaw(law: LittlesLaw | undefined): InstrumentFaults {
  if (law === undefined || !(law.requestsPerUser >= requestsPerUserNeeded)) {
    return noFaults;
  }
  // Only a deviation above the sampling error counts: at 0.1 requests in flight a perfect generator is
  // sometimes 15 % off, and must not be called invalid.
  const observed = law.deviation;
  const proven = observed - law.samplingError;
  if (!(proven > limits.littlesLaw)) return noFaults;
  const isSpoiled = proven > limits.littlesLawInvalid;
  const limit = isSpoiled ? limits.littlesLawInvalid : limits.littlesLaw;
  const text =
    `Little's law is off by ${figureBesideLimit(observed, limit, 'share')} (at most ${shareText(limit)}): ` +
    `${law.sampledInFlight.toFixed(2)} requests in flight as sampled, ` +
    `${law.computedInFlight.toFixed(2)} by throughput × time: times or counts are wrong; ` +
    `rerun on another machine, and report it if it happens again`;
  return only(isSpoiled ? 'invalid' : 'flags', { rule: 'littlesLaw', observed, limit, text });
}

function p99Ms(histogram: Histogram): number | undefined {
  if (histogram.count === 0) return undefined;
  return statisticOf(histogram, 'p99', histogram.count) / 1000;
}
