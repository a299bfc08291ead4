/** The plan of a load, which is the first line of its interval log. */
import { cpus, hostname, totalmem } from 'node:os';
import { describeOverrides } from '../clients/http/overrides.ts';
import type { Budget } from '../metrics/log/budget.ts';
import { intervalLogSchema, type Plan } from '../metrics/log/schema.ts';
import { defined } from '../platform/defined.ts';
import { hashText } from '../platform/random.ts';
import { ownVersion, versionOf } from '../platform/version.ts';
import type { Slice } from '../workload/slice.ts';
import { describeDataset } from '../user/dataset.ts';
import type { UserDefinition } from '../user/define-user.ts';
import type { PairSide } from './pair-side.ts';
import { describeThinkTime, type ThinkTime } from '../workload/think-time.ts';
import type { Workload } from '../workload/workload.ts';
import { counted } from '../platform/words.ts';

/** One load stream: a user definition with its workload. */
export interface LoadStreamRequest {
  readonly name: string;
  readonly user: UserDefinition;
  readonly workload: Workload;
  /** False for a background load, which is reported and judged separately. */
  readonly judged: boolean;
  /** Set if the stream is one side of a pair. */
  readonly side?: PairSide | undefined;
}

export interface TestIdentity {
  readonly testId: string;
  readonly runId: string;
  readonly title: string;
  readonly system: string;
  readonly scenario: string;
  readonly level: string;
  /** Number of the load among those of this run with the same id. Default 1. */
  readonly load?: number | undefined;
  /** The part that a second load of a test plays, such as `recovery`. */
  readonly part?: string | undefined;
  /** The suite's commit, if it is known. */
  readonly commit?: string | undefined;
}

/**
 * Prefix of the unique ids of this load's users. It differs between the loads of a run, and is the same
 * in all slices.
 */
export function userStem({ runId, testId, load = 1 }: TestIdentity): string {
  return `${runId}-${hashText(`${testId} ${load}`).toString(36)}`;
}

export interface PlanRequest {
  readonly identity: TestIdentity;
  readonly streams: readonly LoadStreamRequest[];
  readonly target: { readonly url: string; readonly kind: Plan['target']['kind'] };
  readonly budgets: readonly Budget[];
  /** An earlier load of the test. This load's throughput is reported as a multiple of that one's. */
  readonly comparedWith?: Plan['comparedWith'];
  readonly seed: number;
  readonly slice: Slice;
  /** Measured offset of this machine's clock from the other slices'. */
  readonly clockOffset?: Plan['clock'] | undefined;
  readonly timeScale: number;
  readonly shortened: boolean;
  readonly flags: readonly string[];
}

export function thinkTimeOf({ user, workload }: LoadStreamRequest): ThinkTime {
  return (workload.model === 'closed' ? workload.thinkTime : undefined) ?? user.thinkTime;
}

export function composePlan(request: PlanRequest, epochMs: number, intervalMs: number): Plan {
  const { identity, target, budgets, seed, slice, timeScale, shortened, flags } = request;
  const { comparedWith, clockOffset } = request;
  return defined({
    type: 'plan',
    schema: intervalLogSchema,
    testId: identity.testId,
    runId: identity.runId,
    title: identity.title,
    system: identity.system,
    scenario: identity.scenario,
    level: identity.level,
    load: identity.load ?? 1,
    part: identity.part,
    startedAtEpochMs: epochMs,
    seed,
    timeScale,
    shortened,
    intervalMs,
    slice: { ...slice },
    clock: clockOffset,
    target: defined({
      url: target.url,
      kind: target.kind,
      health: request.streams[0]?.user.health,
    }),
    flags: [...flags],
    streams: request.streams.map(loadStreamLine),
    comparedWith,
    budgets: [...budgets],
    versions: identity.commit === undefined ? versions : { ...versions, commit: identity.commit },
    machine: {
      host: hostname(),
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
      pid: process.pid,
    },
  });
}

function loadStreamLine(stream: LoadStreamRequest): Plan['streams'][number] {
  const { name, user, workload, judged } = stream;
  const { describedAs, phases, ...rest } = workload;
  return defined({
    name,
    judged,
    describedAs,
    workload: { ...rest },
    thinkTime:
      workload.model === 'open' ? 'none (open model)' : describeThinkTime(thinkTimeOf(stream)),
    session: user.session && counted(user.session.requests, 'request'),
    connections: user.connections,
    ...parametersOf(user),
    phases: phases.map((phase) => ({ ...phase })),
    tasks: Object.entries(user.tasks).map(([taskName, task]) => ({
      name: taskName,
      weight: task.weight,
      deadlineMs: task.deadlineMs,
      toleratesDegraded: task.toleratesDegraded,
    })),
    metrics: Object.fromEntries(
      Object.entries(user.metrics).map(([metric, { kind, unit = '', over, of }]) => [
        metric,
        defined({ kind, unit, over, of: of && [...of] }),
      ]),
    ),
  });
}

function parametersOf({ data, parameters, http }: UserDefinition): {
  parameters?: Record<string, string>;
} {
  const { headers, body } = describeOverrides(http);
  const own = { data: data && describeDataset(data), headers, body };
  const all = defined({ ...own, ...parameters });
  return Object.keys(all).length === 0 ? {} : { parameters: all };
}

const versions = {
  loadwright: ownVersion,
  playwright: versionOf('@playwright/test'),
  undici: versionOf('undici'),
  node: process.versions.node,
};
