/**
 * Closed model: so many virtual users, each a long-lived task that sends, thinks and sends again. A
 * user's next request waits for the answer to its last, so a slow system is sent less.
 */
import pLimit from 'p-limit';
import { dueMs } from '../platform/clock.ts';
import { activeSpans, type ActiveSpan } from '../workload/active-spans.ts';
import { levelAt, steepestRise, steeredFrom } from '../workload/steered-course.ts';
import { peakUsers, type ClosedWorkload, type Segment } from '../workload/workload.ts';
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
  const population = new Population(workload, context);
  context.onSteerable?.((users) => population.steer(users));
  await population.run();
}

/** The users of one closed load, started as its course says, which may be changed meanwhile. */
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
  /** Spans that are still to begin, in the order of their starts, the next one last. */
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

  /** Starts users until the last is started; where the load may be steered, until it ends. */
  private async spawn(): Promise<void> {
    const { gate, clock, onSteerable } = this.context;
    for (;;) {
      const span = this.pending.at(-1);
      const startMs = span?.startMs ?? this.segments.at(-1)!.endMs;
      if (span === undefined && (onSteerable === undefined || clock.now() >= startMs)) return;
      if (!(await gate.wait(startMs, this))) return;
      // Woken: another course may begin with another user, or later.
      if (span === undefined || this.pending.at(-1) !== span) continue;
      this.pending.pop();
      this.begin(span);
    }
  }

  /**
   * More users come as fast as those of the plan; of fewer the latest leave, each after its iteration. Returns
   * how many were planned for this moment.
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
    // Who is at work, and who should be by now and is late, stays or leaves as the new course says.
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
    // A slot is one user, never two: it comes back when the user before has its last answer.
    slot.work = slot.work === undefined ? work() : slot.work.then(work);
    const left = slot.work.then(() => leave(slot, context));
    left.catch(this.fail);
    this.running.push(left);
  }
}

/** Its end may be moved while it lasts. */
type MovableSpan = { -readonly [Field in keyof ActiveSpan]: ActiveSpan[Field] };

/** Numbers users so that no two of the load share one, in whichever slice they run. */
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

  /** There may be so many slots from now on. */
  growTo(population: number): void {
    this.first = this.next;
    this.population = population;
    this.sessions = new Map();
  }
}

/** What goes on where a slot comes back after a ramp-down: a new user, with draws of its own. */
interface Slot {
  /** The latest that has begun; undefined once its user has its last answer. */
  span: MovableSpan | undefined;
  iterations: number;
  /** Lasts until its latest user has its last answer. */
  work: Promise<void> | undefined;
  /** When the user before had its last answer. */
  freeMs: number;
  /** Users whose session is over and whose `onStop` still runs. */
  readonly stopping: Set<Promise<void>>;
}

function newSlot(): Slot {
  const none = { span: undefined, work: undefined };
  return { ...none, iterations: 0, freeMs: -Infinity, stopping: new Set() };
}

/** One slot for one span: a user, and after each session a fresh one. */
async function atWork(
  span: ActiveSpan,
  slot: Slot,
  numbers: UserNumbers,
  context: ExecutorContext,
): Promise<void> {
  context.gauge.users += 1;
  // Where the user before still waited for an answer, this one waited for the system.
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
    while (plannedMs > endedMs) {
      const untilMs = Math.min(turn.dueMs, span.endMs);
      if (!(await gate.wait(untilMs, span))) return;
      // Else the end of its span was moved meanwhile.
      if (untilMs === Math.min(turn.dueMs, span.endMs)) break;
    }
    // An iteration that waited for nothing and thinks of nothing would never let others have a turn.
    if (endedMs - readyMs < shortestWaitMs) await clock.turn();
  }
}

function isOn(span: ActiveSpan, { readyMs }: Turn, { gate }: ExecutorContext): boolean {
  return !gate.isClosed && readyMs < Math.min(span.endMs, gate.endMs);
}
