/** The smallest load that exercises every task of a system. */
import { dividedBy, type ThinkTime } from '../think-time.ts';
import { users } from './users.ts';
import type { ClosedWorkload } from './workload.ts';

/**
 * 10 users for 8 s who think twenty times as fast: too short for every budget, on purpose, and short
 * enough to be measured again where this machine was disturbed.
 */
export function smoke(user: { readonly thinkTime: ThinkTime }): ClosedWorkload {
  const thinkTime = dividedBy(user.thinkTime, 20);
  const workload = users({ count: 10, spawnRate: 10, duration: '8s', thinkTime });
  return { ...workload, isShortened: true, isRepeatable: true };
}
