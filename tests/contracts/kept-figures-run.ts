/**
 * Runs the loads of the kept figures in virtual time. What moves or is renamed in `load/` is followed
 * here and in what was written (kept-figures-written.ts), never in the loads themselves.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withDefaults } from '../../load/budgets/defaults.ts';
import { parseBudgets } from '../../load/budgets/parse.ts';
import { budgetOfSchema1 } from '../../load/budgets/schema-1.ts';
import type { Http } from '../../load/clients/http/http.ts';
import { JudgedFailure, RequestNotOk, type Verdict } from '../../load/clients/scope.ts';
import type { Timer } from '../../load/platform/clock.ts';
import { Histogram } from '../../load/metrics/histogram.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { wholeLoad, type Slice } from '../../load/workload/slice.ts';
import type { NewClients } from '../../load/clients/client.ts';
import { defineUser, type UserSource } from '../../load/user/define-user.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { FifoServer } from '../engine/instrument/fifo-server.ts';
import { hangs, noClients, runVirtually } from '../engine/virtual-load.ts';
import { VirtualClock } from '../engine/virtual-clock.ts';

export { between, pacing } from '../../load/workload/think-time.ts';
export { datasetOf } from '../../load/user/dataset.ts';
export { arrivals } from '../../load/workload/arrivals.ts';
export { stages } from '../../load/workload/stages.ts';
export { spike, users } from '../../load/workload/users.ts';
export { hangs };

export type User = Omit<UserSource<unknown, unknown, string, string>, 'system'>;

/** What tells two runs of one load apart. */
export interface Variant {
  readonly seed: number;
  readonly slowness: number;
  readonly failing: number;
  readonly model: string;
  readonly hour: number;
}

/** What the tasks of a load can use. */
export interface World extends Variant {
  readonly clock: VirtualClock;
  readonly pass: (ms: number) => Promise<void>;
  readonly fifo: FifoServer;
}

export interface KeptLoad {
  readonly name: string;
  readonly workload: Workload;
  readonly user: (world: World) => User;
  readonly background?: (world: World) => Record<string, { user: User; workload: Workload }>;
  readonly budgets?: object;
  /** Asked on top. */
  readonly extra?: object;
  readonly slices?: number;
  readonly isShortened?: boolean;
  readonly isStreamed?: boolean;
  readonly healthAfter?: { readonly ok: boolean; readonly detail: string };
  readonly perSecondBefore?: number;
  readonly stopAtMs?: number;
  readonly cutAtMs?: number;
  /** Every timer is so late. */
  readonly lateMs?: number;
  /** Its log holds readings of a generator that was disturbed. */
  readonly isDisturbed?: boolean;
  /** Its log breaks off in the line after so many. */
  readonly tornAfter?: number;
  /** It is compared with a baseline of three runs and a history of ten. */
  readonly isCompared?: boolean;
}

class LateClock extends VirtualClock {
  lateMs = 0;

  override at(atMs: number, callback: () => void): Timer {
    return super.at(atMs + this.lateMs, callback);
  }
}

/** For what a task measures: it did not end ok, and how. */
export function failure(
  outcome: Verdict['outcome'],
  kind: NonNullable<Verdict['kind']>,
  detail: string,
): Error {
  return new JudgedFailure({ outcome, kind, detail });
}

/** A client whose answers come in chunks: `query` says when. */
const streamingClients: NewClients = ({ clock, recorder }) => ({
  newClient: (scope) => {
    const post = async (path: string, { query = {} }: { query?: object } = {}) => {
      const { ttft, gap, chunks, isThrottled } = query as Record<string, number>;
      const sample = scope.schedule(path);
      sample.bytesSent = 120;
      recorder.start(sample);
      await clock.until(clock.now() + 3 + ttft!);
      recorder.progress();
      sample.add('connect', 3);
      sample.add('ttft', 3 + ttft!);
      sample.add('ttftResponse', clock.now() - sample.scheduledAtMs);
      for (let chunk = 1; chunk < chunks!; chunk++) {
        await clock.until(clock.now() + gap! + chunk);
        recorder.progress();
        sample.add('chunkGap', gap! + chunk);
      }
      sample.add('interToken', gap!);
      sample.bytesReceived = 40 * chunks!;
      recorder.finish(sample);
      if (isThrottled) sample.add('retryAfter', 1500);
      if (isThrottled) sample.judge('throttled', 'throttled', 'asked to wait for 1.5 s');
      else sample.judge('ok');
      scope.settle(sample);
      if (isThrottled) throw new RequestNotOk(sample, 429);
    };
    return { http: { post } as unknown as Http, close: () => undefined };
  },
  close: () => undefined,
});

