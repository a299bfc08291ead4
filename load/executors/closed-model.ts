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
    const slot = slots.get(span.slot) ?? newSlot();
    slots.set(span.slot, slot);
    const work = (): Promise<void> => limit(() => atWork(span, slot, population, context));
    // A slot is one user, never two: it comes back when the user before has its last answer.
    slot.work = slot.work === undefined ? work() : slot.work.then(work);
    running.push(slot.work.then(() => leave(slot, context)));
  }
  await Promise.all(running);
}

/** What goes on where a slot comes back after a ramp-down: a new user, with draws of its own. */
interface Slot {
  sessions: number;
  iterations: number;
  /** Lasts until its latest user has its last answer. */
  work: Promise<void> | undefined;
  /** When the user before had its last answer. */
  freeMs: number;
  /** Users whose session is over and whose `onStop` still runs. */
  readonly stopping: Set<Promise<void>>;
}

function newSlot(): Slot {
  return { sessions: 0, iterations: 0, work: undefined, freeMs: -Infinity, stopping: new Set() };
}

/** One slot for one span: a user, and after each session a fresh one. */
async function atWork(
  span: ActiveSpan,
  slot: Slot,
  population: number,
  context: ExecutorContext,
): Promise<void> {
  context.gauge.users += 1;
  // Where the user before still waited for an answer, this one waited for the system.
  const readyMs = Math.max(span.startMs, slot.freeMs);
  const turn: Turn = { dueMs: span.startMs, readyMs, slot };
  while (isOn(span, turn, context)) {
    // Numbered so that no two users of the load share one, in whichever slice they run.
    const number = span.slot + slot.sessions++ * population;
    await oneSession(context.newUser(number), span, turn, context);
  }
  slot.freeMs = context.clock.now();
}

async function leave({ stopping }: Slot, { gauge }: ExecutorContext): Promise<void> {
  await Promise.all(stopping);
  gauge.users -= 1;
}

/** What a slot does next. */
interface Turn {
  dueMs: number;
  /** Later than due where the slot was not free yet. */
  readyMs: number;
  readonly slot: Slot;
}

function isDueAt(turn: Turn, ms: number): void {
  turn.dueMs = turn.readyMs = ms;
}

async function oneSession(
  user: VirtualUser,
  span: ActiveSpan,
  turn: Turn,
  context: ExecutorContext,
): Promise<void> {
  const { clock, gate } = context;
  const { stopping } = turn.slot;
  const startedMs = await user.start(turn.dueMs, turn.readyMs);
  if (startedMs !== undefined) {
    // A user whose `onStart` had work to do is due once that is done. Any other stays due as planned, so
    // that this machine's lateness shows.
    if (startedMs > turn.readyMs) isDueAt(turn, startedMs);
    await iterations(user, span, turn, context);
  }
  // `onStop` runs in the background: it must not make the next user's first request late.
  const stopped = user.stop();
  stopping.add(stopped);
  void stopped.then(() => stopping.delete(stopped));
  if (startedMs !== undefined) return;
  isDueAt(turn, dueMs(clock.now() + retryStartMs));
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
    const { dueMs: wasDueMs, readyMs } = turn;
    const index = span.slot;
    const n = turn.slot.iterations * drawsPerIteration;
    await user.iterate({ dueMs: wasDueMs, readyMs, index, n });
    const endedMs = clock.now();
    // A session that is spent makes room at once: a user's first request comes without thinking.
    const isSpent = user.isSpent;
    const plannedMs = isSpent
      ? endedMs
      : nextIterationMs(thinkTime, readyMs, endedMs, key, index, turn.slot.iterations);
    isDueAt(turn, plannedMs > endedMs ? dueMs(plannedMs) : endedMs);
    turn.slot.iterations += 1;
    if (isSpent) return;
    if (plannedMs > endedMs && !(await gate.wait(Math.min(turn.dueMs, span.endMs)))) return;
    // An iteration that waited for nothing and thinks of nothing would never let others have a turn.
    if (endedMs - readyMs < shortestWaitMs) await clock.turn();
  }
}

function isOn(span: ActiveSpan, { readyMs }: Turn, { gate }: ExecutorContext): boolean {
  return !gate.isClosed && readyMs < Math.min(span.endMs, gate.endMs);
}
