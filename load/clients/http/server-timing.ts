/**
 * How a request's time was split between services, if its answer says so:
 * `Server-Timing: pool;dur=12.5, search;dur=40`. Each entry is a hop of the request and a metric of the
 * load, such as `hop.pool`, in ms.
 */
import { hopPrefix } from '../../metrics/definitions.ts';
import type { Sample } from '../../metrics/record/sample.ts';

/** How many different hops a load stream keeps. Later ones count as `hop.other`. */
const mostHops = 20;
/** How much of the header is read, since its length is up to the server. */
const longestHeader = 2000;
/** Commas and semicolons may also stand in quoted descriptions. */
const entry = /([!#$%&'*+\-.^_`|~\w]{1,40})((?:\s*;\s*[\w-]+(?:\s*=\s*(?:"[^"]*"|[^;,"\s]*))?)*)/g;
const duration = /;\s*dur\s*=\s*"?(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i;
/** A day: a larger number cannot be in ms. */
const longestMs = 86_400_000;

/** W3C Trace Context: `00-<trace>-<span>-<flags>`. An answer need not have one. */
const traceParent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** The trace id of an answer; `undefined` if its header is not valid. */
export function traceIdOf(header: string): string | undefined {
  return traceParent.exec(header)?.[1];
}

/** The hops of one load stream. */
export class Hops {
  private readonly known = new Map<string, string>();

  /** Adds the header's hops to the sample. It costs nothing without a header. */
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
      // Braces and dots have a meaning in the keys of budgets.
      metric = hopPrefix + name.replaceAll(/[^\w-]/g, '_');
      this.known.set(name, metric);
    }
    return metric;
  }
}
