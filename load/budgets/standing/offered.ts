/** Whether the load was really offered: a system that was sent less than was asked for looks faster. */
import { windowsMs } from '../../metrics/record/bunching.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import type { PhaseOffer } from '../../metrics/result/generator-totals.ts';
import type { Plan, Result } from '../../metrics/result/result.ts';
import { selectSeries, trendOf } from '../../metrics/result/select.ts';

export interface OfferedLoad {
  /** The part of the users' time that this machine took from them; 0 in an open model. */
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

/** What requests waited for this machine, and what it held up in flight, over the users' time. */
function lostShare({ plan, generator }: Result): number {
  if (!hasCycles(plan) || generator.userMs === 0) return 0;
  return Math.min(1, (generator.lag.sum / 1000 + generator.heldMs) / generator.userMs);
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
