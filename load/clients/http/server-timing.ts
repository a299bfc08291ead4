/**
 * Where the time of a request went between services, as far as its answer tells: `Server-Timing: pool;dur=12.5,
 * search;dur=40`. Each entry is a hop of the request and a metric of the load, `hop.pool`, in ms.
 */
import { hopPrefix } from '../../metrics/definitions.ts';
import type { Sample } from '../../metrics/record/sample.ts';

/** So many are kept apart in a load stream: what comes later is one more, `hop.other`. */
const mostHops = 20;
/** What another side sends is read so far. */
const longestHeader = 2000;
/** Commas and semicolons stand in quoted descriptions, too. */
const entry = /([!#$%&'*+\-.^_`|~\w]{1,40})((?:\s*;\s*[\w-]+(?:\s*=\s*(?:"[^"]*"|[^;,"\s]*))?)*)/g;
const duration = /;\s*dur\s*=\s*"?(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i;
/** A day: above it the number is none of ms. */
const longestMs = 86_400_000;

/** W3C Trace Context: `00-<trace>-<span>-<flags>`. An answer need not have one. */
const traceParent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** The trace that an answer belongs to; `undefined` where its header is none. */
export function traceIdOf(header: string): string | undefined {
  return traceParent.exec(header)?.[1];
}

/** The hops of one load stream. */
export class Hops {
  private readonly known = new Map<string, string>();

  /** Adds what the answer's header tells to its sample; costs nothing where there is none. */
  addTo(sample: Sample, header: string | undefined): void {
    if (header === undefined) return;
    for (const [, name = '', terms = ''] of header.slice(0, longestHeader).matchAll(entry)) {
      const ms = Number(duration.exec(terms)?.[1] ?? NaN);
      if (ms >= 0 && ms <= longestMs) sample.addHop(this.metricOf(name), ms);
    }
  }

  private metricOf(name: string): string {
    let metric = this.known.get(name);
    if (metric === undefined) {
      if (this.known.size >= mostHops) return `${hopPrefix}other`;
      // Braces and dots mean something in the key of a budget.
      metric = hopPrefix + name.replaceAll(/[^\w-]/g, '_');
      this.known.set(name, metric);
    }
    return metric;
  }
}
