/** A reference service that answers fast and wrong, and the load of its users. */
import { constant } from '../../load/workload/think-time.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { addOutcomes, type OutcomeCounts } from '../../load/metrics/outcome.ts';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { preflight } from '../../load/run/preflight.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { spike } from '../../load/workload/users.ts';
import { runForReal, type RealOutcome } from '../instrument/real-load.ts';
import type { OpenTrap, StatusCounts, TrapOpener } from './open-trap.ts';

/** A system with the users for which a trap can be set. */
export interface TrappedSystem {
  readonly open: TrapOpener;
  readonly users: readonly UserDefinition[];
  /** The task under test. */
  readonly task: string;
  /** The task's request under test, if it has a name of its own. */
  readonly request?: string;
  /** Requests of one user's preflight that come before the wrong answers begin. */
  readonly checks: number;
}

export interface Trap {
  readonly system: TrappedSystem;
  readonly faults: string;
  /** Deadline of an answer; short if the answer never ends. */
  readonly deadlineMs?: number;
}

export interface LaterTrapped {
  readonly loads: readonly RealOutcome[];
  /** The outcomes of the task over all users, and the service's own counts. */
  readonly outcomes: OutcomeCounts;
  readonly answered: StatusCounts;
}

export interface AtOnceTrapped {
  /** The messages of preflight, by user, and how many of the task's requests arrived. */
  readonly complaints: readonly string[];
  readonly answered: StatusCounts;
}

/** Wrong from the first answer on. */
export function trapAtOnce(trap: Trap): Promise<AtOnceTrapped> {
  return trapped(trap, 0, (open) => checkTrapped(trap, open));
}

/** Wrong as soon as the checks have passed. Then checked again, when every answer is wrong. */
export async function trapLater(trap: Trap): Promise<LaterTrapped & { again: AtOnceTrapped }> {
  const { system } = trap;
  const after = system.checks * system.users.length;
  return trapped(trap, after, async (open) => {
    const { url } = open;
    const own = system.users.map((user) => quick(user, trap));
    for (const user of own) await check(user, url);
    const before = await settledCounts(open, system.users.length);
    const { task, request = task } = system;
    const workload = spike({ count: 3, spawnRate: 1000, duration: '100s', thinkTime });
    const enough = total(before) + callsPerLoad * own.length;
    const loads = await Promise.all(
      own.map((user) => {
        const during = (run: LoadRun): void => void stopAfter(run, open, enough);
        return runForReal({ url, workload, user, shortened: true, during });
      }),
    );
    const outcomes = loads
      .map(({ result }) =>
        outcomesOf(selectSeries(result, { task, labels: { request }, phases: 'all' })),
      )
      .reduce(addOutcomes);
    const answered = less(await settledCounts(open, total(before) + total(outcomes)), before);
    return { loads, outcomes, answered, again: await checkTrapped(trap, open) };
  });
}

async function stopAfter(run: LoadRun, open: OpenTrap, calls: number): Promise<void> {
  await settledCounts(open, calls, 90_000);
  run.stop({ cause: 'completed', detail: 'enough calls have come in' });
}

/** A load lasts until this many calls have arrived, however busy this machine is. */
const callsPerLoad = 12;
const thinkTime = constant('100ms');
const patienceMs = 5000;

async function checkTrapped(trap: Trap, open: OpenTrap): Promise<AtOnceTrapped> {
  const before = await open.answered();
  const complaints: string[] = [];
  for (const user of trap.system.users) {
    const refused = check(quick(user, trap), open.url).then(
      () => 'no complaint',
      (error: unknown) => String(error),
    );
    complaints.push(await refused);
  }
  const after = await settledCounts(open, total(before) + trap.system.users.length);
  return { complaints, answered: less(after, before) };
}

async function trapped<T>(
  { system, faults }: Trap,
  after: number,
  use: (open: OpenTrap) => Promise<T>,
): Promise<T> {
  const open = await system.open(faults, after);
  try {
    return await use(open);
  } finally {
    await open.close();
  }
}

async function check(user: UserDefinition, url: string): Promise<void> {
  const newClients = httpClients({ allowedHosts: [] });
  await preflight({ user, target: { url }, newClients, runId: 'trap', seed: 1 });
}

/** The user with the trap's deadline. */
function quick(user: UserDefinition, { deadlineMs = 10_000 }: Trap): UserDefinition {
  const tasks = Object.entries(user.tasks).map(
    ([name, task]) => [name, { ...task, deadlineMs }] as const,
  );
  return { ...user, tasks: Object.fromEntries(tasks) };
}

/**
 * The service counts an answer after it is sent, or its client is gone, which is a moment later than the
 * client.
 */
async function settledCounts(
  open: OpenTrap,
  expected: number,
  waitMs = patienceMs,
): Promise<StatusCounts> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const seen = await open.answered();
    if (total(seen) >= expected || performance.now() > untilMs) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function total(byName: Readonly<Record<string, number>>): number {
  return Object.values(byName).reduce((sum, count) => sum + count, 0);
}

function less(all: StatusCounts, before: StatusCounts): StatusCounts {
  const rest = Object.entries(all).map(
    ([status, count]) => [status, count - (before[status] ?? 0)] as const,
  );
  return Object.fromEntries(rest.filter(([, count]) => count > 0));
}
