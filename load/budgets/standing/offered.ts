/** Whether the load was really offered: a system that was sent less than was asked for looks faster. */
import { windowsMs } from '../../metrics/record/bunching.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import type { PhaseOffer } from '../../metrics/result/generator-totals.ts';
import { judgedPoints, type Plan, type Result } from '../../metrics/result/result.ts';
import { selectSeries, trendOf } from '../../metrics/result/select.ts';

export interface OfferedLoad {
  /** The part of the users' time that this machine took from them; of the arrivals in an open model. */
  readonly lostShare: number;
  /** The first phase in which requests did not go out as they came due. */
  readonly smeared: SmearedPhase | undefined;
}

interface SmearedPhase {
  readonly phase: string;
  readonly lagP95Ms: number;
}

/** Σ started² may be so much less than Σ ready². */
const leastSquareShare = 0.8;
const leastLagMs = 2;
/** A lag of so much of the median service time smears nothing. */
const lagShare = 0.2;

export function offeredLoad(result: Result): OfferedLoad {
  return { lostShare: lostShare(result), smeared: smearedPhase(result) };
}

/** What requests waited for this machine, and their answers to be read by it, over the users' time. */
function lostShare(result: Result): number {
  const { plan, generator } = result;
  if (!hasCycles(plan)) return openLostShare(result);
  if (generator.userMs === 0) return 0;
  const lostMs = generator.lagMs + generator.heldMs + stoodAtEndMs(result);
  return Math.min(1, lostMs / generator.userMs);
}

/**
 * A generator that falls behind its arrivals sends them at its own pace: with a lag that grows evenly to L
 * over the time T it has sent 1 − L/T of them, and the mean lag is half of L.
 */
function openLostShare({ generator }: Result): number {
  const { lag, durationMs } = generator;
  if (lag.count === 0 || durationMs === 0) return 0;
  return Math.min(1, (2 * (lag.mean / 1000)) / durationMs);
}

/** A stall across the end of the judged time is told in what comes after. */
function stoodAtEndMs(result: Result): number {
  const last = judgedPoints(result).at(-1);
  if (last === undefined) return 0;
  const across = result.loopStalls.filter(
    ({ atMs, durationMs }) => atMs < last.endMs && atMs + durationMs > last.endMs,
  );
  const users = last.users;
  return across.reduce((sum, { atMs }) => sum + users * (last.endMs - atMs), 0);
}

function hasCycles({ streams }: Plan): boolean {
  return streams[0]?.workload['model'] !== 'open';
}

function smearedPhase(result: Result): SmearedPhase | undefined {
  const service = trendOf(selectSeries(result), 'service');
  const medianMs = service.count === 0 ? 0 : statisticOf(service, 'p50', service.count) / 1000;
  const mostMs = Math.max(leastLagMs, lagShare * medianMs);
  for (const [index, offer] of result.generator.offers) {
    const { count } = offer.lag;
    const lagP95Ms = count === 0 ? 0 : statisticOf(offer.lag, 'p95', count) / 1000;
    if (keepsBunches(offer) || lagP95Ms <= mostMs) continue;
    const phase = result.plan.streams[0]?.phases[index]?.name ?? 'judged time';
    return { phase, lagP95Ms };
  }
  return undefined;
}

/** Bunched is offered; smeared out is not. */
function keepsBunches({ ready, started }: PhaseOffer): boolean {
  return windowsMs.every((_, i) => started[i]! >= leastSquareShare * ready[i]!);
}
