/** The smallest load that exercises every task of a system. */
import { dividedBy, type ThinkTime } from './think-time.ts';
import { users } from './users.ts';
import type { ClosedWorkload } from './workload.ts';

/**
 * 10 users for 8 s who think so many times as fast as they usually do (default 20): too short for every
 * budget, on purpose, and short enough to be measured again where this machine was disturbed.
 */
export function smoke(
  user: { readonly thinkTime: ThinkTime },
  { timesAsFast = 20 } = {},
): ClosedWorkload {
  const thinkTime = dividedBy(user.thinkTime, timesAsFast);
  const workload = users({ count: 10, spawnRate: 10, duration: '8s', thinkTime });
  return { ...workload, isShortened: true, isRepeatable: true };
}
