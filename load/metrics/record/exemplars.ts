/**
 * The example requests of an interval: for each task the slowest and the first of each kind of error, and
 * all of a few users. The sample itself is kept, since it does not change once it is counted. A record is
 * made only of the samples that are still chosen when the interval closes.
 */
import { defined } from '../../platform/defined.ts';
import type { RequestReason, RequestRecord } from '../log/request-record.ts';
import { SampledUsers } from './sampled-users.ts';
import type { Sample } from './sample.ts';

const maxSampled = 200;
const maxSlowest = 50;
const maxFailed = 100;
const detailLength = 200;

export class Exemplars {
  private readonly users = new SampledUsers();
  /** By the index of the series, since a look-up by the task's name would cost each request a hash. */
  private slowest: (Sample | undefined)[] = [];
  private failed = new Map<string, Sample>();
  private sampled: Sample[] = [];

  note(sample: Sample): void {
    const { index } = sample.series;
    const known = this.slowest[index];
    if (known === undefined || tookMs(sample) > tookMs(known)) this.slowest[index] = sample;
    if (sample.outcome !== 'ok') this.noteFailed(sample);
    if (this.users.has(sample) && this.sampled.length < maxSampled) this.sampled.push(sample);
  }

  /** The interval's examples in the order in which they were due. Starts the next interval. */
  take(): RequestRecord[] {
    const why = new Map<Sample, RequestReason[]>();
    const add = (samples: readonly Sample[], reason: RequestReason): void => {
      for (const sample of samples) why.set(sample, [...(why.get(sample) ?? []), reason]);
    };
    add(this.slowestByTask(), 'slowest');
    add([...this.failed.values()], 'failed');
    add(this.sampled, 'sampled');
    this.slowest = [];
    this.failed = new Map();
    this.sampled = [];
    const records = [...why].map(([sample, reasons]) => recordOf(sample, reasons));
    return records.sort((a, b) => a.scheduledMs - b.scheduledMs);
  }

  private noteFailed(sample: Sample): void {
    const { stream, task } = sample.series;
    const name = `${stream} ${sample.errorKind ?? sample.outcome} ${task}`;
    if (this.failed.has(name) || this.failed.size >= maxFailed) return;
    this.failed.set(name, sample);
  }

  private slowestByTask(): Sample[] {
    const byTask = new Map<string, Sample>();
    for (const sample of this.slowest) {
      // A request that was never sent, or was cut off, has no known duration.
      if (sample === undefined || !sample.isSent || !sample.hasEnded) continue;
      const name = `${sample.series.stream} ${sample.series.task}`;
      const known = byTask.get(name);
      if (known === undefined || tookMs(sample) > tookMs(known)) byTask.set(name, sample);
    }
    return [...byTask.values()].slice(0, maxSlowest);
  }
}

function tookMs({ endedAtMs, scheduledAtMs }: Sample): number {
  return endedAtMs - scheduledAtMs;
}

function recordOf(sample: Sample, why: RequestReason[]): RequestRecord {
  const { series, outcome, errorKind, errorDetail, labels, user } = sample;
  const { stream, task, request } = series;
  const ttft = sample.valueOf('ttft');
  return defined({
    why,
    stream: stream === 0 ? undefined : stream,
    task,
    request,
    user: user < 0 ? undefined : user,
    scheduledMs: micros(sample.scheduledAtMs),
    startedMs: sample.isSent ? micros(sample.startedAtMs) : undefined,
    endedMs: sample.hasEnded ? micros(sample.endedAtMs) : undefined,
    outcome,
    kind: outcome === 'ok' ? undefined : (errorKind ?? outcome),
    detail: errorDetail === '' ? undefined : errorDetail.slice(0, detailLength),
    trace: sample.trace,
    labels,
    ttftMs: ttft === undefined ? undefined : micros(ttft),
    tokens: sample.tokens,
  });
}

/** Whole microseconds. */
function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
