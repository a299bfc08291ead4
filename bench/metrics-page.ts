/**
 * A 16 MB page of metrics, read every second during a load: the longest uninterrupted work of the event
 * loop, compared with the same load without it. Work is the smaller of elapsed time and CPU time: waiting
 * for other processes does not count, nor do this process's other threads.
 */
import { prometheus, share } from '../load/monitor/prometheus.ts';
import type { MonitorSource } from '../load/monitor/source.ts';
import { constant } from '../load/workload/think-time.ts';
import { users } from '../load/workload/users.ts';
import { askingUser, runForReal } from '../tests/instrument/real-load.ts';
import { tellParent } from './child.ts';

export interface PageReading {
  /** Work between two turns of the loop, in ms: the maximum, and that of 999 in 1000. */
  readonly longestMs: number;
  readonly p999Ms: number;
  /** Readings that had the figure. */
  readonly readings: number;
  readonly requests: number;
  readonly serviceP99Ms: number;
}

/** How long each turn of the loop took, including garbage collection. */
class TurnWatch {
  readonly turnsMs: number[] = [];
  private isOn = true;
  private lastMs = performance.now();
  private lastCpuMs = cpuMs();

  constructor() {
    const turn = (): void => {
      const [nowMs, nowCpuMs] = [performance.now(), cpuMs()];
      this.turnsMs.push(Math.min(nowMs - this.lastMs, nowCpuMs - this.lastCpuMs));
      this.lastMs = nowMs;
      this.lastCpuMs = nowCpuMs;
      if (this.isOn) setImmediate(turn);
    };
    setImmediate(turn);
  }

  stop(): void {
    this.isOn = false;
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(url: string, page: string): Promise<PageReading> {
  const part = { name: 'requests_total', labels: { hit: 'true' } };
  const figures = { cacheHitRate: share(part, { name: 'requests_total' }) };
  const sources: MonitorSource[] = page === '' ? [] : [prometheus(page, figures)];
  const thinkTime = constant('20ms');
  const workload = users({ count: 20, spawnRate: 200, duration: '12s', thinkTime });
  let watch: TurnWatch | undefined;
  const { result } = await runForReal({
    url,
    user: askingUser({ json: false }),
    workload,
    shortened: true,
    request: { machineSources: sources, monitorIntervalMs: 1000 },
    during: () => {
      // The compilation at the beginning and the judging at the end have nothing to do with the page.
      setTimeout(() => {
        watch = new TurnWatch();
      }, 3000);
      setTimeout(() => watch?.stop(), 11_500);
    },
  });
  const sorted = watch!.turnsMs.sort((a, b) => a - b);
  const told = result.readings.filter(({ ratios }) => ratios?.['cacheHitRate'] !== undefined);
  const services = result.timeline.flatMap(({ tasks }) => tasks['']?.ms.p99 ?? []);
  return {
    longestMs: sorted.at(-1) ?? NaN,
    p999Ms: sorted[Math.floor(0.999 * sorted.length)] ?? NaN,
    readings: told.length,
    requests: result.sent,
    serviceP99Ms: services.sort((a, b) => a - b)[Math.floor(services.length / 2)] ?? NaN,
  };
}

const [url = '', page = ''] = process.argv.slice(2);
await tellParent(() => measure(url, page));
