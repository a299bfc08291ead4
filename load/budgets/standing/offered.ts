/**
 * Whether the planned load was really sent. A system that received less than planned looks faster than it
 * is.
 */
import { windowsMs } from '../../metrics/record/bunching.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import type { PhaseOffer } from '../../metrics/result/generator-totals.ts';
import { judgedPoints, type Plan, type Result } from '../../metrics/result/result.ts';
import { selectSeries, trendOf } from '../../metrics/result/select.ts';

export interface OfferedLoad {
  /** The share of the users' time that was lost to this machine; in an open model, of the arrivals. */
  readonly lostShare: number;
  /** The first phase in which requests were not sent when they came due. */
  readonly smeared: SmearedPhase | undefined;
}

interface SmearedPhase {
  readonly phase: string;
  readonly lagP95Ms: number;
}

/** The least allowed ratio of Σ started² to Σ ready². */
const leastSquareShare = 0.8;
const leastLagMs = 2;
/** A lag below this share of the median service time spreads nothing out. */
const lagShare = 0.2;

export function offeredLoad(result: Result): OfferedLoad {
  return { lostShare: lostShare(result), smeared: smearedPhase(result) };
}

/**
 * The time that requests waited for this machine, and answers to be read by it, as a share of the users'
 * time.
 */
function lostShare(result: Result): number {
  const { plan, generator } = result;
  if (!hasCycles(plan)) return openLostShare(result);
  if (generator.userMs === 0) return 0;
  const lostMs = generator.lagMs + generator.heldMs + stoodAtEndMs(result);
  return Math.min(1, lostMs / generator.userMs);
}

/**
 * A generator that falls behind its arrivals sends at its own pace. With a lag that grows evenly to L
 * over the time T it has sent 1 − L/T of them, and the mean lag is half of L.
 */
function openLostShare({ generator }: Result): number {
  const { lag, durationMs } = generator;
  if (lag.count === 0 || durationMs === 0) return 0;
  return Math.min(1, (2 * (lag.mean / 1000)) / durationMs);
}

/** How long a stall across the end of the judged time had lasted by then. Later intervals show it. */
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

/** Bunched requests count as sent; spread out ones do not. */
function keepsBunches({ ready, started }: PhaseOffer): boolean {
  return windowsMs.every((_, i) => started[i]! >= leastSquareShare * ready[i]!);
}
