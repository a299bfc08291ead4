/** The monitor of a run: reads the system's metrics while it is under load. Its requests are not counted. */
import type { Clock } from '../platform/clock.ts';
import { Poller } from '../monitor/poller.ts';
import { containerOf } from '../monitor/container.ts';
import { processOf } from '../monitor/process.ts';
import type { MonitorSource } from '../monitor/source.ts';
import { monitorHttp } from './monitor-http.ts';
import type { LoadStreamRequest } from './plan.ts';
import { unmeasuredClient, type UnmeasuredRequest } from './unmeasured-client.ts';

export interface TargetMonitorRequest extends Pick<UnmeasuredRequest, 'target' | 'newClients'> {
  readonly streams: readonly LoadStreamRequest[];
  readonly clock: Clock;
  /** Default: 5 s. */
  readonly monitorIntervalMs?: number | undefined;
  /** Sources on this machine that are read as well. */
  readonly machineSources?: readonly MonitorSource[] | undefined;
}

const usualIntervalMs = 5000;
const deadlineMs = 2000;
const asker = { name: 'monitor', number: -3, deadlineMs };

export interface TargetMonitor extends Pick<Poller, 'start' | 'rest' | 'take' | 'notes'> {
  /** Reads once more after the drain, then closes the connections. */
  stop(): Promise<void>;
}

/** Undefined if no user definition names anything to monitor and no process is known. */
export function targetMonitor(request: TargetMonitorRequest): TargetMonitor | undefined {
  const { streams, clock, machineSources = [] } = request;
  const { pid } = request.target;
  const ofUsers = [...new Set(streams.flatMap(({ user }) => user.monitor))];
  const ofProcess = pid === undefined ? [] : [processOf(pid), containerOf(pid)];
  const sources = [...ofProcess, ...machineSources, ...ofUsers];
  const watching = streams.find(({ user }) => user.monitor.length > 0) ?? streams[0];
  if (watching === undefined || sources.length === 0) return undefined;
  const own = unmeasuredClient({ ...request, user: watching.user }, clock, asker);
  const http = monitorHttp(own, clock, asker);
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
    stop: () => (stopped ??= poller.stop().then(http.close)),
  };
}