/** A budget that no test may state any more is judged as that of a log in which it was stated. */
export function budgetLines(stated: object = {}, { tasks, metrics = {} }: User) {
  const { 'generatorLag.p99': limit, ...budgets } = stated as { 'generatorLag.p99'?: string };
  const parsed = parseBudgets(budgets, { taskNames: Object.keys(tasks), metrics });
  if (limit === undefined) return parsed;
  return [...parsed, budgetOfSchema1({ key: 'generatorLag.p99', limit }, metrics)];
}

export function testIdOf({ name }: KeptLoad): string {
  return `scripted-kept-${name}`;
}

/** Runs a load, or a slice of it, and leaves its log as any machine would have written it. */
export async function run(
  load: KeptLoad,
  logPath: string,
  given: Partial<Variant> = {},
  slice: Slice = wholeLoad,
): Promise<Result> {
  const variant = { seed: 1, slowness: 1, failing: 0, model: 'small', hour: 0, ...given };
  const clock = new LateClock();
  clock.lateMs = load.lateMs ?? 0;
  const pass = (ms: number): Promise<void> => clock.until(clock.now() + ms);
  const world: World = { ...variant, clock, pass, fifo: new FifoServer(clock, 1) };
  const user = load.user(world);
  const { workload, isShortened = false, healthAfter: health, perSecondBefore: perSecond } = load;
  const { result } = await runVirtually({
    workload,
    system: hangs,
    user,
    clock,
    seed: variant.seed,
    slice,
    logPath,
    budgets: withDefaults(budgetLines(load.budgets, user)),
    shortened: isShortened,
    monitorIntervalMs: 4000,
    moreStreams: Object.entries(load.background?.(world) ?? {}).map(([name, one]) => {
      const beside = defineUser({ system: 'scripted', ...one.user });
      return { name, user: beside, workload: one.workload, judged: false };
    }),
    during: (running) => {
      const ending = { cause: 'interrupted', detail: 'the run was interrupted' } as const;
      if (load.stopAtMs !== undefined)
        clock.at(load.stopAtMs, () => {
          running.stop(ending);
        });
      if (load.cutAtMs !== undefined)
        clock.at(load.cutAtMs, () => {
          running.cut();
        });
    },
    request: {
      identity: {
        testId: testIdOf(load),
        runId: 'kept',
        title: `kept: ${load.name}`,
        system: 'scripted',
        scenario: 'kept',
        level: workload.level,
      },
      newClients: load.isStreamed === true ? streamingClients : noClients,
      samplesPath: logPath.replace(/ndjson$/, 'samples.jsonl.gz'),
      comparedWith: perSecond === undefined ? undefined : { level: '1-user', perSecond },
      healthAfter: health === undefined ? undefined : () => Promise.resolve(health),
    },
  });
  levelLog(load, logPath, variant.hour, slice.index);
  return result;
}

const machine = { host: 'machine', cpu: 'processor', cores: 2, memoryBytes: 8e9, platform: 'os' };
const versions = { loadwright: '0', playwright: '0', undici: '0', node: '0' };

/** Takes out of a log what is this machine's, and puts in what is asked for. */
function levelLog(load: KeptLoad, path: string, hour: number, slice: number): void {
  const [first = '', ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const plan = JSON.parse(first) as { startedAtEpochMs: number };
  const startedAtEpochMs = plan.startedAtEpochMs + hour * 3_600_000;
  const own = { startedAtEpochMs, machine: { ...machine, pid: 4710 + slice }, versions };
  const lines = [
    JSON.stringify({ ...plan, ...own }),
    ...rest.map((line, second) => (load.isDisturbed === true ? disturbed(line, second) : line)),
  ];
  const { tornAfter = lines.length } = load;
  const torn = lines[tornAfter]?.slice(0, 100) ?? '';
  writeFileSync(path, `${lines.slice(0, tornAfter).join('\n')}\n${torn}`);
}

function disturbed(line: string, second: number): string {
  const value = JSON.parse(line) as { type: string; generator: object };
  if (value.type !== 'interval') return line;
  const delay = new Histogram();
  for (let beat = 0; beat < 50; beat++) delay.record(beat * 1000 * (second % 4), 20);
  const generator = {
    ...value.generator,
    utilisation: second % 3 === 0 ? 0.95 : 0.5,
    cpu: 0.25 * (second % 5),
    rssBytes: 100_000_000 + second * 1_000_000,
    loopDelay: delay.toData(),
    loopStalls: second % 5 === 1 ? [{ atMs: second * 1000 + 10, durationMs: 300 * second }] : [],
  };
  return JSON.stringify({ ...value, generator });
}
