/** The part of the timeline that budgets judge. */
import { isJudged, type Result } from '../metrics/result/result.ts';
import type { TimelinePoint } from '../metrics/result/timeline.ts';

export function judgedPoints(result: Result): readonly TimelinePoint[] {
  return result.timeline.filter((point) => isJudged(result.plan, 0, point.phases[0]));
}
