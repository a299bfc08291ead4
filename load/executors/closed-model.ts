/**
 * Closed model: a number of virtual users, each a long-lived task that sends, thinks and sends again. A
 * user's next request waits for the answer to its last, so a slow system receives fewer requests.
 */
import pLimit from 'p-limit';
import { dueMs } from '../platform/clock.ts';
import { activeSpans, type ActiveSpan } from '../workload/active-spans.ts';
import { levelAt, steepestRise, steeredFrom } from '../workload/steered-course.ts';
import { peakUsers, type ClosedWorkload, type Segment } from '../workload/workload.ts';
import { nextIterationMs } from '../workload/think-time.ts';
import type { ExecutorContext, VirtualUser } from './executor.ts';

/** Each iteration of a user has a block of this many random numbers. */
const drawsPerIteration = 4096;
const retryStartMs = 1000;
/** No answer over a socket takes less than this. */
const shortestWaitMs = 0.05;

/** Resolves when the gate is closed and the last user is done. */
export async function runClosedModel(
  workload: ClosedWorkload,
  context: ExecutorContext,
): Promise<void> {
  const population = new Population(workload, context);
  context.onSteerable?.((users) => population.steer(users));
  await population.run();
}

/** The users of one closed load. They start as its course says, and the course may be changed while it runs. */
class Population {
  private readonly workload: ClosedWorkload;
  private readonly context: ExecutorContext;
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly numbers: UserNumbers;
  private readonly running: Promise<void>[] = [];
  private fail: (error: unknown) => void = () => undefined;
  private readonly failure = new Promise<never>((_, reject) => {
    this.fail = reject;
  });
  private readonly slots = new Map<number, Slot>();
  private segments: readonly Segment[];
  /** Spans that have not begun, sorted by their starts, with the next one last. */
  private pending: MovableSpan[];

  constructor(workload: ClosedWorkload, context: ExecutorContext) {
    const users = peakUsers(workload);
    this.workload = workload;
    this.context = context;
    this.limit = pLimit(users);
    this.numbers = new UserNumbers(users);
    this.segments = workload.segments;
    this.pending = activeSpans(workload, context.slice).reverse();
  }

  async run(): Promise<void> {
    await Promise.race([this.spawn(), this.failure]);
    await Promise.all(this.running);
  }

  /** Starts users until all are started, or until the load's end if the load can be steered. */
  private async spawn(): Promise<void> {
    const { gate, clock, onSteerable } = this.context;
    for (;;) {
      const span = this.pending.at(-1);
      const startMs = span?.startMs ?? this.segments.at(-1)!.endMs;
      if (span === undefined && (onSteerable === undefined || clock.now() >= startMs)) return;
      if (!(await gate.wait(startMs, this))) return;
      // The wait ended because the course was changed: another user may be next, or the same one later.
      if (span === undefined || this.pending.at(-1) !== span) continue;
      this.pending.pop();
      this.begin(span);
    }
  }

  /**
   * Changes the number of users. More users start at the plan's rate; if there are too many, the latest
   * leave after their iteration. Returns the number that was planned for this moment.
   */
  steer(users: number): number {
    const { context, workload, segments } = this;
    const nowMs = context.clock.now();
    const planned = levelAt(segments, nowMs);
    const risePerSecond = steepestRise(workload.segments);
    this.segments = steeredFrom(segments, nowMs, { level: users, risePerSecond });
    const course = { segments: this.segments };
    const most = peakUsers(course);
    if (most > this.limit.concurrency) {
      this.limit.concurrency = most;
      this.numbers.growTo(most);
    }
    const changed = new Set<object>([this]);
    const spans = activeSpans(course, context.slice);
    const ends = new Map(
      spans.filter(({ startMs }) => startMs <= dueMs(nowMs)).map((one) => [one.slot, one.endMs]),
    );
    // Users at work, and users that are due but late, stay or leave as the new course says.
    const late = this.pending.filter(({ slot, startMs }) => startMs <= nowMs && ends.has(slot));
    const atWork = [...this.slots.values()].flatMap(({ span }) => span ?? []);
    for (const span of [...late, ...atWork]) {
      const endMs = ends.get(span.slot) ?? Math.min(span.endMs, nowMs);
      if (endMs !== span.endMs) changed.add(span);
      span.endMs = endMs;
    }
    const there = new Set([...late, ...atWork].map(({ slot }) => slot));
    const fresh = spans.filter(({ slot, startMs }) => startMs > dueMs(nowMs) || !there.has(slot));
    this.pending = [...late, ...fresh].sort((a, b) => b.startMs - a.startMs || b.slot - a.slot);
    context.gate.wake(changed);
    return planned;
  }

