/**
 * The monitor of a run: asks the system through the same client, headers, certificates and proxy as the
 * load itself, but with a recorder of its own, so that its questions are counted nowhere.
 */
import { Deadlines } from '../clients/deadlines.ts';
import { RequestNotOk, type RequestScope } from '../clients/scope.ts';
import type { Clock } from '../platform/clock.ts';
import { Recorder } from '../metrics/record/recorder.ts';
import { Poller } from '../monitor/poller.ts';
import { processOf } from '../monitor/process.ts';
import type { MonitorHttp } from '../monitor/source.ts';
import type { LoadStreamRequest } from './plan.ts';
import type { NewClients } from '../clients/client.ts';
import type { TargetInfo, UserDefinition } from '../user/define-user.ts';

export interface TargetMonitorRequest {
  readonly streams: readonly LoadStreamRequest[];
  readonly target: TargetInfo;
  readonly newClients: NewClients;
  readonly clock: Clock;
  /** Default: 5 s. */
  readonly monitorIntervalMs?: number | undefined;
}

const usualIntervalMs = 5000;
const deadlineMs = 2000;
const identity = { number: -3, uniqueId: 'monitor' };

export interface TargetMonitor extends Pick<Poller, 'start' | 'rest' | 'take' | 'notes'> {
  /** Reads a last time, after the drain, then lets the connections go. */
  stop(): Promise<void>;
}

/** `undefined` where no user definition names anything to read and no process is known. */
export function targetMonitor(request: TargetMonitorRequest): TargetMonitor | undefined {
  const { streams, clock } = request;
  const { pid } = request.target;
  const ofUsers = [...new Set(streams.flatMap(({ user }) => user.monitor))];
  const sources = [...(pid === undefined ? [] : [processOf(pid)]), ...ofUsers];
  const watching = streams.find(({ user }) => user.monitor.length > 0) ?? streams[0];
  if (watching === undefined || sources.length === 0) return undefined;
  const { http, close } = monitorHttp(request, watching.user);
  const everyMs = request.monitorIntervalMs ?? usualIntervalMs;
  const poller = new Poller({
    clock,
    http,
    everyMs,
    sources,
    bordersMs: streams.flatMap(({ workload: { phases } }) => phases.map(({ startMs }) => startMs)),
  });
  let stopped: Promise<void> | undefined;
  return {
    start: () => {
      poller.start();
    },
    rest: () => poller.rest(),
    take: () => poller.take(),
    notes: () => poller.notes(),
    stop: () => (stopped ??= poller.stop().then(close)),
  };
}

function monitorHttp(
  { clock, target, newClients }: TargetMonitorRequest,
  user: UserDefinition,
): { http: MonitorHttp; close: () => Promise<void> } {
  const phases = [{ name: 'warm-up' as const, startMs: 0 }];
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 1, slowMs: undefined }]);
  const deadlines = new Deadlines(clock);
  const scope: RequestScope = {
    clock,
    recorder,
    deadlineMs,
    toleratesDegraded: false,
    schedule: () =>
      recorder.schedule(recorder.ref(0, 'monitor', 'monitor'), clock.now(), clock.now()),
    settle: (sample) => {
      recorder.commit(sample);
      // Nobody reads what this recorder counts: it must not grow with the run.
      recorder.cut(clock.now(), false);
    },
  };
  const clients = newClients({ clock, recorder, deadlines, user, target });
  const client = clients.newClient(scope, identity);
  return {
    http: {
      async get(path) {
        try {
          const reply = await client.http.get(path);
          return { text: reply.text(), contentType: reply.header('content-type') ?? '' };
        } catch (error) {
          if (!(error instanceof RequestNotOk)) throw error;
          const { errorKind = 'not ok', errorDetail } = error.sample;
          throw new Error(`${errorKind} ${errorDetail}`.slice(0, 200).trim(), { cause: error });
        }
      },
    },
    close: async () => {
      await client.close();
      await clients.close();
    },
  };
}
