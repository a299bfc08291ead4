/**
 * A whole load in virtual time against a simulated system that reports its hops, first tokens and
 * outcomes like a real one. Its monitor is read as in any load.
 */
import type { NewClients } from '../../../../load/clients/client.ts';
import { RequestNotOk, type Verdict } from '../../../../load/clients/scope.ts';
import {
  drawKey,
  exponential,
  normal,
  purpose,
  uniform,
} from '../../../../load/platform/random.ts';
import type { MonitorSource } from '../../../../load/monitor/source.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import type { UserSource } from '../../../../load/user/define-user.ts';
import type { Workload } from '../../../../load/workload/workload.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { runVirtually } from '../../virtual-load.ts';

/** The result of one request to a simulated system. */
export interface Served {
  readonly outcome?: Verdict['outcome'];
  readonly kind?: Verdict['kind'];
  readonly ttftMs?: number;
  readonly hops?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly isVectorTimeout?: boolean;
}

/** Draws of a request: uniform, exponential with mean 1, log-normal with median 1. */
export interface Draws {
  readonly uniform: number;
  readonly exponential: number;
  readonly logNormal: (sigma: number) => number;
}

export interface SimulatedSystem {
  readonly name: string;
  readonly tasks: Readonly<Record<string, number>>;
  /** Spends the time on the clock. */
  serve(task: string, userNumber: number, draws: Draws): Promise<Served>;
  /** Returns the gauges that the monitor reads at this moment. */
  read(): Readonly<Record<string, number>>;
  /** Counters since the start. The monitor's ratios are their growth. */
  counted?(): Readonly<Record<string, { readonly part: number; readonly whole: number }>>;
}

export interface SimulatedLoad {
  readonly systemOf: (clock: VirtualClock) => SimulatedSystem;
  readonly workload: Workload;
  readonly scenario: string;
  readonly seed: number;
}

type User = Partial<UserSource<unknown, unknown, string, string>>;

export async function simulated(load: SimulatedLoad): Promise<Result> {
  const { workload, seed, scenario } = load;
  const clock = new VirtualClock();
  const system = load.systemOf(clock);
  const level = workload.level;
  const testId = `${system.name}-${scenario}-${level.replaceAll(/\W+/g, '-')}`;
  const { result } = await runVirtually({
    clock,
    workload,
    seed,
    system: () => Promise.resolve(),
    user: userOf(system),
    monitorIntervalMs: 2000,
    shortened: true,
    request: {
      identity: { testId, runId: 'run', title: level, system: system.name, scenario, level },
      newClients: clientsOf(system, clock, seed),
    },
  });
  return result;
}

function userOf(system: SimulatedSystem): User {
  const tasks = Object.entries(system.tasks).map(([name, weight]) => [
    name,
    {
      weight,
      deadline: '60s',
      toleratesDegraded: true,
      run: async ({ http, record }: Context) => {
        const { isVectorTimeout } = await http.post(name);
        if (isVectorTimeout !== undefined) record('vectorTimeoutRate', isVectorTimeout ? 1 : 0);
      },
    },
  ]);
  return {
    system: system.name,
    monitor: monitorOf(system),
    metrics: { vectorTimeoutRate: { kind: 'rate', over: 'scheduled' } },
    tasks: Object.fromEntries(tasks) as never,
  };
}

interface Context {
  readonly http: { post(name: string): Promise<Served> };
  readonly record: (name: string, value: number) => void;
}

function monitorOf(system: SimulatedSystem): MonitorSource {
  return {
    name: 'process',
    open() {
      let before = system.counted?.() ?? {};
      return {
        read(spanMs) {
          const now = system.counted?.() ?? {};
          const gained = Object.entries(now).map(([name, { part, whole }]) => {
            const { part: p = 0, whole: w = 0 } = before[name] ?? {};
            return [name, { part: part - p, whole: whole - w }] as const;
          });
          before = now;
          const gauges = system.read();
          if (spanMs === undefined) return Promise.resolve({ gauges });
          return Promise.resolve({ gauges, ratios: Object.fromEntries(gained) });
        },
      };
    },
  };
}

/** An `http` that passes each request to the simulation and judges it by the result. */
function clientsOf(system: SimulatedSystem, clock: VirtualClock, seed: number): NewClients {
  const key = drawKey(seed, system.name);
  let requests = 0;
  return ({ recorder }) => ({
    newClient: (scope, { number }) => {
      const post = async (task: string): Promise<Served> => {
        const sample = scope.schedule(task);
        recorder.start(sample);
        const served = await system.serve(task, number, drawsOf(key, requests++));
        recorder.finish(sample, clock.now());
        const { outcome = 'ok', kind, ttftMs, hops = {}, labels } = served;
        sample.judge(outcome, kind);
        if (labels !== undefined) sample.labels = labels;
        if (ttftMs !== undefined) sample.add('ttft', ttftMs);
        for (const [name, ms] of Object.entries(hops)) sample.addHop(`hop.${name}`, ms);
        scope.settle(sample);
        if (outcome === 'ok' || served.isVectorTimeout !== undefined) return served;
        throw new RequestNotOk(sample, 0);
      };
      return { http: { post } as never, close: () => undefined };
    },
    close: () => undefined,
  });
}

const purposes = {
  uniform: purpose('simulated uniform'),
  exponential: purpose('simulated exponential'),
  normal: purpose('simulated normal'),
};

function drawsOf(key: ReturnType<typeof drawKey>, index: number): Draws {
  return {
    uniform: uniform(key, index, purposes.uniform),
    exponential: exponential(key, index, purposes.exponential),
    logNormal: (sigma) => Math.exp(sigma * normal(key, index, purposes.normal, 0)),
  };
}
