/**
 * The single requests of a merged interval: for each task the slowest of all slices, as in a load of one
 * process.
 */
import type { Interval } from '../metrics/log/schema.ts';
import type { RequestRecord } from '../metrics/log/request-record.ts';
import { SampledUsers } from '../metrics/record/sampled-users.ts';
import { groupedBy } from '../platform/lists.ts';

const maxSampled = 200;

export class MergedRequests {
  /** Each slice has a few sampled users. The whole keeps no more than one slice would. */
  private readonly users = new SampledUsers();

  /** The requests of one interval; undefined if no slice has any. */
  of(intervals: readonly Interval[]): RequestRecord[] | undefined {
    const all = intervals.flatMap(({ requests = [] }) => requests);
    if (all.length === 0) return undefined;
    const inOrder = [...all].sort((a, b) => a.scheduledMs - b.scheduledMs);
    const slowest = firstBy(
      having(inOrder, 'slowest').sort((a, b) => tookMs(b) - tookMs(a)),
      ({ stream = 0, task }) => `${stream} ${task}`,
    );
    const failed = firstBy(
      having(inOrder, 'failed'),
      ({ stream = 0, task, kind = '' }) => `${stream} ${kind} ${task}`,
    );
    const sampled = having(inOrder, 'sampled').filter(({ user = -1, scheduledMs }) =>
      this.users.has({ user, scheduledAtMs: scheduledMs }),
    );
    const reasons = { slowest, failed, sampled: new Set(sampled.slice(0, maxSampled)) };
    return inOrder.flatMap((request) => {
      const why = request.why.filter((reason) => reasons[reason].has(request));
      return why.length === 0 ? [] : [{ ...request, why }];
    });
  }
}

function having(requests: readonly RequestRecord[], reason: RequestRecord['why'][number]) {
  return requests.filter(({ why }) => why.includes(reason));
}

function firstBy(
  requests: readonly RequestRecord[],
  keyOf: (request: RequestRecord) => string,
): Set<RequestRecord> {
  return new Set([...groupedBy(requests, keyOf).values()].map(([first]) => first!));
}

function tookMs({ scheduledMs, endedMs = scheduledMs }: RequestRecord): number {
  return endedMs - scheduledMs;
}
