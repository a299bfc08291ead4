/**
 * A minute of a service with one server and a queue, in virtual time: Poisson arrivals, waiting times by
 * Lindley's recursion, and the data that a baseline would keep. Every draw is keyed by seed, so a run is
 * always the same.
 */
import {
  baselineSchema,
  sectionsPerRun,
  type BaselineRun,
  type BaselineTask,
} from '../load/baselines/baseline-run.ts';
import { Histogram } from '../load/metrics/histogram.ts';
import {
  drawKey,
  exponential,
  normal,
  purpose,
  uniform,
  type DrawKey,
} from '../load/platform/random.ts';

export interface Service {
  readonly name: string;
  readonly meanMs: number;
  /** Standard deviation of the logarithm of a log-normal service time; exponential if absent. */
  readonly sigma?: number;
}

export interface Conditions {
  readonly service: Service;
  /** Arrival rate divided by the service's capacity at its usual speed. */
  readonly utilisation: number;
  /** Factor of the service times; arrivals stay the same. */
  readonly slower?: number;
  /** Factor of the response times, without an effect on the queue. */
  readonly stretched?: number;
  /** Share of requests that fail. */
  readonly errorRate?: number;
  /** Number of failed requests within two seconds, from half time on. */
  readonly burst?: number;
}

const warmUpMs = 20_000;
const minuteMs = 60_000;
const sectionMs = minuteMs / sectionsPerRun;

const arrival = purpose('simulated arrival');
const serving = purpose('simulated service time');
const failing = purpose('simulated failure');

interface Tally {
  readonly sections: { readonly histogram: Histogram; ok: number; failed: number }[];
  readonly errorsAt: number[];
  okInTime: number;
}

export function simulatedRun(conditions: Conditions, seed: number): BaselineRun {
  const tally: Tally = {
    sections: Array.from({ length: sectionsPerRun }, () => ({
      histogram: new Histogram(),
      ok: 0,
      failed: 0,
    })),
    errorsAt: Array.from({ length: minuteMs / 1000 }, () => 0),
    okInTime: 0,
  };
  serve(conditions, drawKey(seed, conditions.service.name), tally);
  return asRun(tally, seed);
}

function serve(conditions: Conditions, key: DrawKey, tally: Tally): void {
  const { service, utilisation, slower = 1, stretched = 1, errorRate = 0 } = conditions;
  const meanGapMs = service.meanMs / utilisation;
  let burst = conditions.burst ?? 0;
  let freeAtMs = 0;
  let atMs = 0;
  for (let index = 0; ; index++) {
    atMs += exponential(key, index, arrival) * meanGapMs;
    if (atMs >= warmUpMs + minuteMs) return;
    freeAtMs = Math.max(freeAtMs, atMs) + serviceMs(service, key, index) * slower;
    if (atMs < warmUpMs) continue;
    const responseMs = (freeAtMs - atMs) * stretched;
    const isInBurst = burst > 0 && atMs >= warmUpMs + minuteMs / 2;
    if (isInBurst) burst -= 1;
    const isFailed = isInBurst || (errorRate > 0 && uniform(key, index, failing) < errorRate);
    addTo(tally, atMs - warmUpMs + responseMs, responseMs, isFailed);
  }
}

function serviceMs({ meanMs, sigma }: Service, key: DrawKey, index: number): number {
  if (sigma === undefined) return exponential(key, index, serving) * meanMs;
  return meanMs * Math.exp(sigma * normal(key, index, serving, 0) - sigma ** 2 / 2);
}

/** As in a real run: by the time of the end; requests that end after the minute are in the last section. */
function addTo(tally: Tally, endMs: number, responseMs: number, isFailed: boolean): void {
  const place = Math.min(sectionsPerRun - 1, Math.floor(endMs / sectionMs));
  const section = tally.sections[place]!;
  if (isFailed) {
    section.failed += 1;
    const second = Math.min(tally.errorsAt.length - 1, Math.floor(endMs / 1000));
    tally.errorsAt[second]! += 1;
    return;
  }
  section.ok += 1;
  section.histogram.record(responseMs * 1000);
  if (endMs < minuteMs) tally.okInTime += 1;
}

function asRun(tally: Tally, seed: number): BaselineRun {
  const ok = tally.sections.reduce((sum, section) => sum + section.ok, 0);
  const failed = tally.sections.reduce((sum, section) => sum + section.failed, 0);
  const overview: BaselineRun['all'] = {
    figures: {
      avg_latency_ms: null,
      median_latency_ms: null,
      p95_latency_ms: null,
      p99_latency_ms: null,
      error_rate_pct: (failed * 100) / (ok + failed),
      rps: tally.okInTime / 60,
      total_requests: ok + failed,
      total_failures: failed,
    },
    okPerSecond: tally.okInTime / 60,
    scheduledPerSecond: (ok + failed) / 60,
    ...densest(tally.errorsAt),
  };
  const sections = tally.sections.map((section, index): BaselineTask['sections'][number] => ({
    startMs: index * sectionMs,
    endMs: (index + 1) * sectionMs,
    outcomes: { ok: section.ok, failed: section.failed },
    responseTime: section.histogram.toData(),
  }));
  return {
    schema: baselineSchema,
    runId: `run-${seed}`,
    testId: 'simulated',
    environment: 'virtual',
    startedAt: '2026-01-01T00:00:00.000Z',
    plan: { system: 'simulated' },
    openModel: true,
    made: { cpu: 'virtual', host: 'virtual', node: 'virtual', suite: 'virtual', seed },
    judgedMs: minuteMs,
    generatorLagP99Ms: null,
    all: overview,
    tasks: [{ name: 'serve', ...overview, sections }],
  };
}

function densest(errorsAt: readonly number[]): Pick<BaselineRun['all'], 'densestErrors'> {
  const spans = errorsAt.map((_, second) => ({
    startMs: Math.max(0, second - 4) * 1000,
    endMs: (second + 1) * 1000,
    errors: errorsAt.slice(Math.max(0, second - 4), second + 1).reduce((sum, n) => sum + n, 0),
  }));
  const [most] = spans.sort((a, b) => b.errors - a.errors);
  return most === undefined || most.errors === 0 ? {} : { densestErrors: most };
}
