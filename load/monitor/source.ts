/**
 * Where the monitor reads. Start reading here: a source is plain data in a user definition; opened, it
 * remembers its last reading, so that counters can be told as what they gained. The folder has a file for
 * each kind of source; `poller.ts` reads them all while the load runs.
 */
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { reasonOf } from '../platform/words.ts';

/** How a source asks the system: apart from the load, and counted nowhere. */
export interface MonitorHttp {
  /** Resolves with an answer of status 2xx; rejects with what was wrong. */
  get(path: string, options?: MonitorGet): Promise<MonitorAnswer>;
}

interface MonitorGet {
  /** For an answer that may be large: it is given as it came in, and never made one. */
  readonly inPieces?: boolean;
}

export interface MonitorAnswer {
  readonly text: string;
  readonly contentType: string;
  /** The body as it came in, where that was asked for; `text` is empty then. */
  readonly pieces?: readonly Uint8Array[];
}

/** What one reading tells; a figure in none of the three was not looked for. */
export interface Measured {
  /** These cover the span since the last reading that told something. */
  readonly ratios?: Readonly<Record<string, Ratio>>;
  readonly gauges?: Readonly<Record<string, number>>;
  /** By figure, or `*` for all: why it is not known. */
  readonly unknown?: Readonly<Record<string, string>>;
}

export interface OpenSource {
  /** `spanMs`: since the last reading that told something; `undefined` at the first. Must end by itself. */
  read(spanMs: number | undefined): Promise<Measured>;
}

/**
 * What the monitor reads of the system while a load runs; each figure has a name.
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

/** Nothing is known, for one reason. */
export function nothingKnown(reason: string): Measured {
  return { unknown: { '*': reason } };
}

/** Whether the next span begins here: a reading that failed leaves the one before as its start. */
export function isUnderstood({ unknown = {} }: Measured): boolean {
  return !Object.hasOwn(unknown, '*');
}

/** A source of figures. `open` gives what reads them; where that rejects nothing is known. */
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
