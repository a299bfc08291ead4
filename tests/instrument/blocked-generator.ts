/**
 * A load generator in a separate process whose event loop is blocked on purpose. Runs the load in its
 * argument, sends `{ started: true }` when it begins and the verdict at its end. The test reads the
 * interval log.
 */
import { arrivals } from '../../load/workload/arrivals.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { runForReal } from './real-load.ts';

export interface BlockedLoad {
  readonly url: string;
  readonly logPath: string;
  /** Open model: arrivals per second. */
  readonly ratePerSecond?: number;
  /** Closed model: users that come back after 50 ms. */
  readonly users?: number;
  readonly durationMs: number;
  /** Limit on p95. */
  readonly p95LimitMs: number;
  /** The loop is blocked for `forMs`: once at `atMs`, or repeatedly. */
  readonly block?: { readonly forMs: number; readonly atMs?: number; readonly everyMs?: number };
}

const load = JSON.parse(process.argv[2] ?? '') as BlockedLoad;

function hold(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

function startBlocking({ forMs, atMs, everyMs }: NonNullable<BlockedLoad['block']>): void {
  if (atMs !== undefined) setTimeout(hold, atMs, forMs);
  if (everyMs === undefined) return;
  // At fixed times; a timer that counted from the end of each block would fire less often.
  const firstMs = performance.now();
  const next = (n: number): void => {
    hold(forMs);
    const dueMs = firstMs + (n + 1) * everyMs;
    setTimeout(next, Math.max(0, dueMs - performance.now()), n + 1);
  };
  next(0);
}

function workloadOf({ ratePerSecond, users: count, durationMs: duration }: BlockedLoad): Workload {
  if (count !== undefined) {
    return users({ count, spawnRate: 1000, duration, thinkTime: constant('50ms') });
  }
  // Poisson, since regular arrivals could always fall between the blocks.
  return arrivals({ rate: ratePerSecond ?? 1, duration, process: 'poisson' });
}

process.on('disconnect', () => process.exit());
const { verdict } = await runForReal({
  url: load.url,
  logPath: load.logPath,
  workload: workloadOf(load),
  budgets: { p95: `< ${load.p95LimitMs} ms` },
  during: () => {
    if (load.block !== undefined) startBlocking(load.block);
    process.send?.({ started: true });
  },
});
process.send?.({ verdict: verdict.verdict });
