/**
 * Runs a whole load in virtual time against a scripted system. It uses `measure` instead of sockets, so
 * every instant is exact and an hour takes a moment.
 */
import type { Budget } from '../../load/metrics/log/budget.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import type { LoadStreamRequest } from '../../load/run/plan.ts';
import { LoadRun, type RunRequest } from '../../load/run/load-run.ts';
import { wholeLoad, type Slice } from '../../load/workload/slice.ts';
import type { NewClients } from '../../load/clients/client.ts';
import { defineUser, type UserDefinition, type UserSource } from '../../load/user/define-user.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { VirtualClock } from './virtual-clock.ts';

/** One request as the scripted system sees it. */
export interface SentRequest {
  readonly atMs: number;
  readonly task: string;
  readonly userNumber: number;
  /** Draws of the iteration: uniform, keyed by the user's slot or the arrival. */
  readonly draws: readonly [number, number];
}

/** Resolving answers a request, rejecting fails it. */
export type System = (request: SentRequest, clock: VirtualClock) => Promise<unknown>;

type User = UserSource<unknown, unknown, string, string>;

export interface VirtualLoad {
  readonly workload: Workload;
  readonly system: System;
  /** Added to the user with the one task `chat`, or replacing its parts. */
  readonly user?: Partial<User> | ((clock: VirtualClock) => Partial<User>);
  readonly deadline?: string;
  readonly budgets?: readonly Budget[];
  /** Default: a clock whose timers are always on time. */
  readonly clock?: VirtualClock;
  readonly seed?: number;
  readonly slice?: Slice;
  readonly logPath?: string;
  readonly shortened?: boolean;
  readonly monitorIntervalMs?: number;
  /** Background streams; created for each run, with its clock. */
  readonly moreStreams?: (clock: VirtualClock) => readonly LoadStreamRequest[];
  readonly healthAfter?: (clock: VirtualClock) => Promise<{ ok: boolean; detail: string }>;
  /** Replaces parts of the run's request. */
  readonly request?: Partial<RunRequest>;
  /** Called before the load begins, to set timers that stop or cut it. */
  readonly during?: (run: LoadRun, clock: VirtualClock) => void;
}

export interface VirtualOutcome {
  readonly result: Result;
  readonly requests: readonly SentRequest[];
  readonly run: LoadRun;
}

/** A system that answers every request after the same time. */
export function answersAfter(latencyMs: number): System {
  return ({ atMs }, clock) => clock.until(atMs + latencyMs);
}

/** A system that never answers. */
export function hangs(): Promise<never> {
  return new Promise(() => undefined);
}

/** A load stream in the background, with a system of its own. */
export function background(
  clock: VirtualClock,
  { name = 'probes', workload, system }: { name?: string; workload: Workload; system: System },
): LoadStreamRequest {
  return { name, workload, user: scriptedUser(clock, { system }, []), judged: false };
}

/** For `during`: stops the run, as Ctrl-C does. */
export function stopAt(ms: number): NonNullable<VirtualLoad['during']> {
  return (run, clock) => {
    clock.at(ms, () => {
      run.stop({ cause: 'interrupted', detail: 'Ctrl-C' });
    });
  };
}

/** Clients that never have to send. */
export const noClients: NewClients = () => ({
  newClient: () => ({ http: undefined as never, close: () => undefined }),
  close: () => undefined,
});

/** A user with one task, `chat`, with one measured request. `requests` receives the sent requests. */
export function scriptedUser(
  clock: VirtualClock,
  { system, user = {}, deadline = '30s' }: Pick<VirtualLoad, 'system' | 'user' | 'deadline'>,
  requests: SentRequest[],
): UserDefinition {
  const defined = defineUser<unknown, unknown, string, string>({
    system: 'scripted',
    tasks: {
      chat: {
        deadline,
        run: async ({ measure, random, user: { number } }) => {
          const draws = [random(), random()] as const;
          const request = { atMs: clock.now(), task: 'chat', userNumber: number, draws };
          await measure('chat', () => {
            requests.push(request);
            return system(request, clock);
          });
        },
      },
    },
    ...(typeof user === 'function' ? user(clock) : user),
  });
  return defined;
}

export async function runVirtually(load: VirtualLoad): Promise<VirtualOutcome> {
  const clock = load.clock ?? new VirtualClock();
  const requests: SentRequest[] = [];
  const user = scriptedUser(clock, load, requests);
  const { workload, budgets = [], seed = 1, slice = wholeLoad, shortened = false } = load;
  const { moreStreams, logPath, healthAfter, monitorIntervalMs } = load;
  const judged = { name: 'main', user, workload, judged: true };
  const run = new LoadRun({
    identity: {
      testId: 'scripted-steady-some',
      runId: 'run',
      title: 'scripted',
      system: 'scripted',
      scenario: 'steady',
      level: workload.level,
    },
    streams: [judged, ...(moreStreams?.(clock) ?? [])],
    target: { url: 'http://localhost:1', kind: 'given', key: 'a secret' },
    newClients: noClients,
    clock,
    seed,
    slice,
    budgets,
    shortened,
    logPath,
    timeScale: 1,
    flags: [],
    monitorIntervalMs,
    healthAfter: healthAfter === undefined ? undefined : () => healthAfter(clock),
    ...load.request,
  });
  load.during?.(run, clock);
  const result = await settled(clock, run.run());
  return { result, requests, run };
}

/**
 * Lets virtual time pass until the promise settles. Unlike `runUntil` it also waits for files, which are
 * written in real time when there are no more timers.
 */
export async function settled<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const mark = (): void => {
    isSettled = true;
  };
  promise.then(mark, mark);
  const isStillRunning = (): boolean => !isSettled;
  while (isStillRunning()) await clock.run(clock.now() + 1000);
  return promise;
}
