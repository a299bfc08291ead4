/** Workloads of a constant number of users, started one after another, each at work until the end. */
import { formatMs, type DurationText, type RateText } from '../platform/duration.ts';
import { counted } from '../platform/words.ts';
import { dividedBy, type ThinkTime } from './think-time.ts';
import { duration, optionsOf, parseWorkload, rate, thinkTime, userCount } from './edge.ts';
import type { Phase } from '../metrics/log/schema.ts';
import { phasesOf, withWarmUp, type ClosedWorkload, type Segment } from './workload.ts';

/**
 * How many users there are and how they start.
 * @example
 * const hundred: UsersOptions = { count: 100, spawnRate: 10, duration: '10m', warmUp: { duration: '30s' } };
 * users(hundred);
 */
export interface UsersOptions {
  /** Users at work in the steady state. */
  readonly count: number;
  /** Users started per second: a number or text such as `'10/s'`. */
  readonly spawnRate: number | RateText;
  /** From the first user on, including the ramp-up. */
  readonly duration: DurationText | number;
  /** Replaces the user's own think time. */
  readonly thinkTime?: ThinkTime;
  /**
   * Runs before the ramp-up and is not part of `duration`. Its users (default 1) send requests that are
   * discarded.
   */
  readonly warmUp?: { readonly duration: DurationText | number; readonly users?: number };
}

const schema = optionsOf({
  count: userCount,
  spawnRate: rate,
  duration,
  thinkTime: thinkTime.optional(),
  warmUp: optionsOf({ duration, users: userCount.default(1) }).optional(),
});

/**
 * A closed model with a constant number of users. Throws if a value is wrong or the ramp-up is longer
 * than the duration.
 * @example
 * users({ count: 50, spawnRate: 5, duration: '5m' }); // 10 s of ramp-up are inside
 */
export function users(options: UsersOptions): ClosedWorkload {
  return fromUsers('users', options, false);
}

/**
 * Like `users`, but judged from the first user on, since a spike is about the ramp-up.
 * @example
 * spike({ count: 200, spawnRate: 200, duration: '5m' });
 */
export function spike(options: UsersOptions): ClosedWorkload {
  return fromUsers('spike', options, true);
}

/**
 * The smallest load that runs every task of a system: 10 users for 8 s, who think faster than usual by a
 * factor (default 20). It is too short for most budgets on purpose.
 * @example
 * await runLoad(shopUser, smoke(shopUser));
 */
export function smoke(
  user: { readonly thinkTime: ThinkTime },
  { timesAsFast = 20 } = {},
): ClosedWorkload {
  const thinkTime = dividedBy(user.thinkTime, timesAsFast);
  const workload = users({ count: 10, spawnRate: 10, duration: '8s', thinkTime });
  return { ...workload, isShortened: true };
}

function fromUsers(
  kind: 'users' | 'spike',
  options: UsersOptions,
  judgesRamps: boolean,
): ClosedWorkload {
  const parsed = parseWorkload(kind, schema, options);
  const { count, spawnRate, duration: endMs, thinkTime, warmUp } = parsed;
  const already = warmUp?.users ?? 0;
  if (already > count) {
    throw new Error(
      `${kind}.warmUp.users: ${already}; at most the ${counted(count, 'user')} of the load`,
    );
  }
  const rampMs = ((count - already) / spawnRate) * 1000;
  if (rampMs >= endMs) {
    const take = count === 1 ? 'takes' : 'take';
    const takes = `${counted(count, 'user')} at ${spawnRate}/s ${take} ${formatMs(rampMs)} to start`;
    throw new Error(`${kind}.duration: ${formatMs(endMs)}; ${takes}, the load must be longer`);
  }
  const own: Segment[] = [
    { startMs: 0, endMs: rampMs, from: already, to: count },
    { startMs: rampMs, endMs, from: count, to: count },
  ];
  const common = {
    model: 'closed' as const,
    kind,
    thinkTime,
    level: `${count}-user${count === 1 ? '' : 's'}`,
    describedAs: `${counted(count, 'user')}, spawn rate ${spawnRate}/s, for ${formatMs(endMs)}`,
  };
  const phasesFrom = (segments: readonly Segment[]): Phase[] =>
    judgesRamps ? withOnset(phasesOf(segments, true)) : phasesOf(segments, false);
  if (warmUp === undefined) return { ...common, segments: own, phases: phasesFrom(own) };
  const { segments, phase } = withWarmUp(own, warmUp.duration, warmUp.users);
  return { ...common, segments, phases: [phase, ...phasesFrom(segments.slice(1))] };
}

const onsetMs = 10_000;

/**
 * The first ten seconds become a phase of their own. In a spike of minutes they are a few per cent of the
 * requests, which the p95 of the whole would not show.
 */
function withOnset(phases: readonly Phase[]): Phase[] {
  const [first] = phases;
  const last = phases.at(-1);
  if (first === undefined || last === undefined) return [];
  const { startMs } = first;
  const endMs = startMs + onsetMs;
  if (last.endMs <= endMs) return [...phases];
  const rest = phases.filter((phase) => phase.endMs > endMs);
  return [
    { name: 'onset', startMs, endMs, judged: true },
    ...rest.map((phase) => ({ ...phase, startMs: Math.max(phase.startMs, endMs) })),
  ];
}
