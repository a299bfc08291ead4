/** Loads of a system's user for checking its contract, in real and in virtual time. */
import { httpClients } from '../../load/clients/http/http-clients.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { defined } from '../../load/platform/defined.ts';
import { LoadRun } from '../../load/run/load-run.ts';
import { wholeLoad } from '../../load/workload/slice.ts';
import type { Task, UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { constant } from '../../load/workload/think-time.ts';
import { runForReal } from '../instrument/real-load.ts';
import type { Target } from '../../fixtures/targets.ts';
import { sleep } from './client-harness.ts';
import { VirtualClock } from '../engine/virtual-clock.ts';

type AnyTask = Task<unknown, unknown, string>;
/** Names of tasks by user, in the order in which they ran. */
export type Sequences = Map<number, string[]>;

const usersAtWork = 3;
const answersAfterMs = [5, 300, 40];

/** Enough to tell two sequences apart. */
const tasksEach = 8;

/** A load of the user's own tasks that ends when every user has run enough of them. */
export async function realLoad(
  user: UserDefinition,
  { url, key }: Pick<Target, 'url' | 'key'>,
): Promise<{ readonly result: Result; readonly sequences: Sequences }> {
  const sequences: Sequences = new Map();
  let stop = (): void => undefined;
  const told = withTasks(user, (name, task) => ({
    ...task,
    run: (context) => {
      tell(sequences, context.user.number, name);
      const own = [...sequences.values()];
      if (own.length === usersAtWork && own.every(({ length }) => length >= tasksEach)) stop();
      return task.run(context);
    },
  }));
  const { result } = await runForReal({
    // Without a monitor, since it may send the same requests as a task.
    url,
    user: { ...told, monitor: [] },
    shortened: true,
    ...defined({ key }),
    workload: users({
      count: usersAtWork,
      spawnRate: 1000,
      duration: '60s',
      thinkTime: constant('10ms'),
    }),
    during: (run) => {
      stop = () => {
        run.stop({ cause: 'interrupted', detail: 'all have run enough' });
      };
    },
  });
  return { result, sequences };
}

/** Each user's tasks over some minutes, with every user answered at another speed. */
export async function sequencesOf(user: UserDefinition, seed: number): Promise<Sequences> {
  const sequences: Sequences = new Map();
  const clock = new VirtualClock();
  const answered = withTasks(user, (name, task) => ({
    ...task,
    run: async ({ measure, user: { number } }) => {
      tell(sequences, number, name);
      await measure(name, () => clock.until(clock.now() + answersAfterMs[number]!));
    },
  }));
  const own = { ...answered, onStart: undefined, onStop: undefined, session: undefined };
  const workload = users({ count: usersAtWork, spawnRate: 1000, duration: '5m' });
  const url = 'http://127.0.0.1:1';
  const run = virtualRun({ user: own, workload, clock, seed, target: { url, key: undefined } });
  await toItsEnd(run.run(), clock);
  return sequences;
}

export interface Silence {
  readonly result: Result;
  /** How long the task waited for its answer. */
  readonly waitedMs: number;
}

/**
 * One request of one task to a service that stops answering. `isSilent` says when it has been asked; only
 * then does time pass.
 */
export async function silenceOf(
  user: UserDefinition,
  name: string,
  target: Pick<Target, 'url' | 'key'>,
  isSilent: () => boolean,
): Promise<Silence> {
  const clock = new VirtualClock();
  let waitedMs = NaN;
  const task = user.tasks[name]!;
  const run: AnyTask['run'] = async (context) => {
    const beganMs = clock.now();
    try {
      await task.run(context);
    } finally {
      waitedMs = clock.now() - beganMs;
    }
  };
  const workload = users({ count: 1, spawnRate: 1000, duration: '1s' });
  const only = { ...user, tasks: { [name]: { ...task, run } } };
  const load = virtualRun({ user: only, workload, clock, seed: 1, target });
  const done = load.run();
  while (!isSilent()) await sleep(2);
  return { result: await toItsEnd(done, clock), waitedMs };
}

interface VirtualRequest {
  readonly user: UserDefinition;
  readonly workload: Workload;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly target: Pick<Target, 'url' | 'key'>;
}

function virtualRun({ user, workload, clock, seed, target: { url, key } }: VirtualRequest) {
  return new LoadRun({
    identity: {
      testId: 'contract',
      runId: 'run',
      title: 'contract',
      system: user.system,
      scenario: 'steady',
      level: workload.level,
    },
    // Named as by `runLoad`, since draws are keyed by it.
    streams: [{ name: 'users', user: { ...user, monitor: [] }, workload, judged: true }],
    target: { url, key, kind: 'given' },
    clock,
    seed,
    slice: wholeLoad,
    timeScale: 1,
    shortened: true,
    flags: [],
    budgets: [],
    newClients: httpClients({ allowedHosts: [] }),
  });
}

async function toItsEnd<T>(done: Promise<T>, clock: VirtualClock): Promise<T> {
  let isOver = false;
  const mark = (): void => {
    isOver = true;
  };
  done.then(mark, mark);
  const goesOn = (): boolean => !isOver;
  while (goesOn()) await clock.run(clock.now() + 1000);
  return done;
}

function withTasks(
  user: UserDefinition,
  change: (name: string, task: AnyTask) => AnyTask,
): UserDefinition {
  const tasks = Object.entries(user.tasks).map(([name, task]) => [name, change(name, task)]);
  return { ...user, tasks: Object.fromEntries(tasks) as UserDefinition['tasks'] };
}

function tell(sequences: Sequences, user: number, task: string): void {
  const own = sequences.get(user) ?? [];
  sequences.set(user, own);
  own.push(task);
}
