/**
 * The figures of a load by HTTP method and request name, as Locust has them: requests that several tasks
 * send are added up, and the login of `onStart` has a row. Compared with statistics.ts, which is by task.
 */
import { errorsOf, scheduledOf } from '../../metrics/outcome.ts';
import { judgedMs, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { latencyFigures, type Figure, type LatencyFigures } from './latency-figures.ts';

/** Stands for the method of a request over a protocol without methods, or of an older log. */
export const noMethod = 'request';

export interface RequestRow extends LatencyFigures {
  /** `GET`, `POST`; `request` for protocols without methods. */
  readonly method: string;
  /** Without the method, if the name begins with it. */
  readonly name: string;
  /** Requests of tasks count in the judged phases, those of `onStart` and `onStop` in the whole load. */
  readonly requests: number;
  /** All that did not end ok. */
  readonly failures: number;
  /** Failures that count for the error rate. */
  readonly errors: number;
  readonly averageBytes: Figure;
  readonly requestsPerSecond: Figure;
  readonly failuresPerSecond: Figure;
}

/** A request of the judged load stream, with its series. */
export interface NamedRequest {
  readonly method: string;
  readonly name: string;
  readonly series: readonly SeriesTotal[];
}

/**
 * Users log in and out mostly outside the judged phases, so that these would be missing for no reason
 * that a reader of the row cares for.
 */
const aroundTasks: readonly string[] = ['onStart', 'onStop'];

/** The requests of the judged load stream by method and name, those of `onStart` first. */
export function requestsByMethod(result: Result): NamedRequest[] {
  const all = selectSeries(result, { phases: 'all' }).filter(isAround);
  const judged = selectSeries(result).filter((one) => !isAround(one));
  const series = [...all, ...judged].filter(({ outcomes }) => scheduledOf(outcomes) > 0);
  const methodsOf = new Map(
    [...groupedBy(series, nameOf)].map(([name, own]) => {
      return [name, [...new Set(own.map(methodOf))].filter((method) => method !== '')];
    }),
  );
  const named = groupedBy(series, (one) => {
    const [only, another] = methodsOf.get(nameOf(one))!;
    // A request that was never made has no method of its own.
    const assumed = another === undefined ? only : undefined;
    return JSON.stringify([methodOf(one) || (assumed ?? noMethod), nameOf(one)]);
  });
  return [...named].map(([key, own]) => {
    const [method, name] = JSON.parse(key) as [string, string];
    return { method, name, series: own };
  });
}

/** A row for each request of the judged load stream. */
export function requestRows(result: Result): RequestRow[] {
  const wholeMs = result.timeline.at(-1)?.endMs ?? 0;
  return requestsByMethod(result).map(({ method, name, series }) => {
    const outcomes = outcomesOf(series);
    const requests = scheduledOf(outcomes);
    const failures = requests - (outcomes.ok ?? 0);
    const seconds = (series.every(isAround) ? wholeMs : judgedMs(result)) / 1000;
    return {
      method,
      name,
      requests,
      failures,
      errors: errorsOf(outcomes),
      ...latencyFigures(series, requests),
      averageBytes: sumOf(series, (one) => one.bytesReceived) / requests,
      requestsPerSecond: seconds === 0 ? null : requests / seconds,
      failuresPerSecond: seconds === 0 ? null : failures / seconds,
    };
  });
}

function isAround({ task }: SeriesTotal): boolean {
  return aroundTasks.includes(task);
}

/** Many name a request with its method, since a report by name then tells two methods apart. */
const withMethod = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (?=\S)/;

function methodOf({ method, request }: SeriesTotal): string {
  return method === '' ? (withMethod.exec(request)?.[1] ?? '') : method;
}

function nameOf(series: SeriesTotal): string {
  const [prefix, method] = withMethod.exec(series.request) ?? [];
  return method === methodOf(series) ? series.request.slice(prefix!.length) : series.request;
}
