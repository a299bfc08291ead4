/**
 * Sources that the monitor reads. Start reading here. A source is plain data in a user definition; when
 * opened it remembers its last reading, so that it can report the growth of counters. Each kind of source
 * has a file in this folder; `poller.ts` reads them all while the load runs.
 */
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { reasonOf } from '../platform/words.ts';

/** How a source sends requests to the system: separate from the load, and not counted. */
export interface MonitorHttp {
  /** Resolves with an answer of status 2xx. Rejects with the error. */
  get(path: string, options?: MonitorGet): Promise<MonitorAnswer>;
}

interface MonitorGet {
  /** For an answer that may be large: its body is passed on in pieces and never joined. */
  readonly inPieces?: boolean;
}

export interface MonitorAnswer {
  readonly text: string;
  readonly contentType: string;
  /** The body in pieces, if that was asked for; `text` is then empty. */
  readonly pieces?: readonly Uint8Array[];
}

/** The result of one reading. A figure in none of the three was not read. */
export interface Measured {
  /** Ratios over the span since the last successful reading. */
  readonly ratios?: Readonly<Record<string, Ratio>>;
  readonly gauges?: Readonly<Record<string, number>>;
  /** By figure, or `*` for all: why it is unknown. */
  readonly unknown?: Readonly<Record<string, string>>;
}

export interface OpenSource {
  /** `spanMs`: time since the last successful reading; `undefined` at the first. Must not run for ever. */
  read(spanMs: number | undefined): Promise<Measured>;
}

/**
 * The monitor reads this from the system while a load runs; each figure has a name.
 *
 * @example
 * const queue: MonitorSource = {
 *   name: '/queue',
 *   open: (http) => ({
 *     read: async () => ({ gauges: { queued: Number((await http.get('/queue')).text) } }),
 *   }),
 * };
 * defineUser({ system: 'shop', monitor: queue, tasks });
 */
export interface MonitorSource {
  readonly name: string;
  open(http: MonitorHttp): OpenSource;
}

/** All figures are unknown, for one reason. */
export function nothingKnown(reason: string): Measured {
  return { unknown: { '*': reason } };
}

/** Whether the next span begins with this reading. After a failed reading it begins with the one before. */
export function isUnderstood({ unknown = {} }: Measured): boolean {
  return !Object.hasOwn(unknown, '*');
}

/** A source of figures. `open` returns the reader. If it rejects, all figures are unknown. */
export function sourceOf(
  name: string,
  open: (http: MonitorHttp) => OpenSource['read'],
): MonitorSource {
  return {
    name,
    open: (http) => {
      const read = open(http);
      return {
        read: (spanMs) => read(spanMs).catch((error: unknown) => nothingKnown(reasonOf(error))),
      };
    },
  };
}
