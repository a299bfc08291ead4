/** Measures how long writing an interval blocks the event loop, without sockets. */
import { rmSync } from 'node:fs';
import { systemClock, type Clock } from '../../load/platform/clock.ts';
import type { ClosedInterval } from '../../load/metrics/record/recorder.ts';
import type { Interval } from '../../load/metrics/log/schema.ts';
import { IntervalWriter } from '../../load/metrics/log/writer.ts';
import { LogFile } from '../../load/metrics/log/log-file.ts';
import { Recorder } from '../../load/metrics/record/recorder.ts';
import { ResultFold, type Plan } from '../../load/metrics/result/result.ts';
import { drawKey, purpose, uniform } from '../../load/platform/random.ts';
import { users } from '../../load/workload/users.ts';
import { composePlan } from '../../load/run/plan.ts';
import { wholeLoad } from '../../load/workload/slice.ts';
import { askingUser } from './real-load.ts';

export interface Setting {
  readonly rounds: number;
  /** Samples in one interval. */
  readonly samples: number;
  readonly tasks: number;
  readonly logPath: string;
}

/** Per round, in ms. */
export interface Writing {
  /** The longest time between two turns of the event loop, from the border of the interval on. */
  readonly longestMs: readonly number[];
  /** Closing the interval. */
  readonly cutMs: readonly number[];
  /** The same interval encoded and folded in one step. */
  readonly atOnceMs: readonly number[];
  readonly pieces: number;
  /** The length of a line. */
  readonly lineBytes: number;
  /** The length of the single requests in a line. */
  readonly requestBytes: number;
}

/** The system's clock, which records how long the code between two of its turns took. */
class WatchedClock implements Clock {
  private readonly inner = systemClock();
  private resumedMs = 0;
  stretchesMs: number[] = [];
  /** The time on the caller's clock. The samples' times are set, not waited for. */
  nowMs = 0;
  readonly epochMs = 0;
  readonly fired = 0;
  at = this.inner.at.bind(this.inner);
  promptly = this.inner.promptly.bind(this.inner);
  close = this.inner.close.bind(this.inner);
  cancel = this.inner.cancel.bind(this.inner);
  afterTurn = this.inner.afterTurn.bind(this.inner);
  until = this.inner.until.bind(this.inner);

  now(): number {
    return this.nowMs;
  }

  begin(): void {
    this.stretchesMs = [];
    this.resumedMs = performance.now();
  }

  end(): void {
    this.stretchesMs.push(performance.now() - this.resumedMs);
  }

  async turn(): Promise<void> {
    this.end();
    await this.inner.turn();
    this.resumedMs = performance.now();
  }
}

const key = drawKey(1, 'interval writing');
const latencyDraw = purpose('latency');

/**
 * Between 1 ms and 1 s, evenly spread in the logarithm, which gives more than a thousand buckets per
 * histogram.
 */
function latencyMs(index: number, n: number): number {
  return 1000 ** uniform(key, index, latencyDraw, n);
}

function fill(
  recorder: Recorder,
  clock: WatchedClock,
  round: number,
  setting: Setting,
): ClosedInterval {
  const startMs = clock.nowMs;
  for (let i = 0; i < setting.samples; i++) {
    const task = `task ${i % setting.tasks}`;
    const scheduledAtMs = startMs + (i * 1000) / setting.samples;
    const sample = recorder.schedule(recorder.ref(0, task, task), scheduledAtMs, scheduledAtMs);
    // More requests of sampled users than a line contains.
    sample.user = i % 100;
    clock.nowMs = scheduledAtMs + latencyMs(round, 2 * i) / 100;
    recorder.start(sample);
    clock.nowMs += latencyMs(round, 2 * i + 1);
    recorder.finish(sample);
    sample.judge('ok');
    recorder.commit(sample);
  }
  clock.nowMs = startMs + 1000;
  return recorder.closeInterval(clock.nowMs, false);
}

function intervalOf(cut: ClosedInterval, endMs: number): Omit<Interval, 'series'> {
  return {
    type: 'interval',
    startMs: endMs - 1000,
    endMs,
    phases: ['steady state'],
    users: 1000,
    backlog: 0,
    ...cut.counts,
    stalls: [...cut.stalls],
    events: [...cut.events],
    requests: [...cut.requests],
    generator: {
      utilisation: 0.5,
      cpu: 0.5,
      rssBytes: 1e8,
      loopStalls: [],
      loopDelay: cut.lag.toData(),
      lag: cut.lag.toData(),
    },
  };
}

function planOf(): Plan {
  const workload = users({ count: 10, spawnRate: 1e6, duration: '1h' });
  const stream = { name: 'users', user: askingUser(), workload, judged: true };
  const identity = { testId: 't', runId: 'r', title: 't', system: 's', scenario: 's', level: 'l' };
  return composePlan(
    {
      identity,
      streams: [stream],
      budgets: [],
      seed: 1,
      slice: wholeLoad,
      timeScale: 1,
      shortened: false,
      flags: [],
      target: { url: 'http://localhost', kind: 'given' },
    },
    0,
    1000,
  );
}

export async function measureWriting(setting: Setting): Promise<Writing> {
  const clock = new WatchedClock();
  const plan = planOf();
  const { phases } = plan.streams[0]!;
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 50, slowMs: undefined }]);
  const writer = new IntervalWriter(clock, plan, new LogFile(setting.logPath));
  const atOnce = new ResultFold(plan);
  const longestMs: number[] = [];
  const cutMs: number[] = [];
  const atOnceMs: number[] = [];
  let pieces = 0;
  let requestBytes = 0;
  for (let round = 0; round < setting.rounds; round++) {
    const cut = fill(recorder, clock, round, setting);
    clock.begin();
    const interval = intervalOf(cut, clock.nowMs);
    clock.end();
    cutMs.push(clock.stretchesMs[0]!);
    clock.begin();
    const done = writer.write(interval, cut.buffers).then(() => {
      clock.end();
    });
    await done;
    longestMs.push(Math.max(...clock.stretchesMs));
    pieces = clock.stretchesMs.length;
    requestBytes = JSON.stringify(interval.requests).length;
    clock.begin();
    const series = cut.buffers.map((buffer) => buffer.toRecord());
    Buffer.from(JSON.stringify({ ...interval, series }));
    atOnce.addInterval({ ...interval, series });
    clock.end();
    atOnceMs.push(clock.stretchesMs[0]!);
  }
  rmSync(setting.logPath);
  const lineBytes = Math.round(writer.bytes / setting.rounds);
  return { longestMs, cutMs, atOnceMs, pieces, lineBytes, requestBytes };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
