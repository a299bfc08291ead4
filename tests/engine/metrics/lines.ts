/** Lines of an interval log with everything that a line can contain. */
import {
  intervalLogSchema,
  type End,
  type Interval,
  type Plan,
  type SeriesRecord,
} from '../../../load/metrics/log/schema.ts';
import { Histogram, type HistogramData } from '../../../load/metrics/histogram.ts';

export function histogramOf(...values: readonly number[]): HistogramData {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.toData();
}

export function planLine(more: Partial<Plan> = {}): Plan {
  return {
    type: 'plan',
    schema: intervalLogSchema,
    testId: 'api-steady-5-users',
    runId: 'run',
    title: 'holds 5 users',
    system: 'api',
    scenario: 'steady',
    level: '5-users',
    load: 1,
    startedAtEpochMs: 1_767_225_600_000.25,
    seed: 1,
    timeScale: 0.1,
    shortened: true,
    slice: { index: 2, count: 4 },
    intervalMs: 1000,
    target: { url: 'http://localhost:8080', kind: 'reference' },
    flags: ['any certificate accepted'],
    streams: [
      {
        name: 'main',
        judged: true,
        workload: { model: 'closed' },
        describedAs: '5 users',
        thinkTime: '1 s to 2 s',
        session: '50 requests',
        connections: 'perUser',
        phases: [
          { name: 'warm-up', startMs: 0, endMs: 1000, judged: false },
          { name: 'steady state', startMs: 1000, endMs: 9000, judged: true },
        ],
        tasks: [{ name: 'chat', weight: 5, deadlineMs: 15_000, toleratesDegraded: true }],
        metrics: { tokens: { kind: 'counter', unit: 'tokens' } },
      },
    ],
    budgets: [
      {
        key: 'p95',
        limitText: '< 3 s',
        task: 'chat',
        abortOnFail: true,
        delayMs: 500,
        subject: { kind: 'trend', metric: 'responseTime', statistic: 'p95' },
        labels: {},
        dimension: 'time',
        scale: 1,
        op: '<',
        limit: 3000,
      },
    ],
    versions: { loadwright: '0.1.0' },
    machine: { host: 'h', cpu: 'c', cores: 2, memoryBytes: 1e9, platform: 'linux x64' },
    ...more,
  };
}

export function seriesRecord(more: Partial<SeriesRecord> = {}): SeriesRecord {
  return {
    stream: 0,
    task: 'chat',
    request: 'login',
    labels: { model: 'small' },
    phase: 'steady state',
    outcomes: { ok: 3, failed: 1 },
    bytesSent: 10,
    bytesReceived: 20,
    errors: [{ kind: 'status 500', count: 1, firstMs: 1, lastMs: 2, sample: 'oops' }],
    trends: { responseTime: histogramOf(1000, 2000, 3000), service: histogramOf(900, 1900, 2900) },
    counters: { tokens: 17 },
    gauges: { depth: 0.5 },
    rates: { hit: { hits: 1, total: 2 } },
    ...more,
  };
}

export function intervalLine(more: Partial<Interval> = {}): Interval {
  return {
    type: 'interval',
    startMs: 1000,
    endMs: 2000.5,
    phases: ['steady state'],
    users: 5,
    inFlight: 2,
    inFlightPeak: 4,
    oldestMs: 12.5,
    backlog: 1,
    scheduled: 4,
    sent: 4,
    inFlightSamples: { count: 250, sum: 600 },
    busyMs: 6,
    ageMs: 14.5,
    series: [seriesRecord()],
    stalls: [{ startMs: 1100, endMs: 1900, inFlight: 5 }],
    events: [{ atMs: 1500, kind: 'slow', text: 'chat took 900 ms (ok)' }],
    requests: [
      {
        why: ['slowest', 'failed'],
        stream: 1,
        task: 'chat',
        request: 'login',
        user: 3,
        scheduledMs: 1000,
        startedMs: 1000.5,
        endedMs: 1900,
        outcome: 'failed',
        kind: 'status 500',
        detail: 'oops',
        trace: '0af7651916cd43dd8448eb211c80319c',
        labels: { model: 'small' },
        ttftMs: 12,
        tokens: 7,
      },
    ],
    generator: {
      utilisation: 0.2,
      cpu: 0.3,
      rssBytes: 1e8,
      loopDelay: histogramOf(100, 200),
      loopStalls: [{ atMs: 1200, durationMs: 150 }],
      lag: histogramOf(0, 0, 50),
    },
    monitor: { cpu: 0.5 },
    ...more,
  };
}

export function endLine(more: Partial<End> = {}): End {
  return {
    type: 'end',
    atMs: 9000,
    cause: 'completed',
    detail: 'the load ran to its end',
    scheduled: 4,
    sent: 4,
    healthAfter: { ok: true, detail: '200' },
    notes: ['a note'],
    ...more,
  };
}