  private begin(span: MovableSpan): void {
    const { context, limit, numbers } = this;
    const slot = this.slots.get(span.slot) ?? newSlot();
    this.slots.set(span.slot, slot);
    slot.span = span;
    const work = (): Promise<void> => limit(() => atWork(span, slot, numbers, context));
    // A slot has one user at a time: the next starts when the one before has its last answer.
    slot.work = slot.work === undefined ? work() : slot.work.then(work);
    const left = slot.work.then(() => leave(slot, context));
    left.catch(this.fail);
    this.running.push(left);
  }
}

/** A span whose end may be moved while it lasts. */
type MovableSpan = { -readonly [Field in keyof ActiveSpan]: ActiveSpan[Field] };

/** Numbers the users, so that no two of the load share a number, in any slice. */
class UserNumbers {
  private first = 0;
  private next = 0;
  private population: number;
  private sessions = new Map<number, number>();

  constructor(population: number) {
    this.population = population;
  }

  of(slot: number): number {
    const session = this.sessions.get(slot) ?? 0;
    this.sessions.set(slot, session + 1);
    const number = this.first + slot + session * this.population;
    this.next = Math.max(this.next, number + 1);
    return number;
  }

  /** Raises the number of slots. */
  growTo(population: number): void {
    this.first = this.next;
    this.population = population;
    this.sessions = new Map();
  }
}

/** A slot keeps these when a new user, with draws of its own, takes it again after a ramp-down. */
interface Slot {
  /** The latest span that has begun; undefined once its user has its last answer. */
  span: MovableSpan | undefined;
  iterations: number;
  /** Settles when the slot's latest user has its last answer. */
  work: Promise<void> | undefined;
  /** When the previous user had its last answer. */
  freeMs: number;
  /** Users whose session is over and whose `onStop` still runs. */
  readonly stopping: Set<Promise<void>>;
}

function newSlot(): Slot {
  const none = { span: undefined, work: undefined };
  return { ...none, iterations: 0, freeMs: -Infinity, stopping: new Set() };
}

/** Runs a slot for one span: a user, and after each session a new one. */
async function atWork(
  span: ActiveSpan,
  slot: Slot,
  numbers: UserNumbers,
  context: ExecutorContext,
): Promise<void> {
  context.gauge.users += 1;
  // If the previous user was still waiting for an answer, the delay is the system's, not this machine's.
  const readyMs = Math.max(span.startMs, slot.freeMs);
  const turn: Turn = { dueMs: span.startMs, readyMs, slot };
  while (isOn(span, turn, context)) {
    await oneSession(context.newUser(numbers.of(span.slot)), span, turn, context);
  }
  if (slot.span === span) slot.span = undefined;
  slot.freeMs = context.clock.now();
}

async function leave({ stopping }: Slot, { gauge }: ExecutorContext): Promise<void> {
  await Promise.all(stopping);
  gauge.users -= 1;
}

/** The next iteration of a slot. */
interface Turn {
  dueMs: number;
  /** Later than `dueMs` if the slot was not free in time. */
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
    // If `onStart` had work to do, the user is due when that is done. Otherwise it stays due as planned,
    // so that the lateness of this machine is measured.
    if (startedMs > turn.readyMs) isDueAt(turn, startedMs);
    await iterations(user, span, turn, context);
  }
  // `onStop` runs in the background, so that it does not delay the next user's first request.
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
    // After its last iteration a session makes room at once, without think time.
    const isSpent = user.isSpent;
    const plannedMs = isSpent
      ? endedMs
      : nextIterationMs(thinkTime, readyMs, endedMs, key, index, turn.slot.iterations);
    isDueAt(turn, plannedMs > endedMs ? dueMs(plannedMs) : endedMs);
    turn.slot.iterations += 1;
    if (isSpent) return;
    while (plannedMs > endedMs) {
      const untilMs = Math.min(turn.dueMs, span.endMs);
      if (!(await gate.wait(untilMs, span))) return;
      // If the span's end was moved during the wait, wait again.
      if (untilMs === Math.min(turn.dueMs, span.endMs)) break;
    }
    // Iterations without waiting or think time would otherwise never yield to other users.
    if (endedMs - readyMs < shortestWaitMs) await clock.turn();
  }
}

function isOn(span: ActiveSpan, { readyMs }: Turn, { gate }: ExecutorContext): boolean {
  return !gate.isClosed && readyMs < Math.min(span.endMs, gate.endMs);
}
