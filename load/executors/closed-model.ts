/**
 * Closed model: so many virtual users, each a long-lived task that sends, thinks and sends again. A
 * user's next request waits for the answer to its last, so a slow system is sent less.
 */
import pLimit from 'p-limit';
import { dueMs } from '../platform/clock.ts';
import { activeSpans, type ActiveSpan } from '../workload/active-spans.ts';
import { peakUsers, type ClosedWorkload } from '../workload/workload.ts';
import { nextIterationMs } from '../workload/think-time.ts';
import type { ExecutorContext, VirtualUser } from './executor.ts';

/** Iterations of one user draw from blocks of this many numbers. */
export const drawsPerIteration = 4096;
const retryStartMs = 1000;
/** No answer comes over a socket in less. */
const shortestWaitMs = 0.05;

/** Runs until the gate closes and the last user is done. */
export async function runClosedModel(
  workload: ClosedWorkload,
  context: ExecutorContext,
): Promise<void> {
  const population = peakUsers(workload);
  const limit = pLimit(population);
  const running: Promise<void>[] = [];
  const slots = new Map<number, Slot>();
  for (const span of activeSpans(workload, context.slice)) {
    if (!(await context.gate.wait(span.startMs))) break;
    const slot = slots.get(span.slot) ?? { sessions: 0, iterations: 0 };
    slots.set(span.slot, slot);
    running.push(limit(() => atWork(span, slot, population, context)));
  }
  await Promise.all(running);
}

/** What goes on where a slot comes back after a ramp-down: a new user, with draws of its own. */
interface Slot {
  sessions: number;
  iterations: number;
}

/** One slot for one span: a user, and after each session a fresh one. */
async function atWork(
  span: ActiveSpan,
  slot: Slot,
  population: number,
  context: ExecutorContext,
): Promise<void> {
  context.gauge.users += 1;
  const turn: Turn = { dueMs: span.startMs, slot, stopping: new Set() };
  while (isOn(span, turn, context)) {
    // Numbered so that no two users of the load share one, in whichever slice they run.
    const number = span.slot + slot.sessions++ * population;
    await oneSession(context.newUser(number), span, turn, context);
  }
  await Promise.all(turn.stopping);
  context.gauge.users -= 1;
}

interface Turn {
  dueMs: number;
  readonly slot: Slot;
  /** Users whose session is over and whose `onStop` still runs. */
  readonly stopping: Set<Promise<void>>;
}

async function oneSession(
  user: VirtualUser,
  span: ActiveSpan,
  turn: Turn,
  context: ExecutorContext,
): Promise<void> {
  const { clock, gate } = context;
  const readyMs = await user.start(turn.dueMs, turn.dueMs);
  if (readyMs !== undefined) {
    // Only one that had to get ready is due later: what makes this machine late must show.
    turn.dueMs = Math.max(turn.dueMs, readyMs);
    await iterations(user, span, turn, context);
  }
  // `onStop` runs in the background: it must not make the next user's first request late.
  const stopped = user.stop();
  turn.stopping.add(stopped);
  void stopped.then(() => turn.stopping.delete(stopped));
  if (readyMs !== undefined) return;
  turn.dueMs = dueMs(clock.now() + retryStartMs);
  await gate.wait(turn.dueMs);
}

async function iterations(
  user: VirtualUser,
  span: ActiveSpan,
  turn: Turn,
  context: ExecutorContext,
): Promise<void> {
  const { clock, gate, key, thinkTime } = context;
  while (isOn(span, turn, context)) {
    const startedMs = turn.dueMs;
    const index = span.slot;
    const n = turn.slot.iterations * drawsPerIteration;
    await user.iterate({ dueMs: startedMs, readyMs: startedMs, index, n });
    const endedMs = clock.now();
    // A session that is spent makes room at once: a user's first request comes without thinking.
    const isSpent = user.isSpent;
    const plannedMs = isSpent
      ? endedMs
      : nextIterationMs(thinkTime, startedMs, endedMs, key, index, turn.slot.iterations);
    turn.dueMs = plannedMs > endedMs ? dueMs(plannedMs) : endedMs;
    turn.slot.iterations += 1;
    if (isSpent) return;
    if (plannedMs > endedMs && !(await gate.wait(Math.min(turn.dueMs, span.endMs)))) return;
    // An iteration that waited for nothing and thinks of nothing would never let others have a turn.
    if (endedMs - startedMs < shortestWaitMs) await clock.turn();
  }
}

function isOn(span: ActiveSpan, turn: Turn, { gate }: ExecutorContext): boolean {
  return !gate.isClosed && turn.dueMs < Math.min(span.endMs, gate.endMs);
}
