/**
 * Reads the sources while the load runs: at its start, every few seconds, at the borders of phases (so
 * that no reading mixes two phases) and at its end.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import type { Reading } from '../metrics/log/monitor-reading.ts';
import { defined } from '../platform/defined.ts';
import { reasonOf } from '../platform/words.ts';
import {
  isUnderstood,
  nothingKnown,
  type Measured,
  type MonitorHttp,
  type MonitorSource,
  type OpenSource,
} from './source.ts';

interface PollerOptions {
  readonly clock: Clock;
  readonly http: MonitorHttp;
  readonly sources: readonly MonitorSource[];
  /** Borders of phases, in ms since the start of the load. */
  readonly bordersMs: readonly number[];
  readonly everyMs: number;
}

interface Watched {
  readonly name: string;
  readonly source: OpenSource;
  /** When it was last read successfully. */
  lastMs: number | undefined;
  /** Figure, or `*` for all → why it was unknown, and how often. */
  readonly gaps: Map<string, { reason: string; count: number }>;
}

export class Poller {
  private readonly options: PollerOptions;
  private readonly watched: readonly Watched[];
  private readings: Reading[] = [];
  private count = 0;
  private timer: Timer | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private isResting = false;
  /** Readings that are running or waiting. */
  private pending = 0;

  constructor(options: PollerOptions) {
    this.options = options;
    this.watched = options.sources.map((source) => ({
      name: source.name,
      source: source.open(options.http),
      lastMs: undefined,
      gaps: new Map(),
    }));
  }

  start(): void {
    this.readAll();
    this.arm();
  }

  /**
   * The load is over: reads once more, and from now on only when asked. Resolves when all has been read.
   * Further calls wait for the same.
   */
  rest(): Promise<void> {
    if (!this.isResting) {
      this.isResting = true;
      if (this.timer !== undefined) this.options.clock.cancel(this.timer);
      this.readAll();
    }
    return this.last.then(() => undefined);
  }

  /** Reads once more, after the drain, and resolves when all has been read. */
  async stop(): Promise<void> {
    await this.rest();
    this.readAll();
    await this.last;
  }

  /** Reads now, for callers with their own schedule. */
  read(): Promise<void> {
    this.readAll();
    return this.last.then(() => undefined);
  }

  /** The readings since the last call. */
  take(): readonly Reading[] {
    const { readings } = this;
    this.readings = [];
    return readings;
  }

  /** Lists the figures that could not be read, for the end of the log. */
  notes(): string[] {
    return this.watched.flatMap(({ name, gaps }) =>
      [...gaps].map(([figure, { reason, count }]) => {
        const what = figure === '*' ? name : `${figure} in ${name}`;
        return `monitor: ${what} was unknown in ${count} of ${this.count} readings: ${reason}`;
      }),
    );
  }

  private arm(): void {
    const { clock, bordersMs, everyMs } = this.options;
    const nowMs = clock.now();
    const regular = (Math.floor(Math.max(0, nowMs) / everyMs + 1e-6) + 1) * everyMs;
    const next = Math.min(regular, ...bordersMs.filter((border) => border > nowMs));
    this.timer = clock.at(next, () => {
      this.readAll();
      this.arm();
    });
  }

  /**
   * Readings do not overlap; a slow answer delays the next reading. At most one waits, so that a slow
   * source does not build a queue.
   */
  private readAll(): void {
    if (this.pending >= 2) return;
    this.pending += 1;
    this.last = this.last.then(async () => {
      this.count += 1;
      await Promise.all(this.watched.map((watched) => this.readOne(watched)));
      this.pending -= 1;
    });
  }

  private async readOne(watched: Watched): Promise<void> {
    const { clock } = this.options;
    const { name, source, lastMs } = watched;
    const askedMs = clock.now();
    const spanMs = lastMs === undefined ? undefined : askedMs - lastMs;
    const measured = await source
      .read(spanMs)
      .catch((error: unknown) => nothingKnown(reasonOf(error)));
    count(watched.gaps, measured);
    if (isUnderstood(measured)) watched.lastMs = askedMs;
    if (Object.keys(measured).length === 0) return;
    const { ratios, gauges, unknown } = measured;
    const span = { source: name, fromMs: lastMs ?? askedMs, toMs: askedMs };
    // Copied, since the source may go on using its own object.
    this.readings.push(structuredClone(defined({ ...span, ratios, gauges, unknown })));
  }
}

function count(gaps: Watched['gaps'], { unknown = {} }: Measured): void {
  for (const [figure, reason] of Object.entries(unknown)) {
    gaps.set(figure, { reason, count: (gaps.get(figure)?.count ?? 0) + 1 });
  }
}
